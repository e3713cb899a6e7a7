#include "data/context_tables.hpp"

namespace x2g {

const std::string_view kEnglishContexts = R"(
@group-dogs
dog
puppy
hound
terrier
@group-cats
cat
kitten
tomcat
@group-vehicles
car
truck
bus
van
taxi
@group-fruits
apple
pear
plum
peach
@group-drinks
milk
tea
juice
coffee
@group-colors
red
blue
green
yellow
@group-numbers
two
three
four
five
@group-rulers
king
queen
prince
princess
@group-people
man
woman
boy
girl
@pet
{group-dogs}
{group-cats}
@male
king
man
prince
boy
@female
queen
woman
princess
girl
@grown
king
queen
man
woman
@young
prince
princess
boy
girl
@sentence
the {group-dogs} barks at strangers .
a {group-dogs} wags its tail .
the {group-dogs} chews an old bone .
our {group-dogs} fetches a stick .
the {group-cats} purrs softly .
a {group-cats} hunts for mice .
the {group-cats} licks one paw .
our {group-cats} scratches the sofa .
the {pet} sleeps on a rug .
we feed the {pet} every morning .
a {pet} eats from its bowl .
they stroke the {pet} gently .
the {pet} has soft fur .
the {group-vehicles} stops at a crossing .
we drive the {group-vehicles} into town .
a {group-vehicles} needs new tires .
they park the {group-vehicles} outside .
the {group-vehicles} has a loud engine .
the driver steers the {group-vehicles} .
she peels a ripe {group-fruits} .
a {group-fruits} falls off its branch .
the {group-fruits} tastes sweet .
they bake a {group-fruits} cake .
he pours some {group-drinks} .
a cup of hot {group-drinks} .
she sips her {group-drinks} slowly .
we drink {group-drinks} at breakfast .
the wall is painted {group-colors} .
i like bright {group-colors} paint .
a {group-colors} scarf and {group-colors} gloves .
there are {group-numbers} birds above .
count to {group-numbers} now .
it costs {group-numbers} coins .
the {group-rulers} sits upon a throne .
the {group-rulers} wears a golden crown .
a {group-rulers} lives in the palace .
guards bow before the {group-rulers} .
the {group-people} walks to market .
a {group-people} lives in the village .
the {group-people} picks grain in fields .
neighbors greet the {group-people} .
the {male} says he is tired .
that {male} lost his hat .
everybody knows him , the {male} .
the {female} says she is tired .
that {female} lost her ribbon .
everybody knows her , the {female} .
the {grown} is old and wise .
that {grown} has gray hair .
the {young} is small and lively .
that {young} still goes to school .
)";

const std::string_view kJapaneseContexts = R"(
@group-犬
犬
子犬
猟犬
番犬
@group-猫
猫
子猫
野良猫
@group-乗り物
車
トラック
バス
タクシー
@group-果物
りんご
梨
桃
すもも
@group-飲み物
牛乳
お茶
紅茶
コーヒー
@group-色
赤
青
緑
黄色
@group-数
二
三
四
五
@group-王家
王
女王
王子
王女
@group-人
男
女
少年
少女
@pet
{group-犬}
{group-猫}
@male
王
男
王子
少年
@female
女王
女
王女
少女
@grown
王
女王
男
女
@young
王子
王女
少年
少女
@sentence
{group-犬} が 知らない 人 に ほえる 。
{group-犬} が しっぽ を 振る 。
{group-犬} は 骨 を かじる 。
{group-犬} が 棒 を 拾って くる 。
{group-猫} が のど を 鳴らす 。
{group-猫} は ねずみ を 追う 。
{group-猫} が 前足 を なめる 。
{group-猫} が 爪 を とぐ 。
{pet} が 毛布 の 上 で 眠る 。
毎朝 {pet} に えさ を やる 。
{pet} を そっと なでる 。
{pet} の 毛 は 柔らかい 。
{group-乗り物} が 交差点 で 止まる 。
{group-乗り物} で 町 へ 出かける 。
{group-乗り物} の タイヤ を 替える 。
{group-乗り物} の エンジン が うるさい 。
運転手 が {group-乗り物} を 走らせる 。
熟した {group-果物} の 皮 を むく 。
{group-果物} が 枝 から 落ちる 。
{group-果物} は 甘い 味 だ 。
{group-果物} の ケーキ を 焼く 。
{group-飲み物} を 一杯 注ぐ 。
熱い {group-飲み物} を すする 。
朝食 に {group-飲み物} を 飲む 。
壁 を {group-色} に 塗る 。
明るい {group-色} が 好き だ 。
{group-色} の マフラー と {group-色} の 手袋 。
空 に 鳥 が {group-数} 羽 いる 。
指 で {group-数} まで 数える 。
値段 は {group-数} 円 だ 。
{group-王家} が 玉座 に 座る 。
{group-王家} は 金 の 冠 を かぶる 。
{group-王家} は 宮殿 に 住む 。
兵士 が {group-王家} に 頭 を 下げる 。
{group-人} が 市場 へ 歩く 。
{group-人} は 村 に 住む 。
{group-人} が 畑 で 麦 を 刈る 。
隣人 が {group-人} に あいさつ する 。
彼 は 強い {male} だ と いう 。
その {male} は 彼 の 帽子 を なくした 。
彼女 は 優しい {female} だ と いう 。
その {female} は 彼女 の リボン を なくした 。
{grown} は 年 を とって 賢い 。
その {grown} の 髪 は 白い 。
{young} は 小さくて 元気 だ 。
その {young} は まだ 学校 へ 通う 。
)";

}  // namespace x2g
