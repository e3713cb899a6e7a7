// English stories, as a table: who, where, and seven plots. grammar.hpp says how to read it.
// Kept regular on purpose: a small model should reach readable sentences within a few hundred steps.
#include "data/story_tables.hpp"

namespace x2g {

const std::string_view kEnglishStories = R"(
# ---- who, where, when: chosen once for a story
@hero = hero / he / him / his / child
Mia / she / her / her / girl
Tom / he / him / his / boy
Lily / she / her / her / girl
Ben / he / him / his / boy
Anna / she / her / her / girl
Sam / he / him / his / boy
Ella / she / her / her / girl
Max / he / him / his / boy
Nora / she / her / her / girl
Leo / he / him / his / boy
Rosa / she / her / her / girl
Finn / he / him / his / boy
Emma / she / her / her / girl
Omar / he / him / his / boy
Mei / she / her / her / girl
Kofi / he / him / his / boy
Lina / she / her / her / girl
Hugo / he / him / his / boy

@friend = friend / a_friend
fox / a little fox
rabbit / a white rabbit
squirrel / a quick squirrel
turtle / an old turtle
duck / a yellow duck
frog / a green frog
owl / a wise owl
mouse / a tiny mouse
cat / a gray cat
dog / a brown dog
hedgehog / a shy hedgehog
goat / a funny goat
bear / a big bear
lamb / a soft lamb
pony / a small pony
crow / a black crow

@place = place / at_place / landmark
the forest / in the forest / a tall tree
the river / by the river / a flat stone
the park / in the park / a long bench
the garden / in the garden / a rose bush
the hill / on the hill / an old gate
the farm / at the farm / a red barn
the lake / by the lake / a small boat
the beach / at the beach / a round rock
the village / in the village / an old well
the market / at the market / a fruit stand
the meadow / in the meadow / a fallen log
the mill / by the mill / a stone wall

@weather = weather / sky
sunny / The sky was blue and the sun was warm.
windy / The wind was singing in the leaves.
cloudy / Soft gray clouds moved across the sky.
rainy / Small drops of rain fell on the grass.
misty / A thin mist lay over the grass.
cool / The air was fresh and clean.
warm / The air smelled of flowers.
bright / Birds were singing everywhere.
quiet / Not a single leaf moved.

@part = part
morning
day
afternoon
evening

@food = a_food / food
a sweet apple / apple
a ripe pear / pear
a warm pie / pie
a big cookie / cookie
a piece of cake / cake
a loaf of bread / bread
a jar of honey / honey
a slice of melon / melon
a crisp carrot / carrot
a bowl of rice / rice

@kind
little
kind
brave
cheerful
clever
curious

@opening
One {weather} {part}, {hero} went to {place}.
One {weather} {part}, a {kind} {child} named {hero} went to {place}.
Once upon a time, there was a {kind} {child} named {hero}. One {weather} {part}, {he} went to {place}.
It was a {weather} {part}. {hero} was playing {at_place}.
{hero} was a {kind} {child} who lived near {place}. One {weather} {part}, {he} went out to play.
On a {weather} {part}, {hero} was walking {at_place}.

@scene
{sky}
{sky}
-

@meet
Just then, {a_friend} came by.
{A_friend} saw {him} and came closer.
Then {he} saw {a_friend} near {landmark}.
{A_friend} was sitting next to {landmark}.

@thanks
"Thank you so much!" said {hero}.
"You are a good friend," said {hero}.
{hero} hugged the {friend} and laughed.
{hero} was so happy that {he} danced.

@treat
They shared {a_food} and talked for a long time.
Then {hero} gave the {friend} {a_food}.
-

@end
From that {part} on, {hero} and the {friend} were best friends.
They played together until it was dark.
{hero} went home with a big smile.
That night, {hero} dreamed of the {friend}.
After that, they met {at_place} every {part}.
{hero} never forgot that {part}.

# ---- plot 1: something is lost and found
@toy = a_toy / toy
a red ball / ball
a blue kite / kite
a yellow boat / boat
a little drum / drum
a silver bell / bell
a wooden train / train
a shiny coin / coin
a golden key / key
a green hat / hat
a striped scarf / scarf
a paper star / star
a new book / book

@has
{He} had {a_toy} with {him}, and {he} loved it very much.
{His} grandmother had given {him} {a_toy}.
{He} always carried {a_toy} in {his} bag.
In {his} hand {he} held {a_toy}.

@gone
But when {he} stopped to rest, the {toy} was gone!
Then {he} looked around, and the {toy} was not there.
Suddenly {he} could not find the {toy} anywhere.

@first_spot
under a bush
in the tall grass
in {his} bag
along the path

@second_spot
behind {landmark}
beside the road
between the stones
under the leaves

@search
{He} looked {first_spot} and {second_spot}, but it was not there.
{He} looked {first_spot}. Then {he} looked {second_spot}.
"Where is my {toy}?" cried {hero}.
"Oh no, my {toy}!" said {hero}.

@offer
"Do not cry," said the {friend}. "I will help you."
"What is wrong?" asked the {friend}. "I lost my {toy}," said {hero}.
"Let us look together," said the {friend}.

@found
They looked together, and soon the {friend} found the {toy} {second_spot}.
"Look over there!" said the {friend}. The {toy} was lying {second_spot}.
The {friend} ran ahead and came back with the {toy}.

@lost_plot
{has} {gone} {search} {meet} {offer} {found} {thanks} {treat}

# ---- plot 2: an animal needs help
@trouble = trouble / cure / after
had a thorn in its foot / took the thorn out very gently / could walk again
was stuck in a deep hole / pulled it out with a long rope / was safe
was cold and wet / wrapped it in a warm blanket / was warm again
was very hungry / gave it {a_food} / was full and happy
could not find its way home / walked home with it / was home again
was crying all alone / sat down and sang it a song / smiled again
was caught in an old net / opened the net with care / was free
had hurt its leg / tied a clean cloth around it / could run again

@sees
There {he} saw {a_friend} that {trouble}.
Near {landmark}, {he} found {a_friend}. It {trouble}.
{A_friend} was lying next to {landmark}. It {trouble}.

@begs
"Please help me," said the {friend}.
"What can I do?" asked the {friend}.
The {friend} looked at {him} with sad eyes.

@pity
{hero} felt sorry for the {friend}.
"Do not worry," said {hero}. "I am here."
{hero} thought for a moment.

@helps
Then {he} {cure}.
So {he} {cure}.
With great care, {he} {cure}.

@better
Soon the {friend} {after}.
After a while, the {friend} {after}.

@reward = reward
a red berry
a white feather
a pretty shell
a yellow flower

@praise
"You are very kind," said the {friend}.
"I will never forget this," said the {friend}.
The next {part}, the {friend} brought {him} {reward}.

@help_plot
{sees} {begs} {pity} {helps} {better} {praise}

# ---- plot 3: something is hard to learn
@skill = skill / fail / done
ride a bike / {he} fell into the grass / rode all around {place}
fly a kite / the kite fell down / made the kite fly high
whistle / no sound came out / whistled a happy tune
sing a song / {he} forgot the words / sang the whole song
draw a horse / it looked like a potato / drew a fine horse
climb a tree / {he} slid down again / reached the top
bake bread / the bread was black / baked soft, golden bread
jump rope / {he} tripped over the rope / jumped ten times
play the flute / it only squeaked / played a sweet song
build a tower / the tower fell down / built a tall tower

@wants
{hero} wanted to learn to {skill}.
More than anything, {hero} wanted to {skill}.
{He} wanted to {skill}, but {he} did not know how.

@tries
{He} tried once, but {fail}.
The first time, {fail}.

@gives_up
"It is too hard," said {hero}.
"I will never do it," said {hero}.
{He} sat down and wanted to cry.

@advice
"Try again," said the {friend}. "Go slowly."
"Nobody can do it the first time," said the {friend}.
"I fell many times too," said the {friend}.

@practice
{hero} tried again and again.
So {hero} practiced all {part}.

@can
At last {he} {done}!
Then, all at once, {he} {done}.

@joy
"I did it!" shouted {hero}.
The {friend} clapped and cheered.
{thanks}

@learn_plot
{wants} {tries} {gives_up} {meet} {advice} {practice} {can} {joy}

# ---- plot 4: sharing
@lunch
{He} had {a_food} for lunch.
{His} mother had given {him} {a_food}.
{He} was hungry and took out {a_food}.

@asks
"May I have some?" asked the {friend}.
"That looks good," said the {friend}.
The {friend} looked at the {food} with big eyes.

@refuses
"No, it is mine," said {hero}.
But {hero} wanted to eat it all alone.

@sad
The {friend} looked at the ground and went away.
The {friend} said nothing and sat down.

@sorry
Then {hero} felt bad.
But the {food} did not taste good any more.
{hero} thought about it for a while.

@shares
"Wait!" said {hero}. {He} gave half of the {food} to the {friend}.
So {he} gave the {friend} half of the {food}.

@together
They ate together and laughed.
It tasted much better that way.
"Now we are both happy," said the {friend}.

@share_plot
{lunch} {meet} {asks} {refuses} {sad} {sorry} {shares} {together}

# ---- plot 5: a strange sound
@noise
a strange sound
a soft knock
a loud crack
a deep voice

@hears
Suddenly {he} heard {noise} behind {landmark}.
Then there was {noise} behind {landmark}.

@fear
"Who is there?" asked {hero}.
{hero} was afraid and wanted to run.
{His} heart was beating fast.

@courage
But {he} took one step, and then one more.
But {hero} was brave and went to look.

@only
It was only {a_friend}!
There sat {a_friend} and smiled.

@doing
singing a song
looking for nuts
digging a hole
learning to dance
building a house

@excuse
"I am sorry," said the {friend}. "I was only {doing}."
"I was just {doing}," said the {friend}.

@laughs
They both laughed.
{hero} laughed and was not afraid any more.

@game
"Will you play with me?" asked {hero}.
"Do you want some {food}?" asked {hero}.
-

@sound_plot
{hears} {fear} {courage} {only} {excuse} {laughs} {game}

# ---- plot 6: a present
@family = family / she_smiles
mother / she smiled
father / he smiled
grandmother / she smiled
grandfather / he smiled
sister / she smiled
brother / he smiled

@present = a_present / present
a crown of flowers / crown
a birthday cake / cake
a long letter / letter
a big picture / picture
a paper lantern / lantern
a wooden bird / bird

@plan
It was the birthday of {his} {family}, and {hero} was making {a_present}.
{hero} wanted to make {a_present} for {his} {family}.

@mishap
But then the {present} fell into the mud.
But the {present} broke in two.
But the wind carried the {present} away.

@cries
"All my work is gone," said {hero}.
{hero} sat down and cried.

@repair
"We can make a new one," said the {friend}.
"I know what to do," said the {friend}. They made a new one.
So the {friend} helped {him} to make a new one.

@finer
It was even better than the first.
They worked until it was ready.

@gives
When {his} {family} saw the {present}, {she_smiles}.
"This is the best {present} of all," said {his} {family}.

@present_plot
{plan} {mishap} {cries} {meet} {repair} {finer} {gives}

# ---- plot 7: a way to go
@wonder = wonder
a rainbow
the white deer
the great waterfall
the golden fish
the oldest tree
the hidden cave
the singing stone

@longing
{hero} had never seen {wonder}.
All {his} life, {hero} had wanted to see {wonder}.

@guide
"I know the way," said the {friend}. "Come with me."
"Follow me," said the {friend}. "It is not far."

@crossing
They crossed a narrow bridge and a cold stream.
They went through a dark tunnel and over three hills.
They walked past {landmark} and through the tall grass.

@tired
{hero} was tired, but {he} did not stop.
"Are we there yet?" asked {hero}. "Almost," said the {friend}.
-

@arrival
At last they saw {wonder}.
And there it was: {wonder}!

@awe
"How beautiful!" said {hero}.
{hero} could not say a word.
{thanks}

@journey_plot
{longing} {meet} {guide} {crossing} {tired} {arrival} {awe} {treat}

@plot
{lost_plot}
{help_plot}
{learn_plot}
{share_plot}
{sound_plot}
{present_plot}
{journey_plot}

@story
{opening} {scene} {plot} {end}
)";

}  // namespace x2g
