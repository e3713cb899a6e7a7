// Japanese stories, as a table: who, where, and seven plots. grammar.hpp says how to read it.
// Few kinds of kanji on purpose (about 300 characters in all): a small model must meet each of them often.
#include "data/story_tables.hpp"

namespace x2g {

const std::string_view kJapaneseStories = R"(
# ---- だれが、どこで、いつ：1つの話の間は変わらない
@hero = hero / child
ハナちゃん / 女の子
ケンくん / 男の子
ユキちゃん / 女の子
リクくん / 男の子
ミオちゃん / 女の子
ソラくん / 男の子
サキちゃん / 女の子
タロウくん / 男の子
モモちゃん / 女の子
レンくん / 男の子
ナナちゃん / 女の子
ダイくん / 男の子

@friend = friend / a_friend
きつね / 小さなきつね
たぬき / 丸いたぬき
うさぎ / 白いうさぎ
りす / かわいいりす
かめ / 年をとったかめ
かえる / 青いかえる
ねこ / 黒いねこ
いぬ / 茶色のいぬ
くま / 大きなくま
さる / 元気なさる
ねずみ / 小さなねずみ
あひる / 白いあひる
ことり / 青いことり
ふくろう / 茶色のふくろう

@place = place / landmark
森 / 大きな木
川 / 丸い石
公園 / 長いベンチ
山 / 古い小屋
海 / 白い岩
畑 / わらの山
野原 / 太い丸太
池 / 小さな橋
神社 / 赤い門
丘 / 一本の木
村 / 石の橋

@weather = weather / sky
よく晴れた / 空は青く、お日さまが光っていました。
風の強い / 木の葉がさらさらと鳴っていました。
くもった / 白い雲がゆっくり流れていました。
雨上がりの / 草の上で水のつぶが光っていました。
暖かい / どこからか花のにおいがしました。
涼しい / 空気がとてもきれいでした。
静かな / 鳥の声だけが聞こえました。
明るい / ちょうがひらひら飛んでいました。

@part = part
朝
日
午後
夕方

@food = food
おにぎり
りんご
パン
みかん
おだんご
いも
バナナ
クッキー

@kind
元気な
やさしい
明るい
歌の好きな
本の好きな
こわがりな
食いしんぼうの

@opening
ある{weather}{part}、{hero}は{place}へ行きました。
ある{weather}{part}、{hero}は一人で{place}へ出かけました。
{weather}{part}のことです。{hero}は{place}で遊んでいました。
むかし、あるところに、{hero}という{kind}{child}がいました。ある{weather}{part}、{hero}は{place}へ行きました。
{hero}は{kind}{child}です。ある{weather}{part}、{place}の近くを歩いていました。
{place}の近くに、{hero}という{kind}{child}が住んでいました。ある{weather}{part}、{hero}は外へ遊びに出ました。

@scene
{sky}
{sky}
-

@meet
そこへ、{a_friend}がやって来ました。
すると、{landmark}のかげから{a_friend}が出て来ました。
それを見て、{a_friend}が近づいて来ました。
ふと見ると、{landmark}のそばに{a_friend}がいました。

@thanks
「ありがとう」と{hero}は言いました。
「{friend}さんのおかげだよ」と{hero}は言いました。
{hero}はうれしくて、{friend}の手をにぎりました。
{hero}はうれしくて、とび上がりました。

@treat
それから、いっしょに{food}を食べました。
お礼に、{hero}は{friend}に{food}をあげました。
-

@end
その{part}から、{hero}と{friend}は友だちになりました。
二人は暗くなるまで遊びました。
{hero}はにこにこしながら家に帰りました。
その夜、{hero}は{friend}のゆめを見ました。
それから、二人は毎日{place}で会いました。
{hero}はその{part}のことをわすれませんでした。

# ---- 1：なくし物
@toy = a_toy / toy
赤いボール / ボール
青いぼうし / ぼうし
木の車 / 車
金色のかぎ / かぎ
長いかさ / かさ
新しい絵本 / 絵本
光る石 / 石
白い笛 / 笛
白いリボン / リボン
赤い手ぶくろ / 手ぶくろ

@has
{hero}は{a_toy}をとても大切にしていました。
{hero}は、おばあさんにもらった{a_toy}を持っていました。
かばんの中には、いつも{a_toy}が入っていました。

@gone
ところが、気がつくと{toy}がありません。
けれども、休んでいる間に{toy}がなくなりました。
ふと見ると、{toy}が見つかりません。

@first_spot
草の中
道の上
かばんの中
石の下

@second_spot
{landmark}の後ろ
木の根もと
水のそば
落ち葉の下

@search
{first_spot}も{second_spot}もさがしましたが、ありませんでした。
{first_spot}をさがしました。{second_spot}もさがしました。
「{toy}はどこだろう」と{hero}は言いました。
「どうしよう、{toy}がない」と{hero}は泣きました。

@offer
「泣かないで。いっしょにさがそう」と{friend}は言いました。
「どうしたの」と{friend}は聞きました。「{toy}をなくしたんだ」と{hero}は答えました。
「わたしにまかせて」と{friend}は言いました。

@found
二人でさがすと、{toy}は{second_spot}にありました。
「ほら、あそこだよ」と{friend}が言いました。{toy}は{second_spot}に落ちていました。
{friend}は走って行って、{toy}を持って来ました。

@lost_plot
{has}{gone}{search}{meet}{offer}{found}{thanks}{treat}

# ---- 2：こまっている動物
@trouble = trouble / cure / after
足にとげがささって / そっととげをぬいてあげました / 元気に歩き出しました
あなに落ちて / 長いなわで出してあげました / ほっとして笑いました
雨にぬれて / 暖かい上着をかけてあげました / すっかり暖かくなりました
おなかがすいて / {food}を分けてあげました / おなかがいっぱいになりました
帰り道が分からなくて / いっしょに家まで歩いてあげました / 家に帰れて喜びました
一人ぼっちで / となりにすわって歌を歌ってあげました / にっこり笑いました
あみにかかって / ゆっくりあみをほどいてあげました / また走れるようになりました

@sees
そこには、{a_friend}がいました。{trouble}、こまっているようです。
{landmark}のそばに{a_friend}がいました。{trouble}、泣いています。
{trouble}、{a_friend}が泣いていました。

@begs
「たすけてください」と{friend}は言いました。
「どうすればいいでしょう」と{friend}は言いました。
{friend}は悲しそうに{hero}を見ました。

@pity
{hero}は{friend}をかわいそうに思いました。
「だいじょうぶだよ」と{hero}は言いました。
{hero}は少し考えました。

@helps
そして、{cure}。
{hero}は、{cure}。

@better
やがて、{friend}は{after}。
しばらくすると、{friend}は{after}。

@reward = reward
赤い木の実
白い花
きれいな石

@praise
「本当にありがとう」と{friend}は言いました。
「このことはわすれません」と{friend}は言いました。
次の{part}、{friend}は{reward}を持って来ました。

@help_plot
{sees}{begs}{pity}{helps}{better}{praise}

# ---- 3：むずかしいこと
@skill = skill / fail / done
たこをあげ / たこはすぐに落ちてしまいました / たこが高くあがりました
口笛をふき / 音が出ませんでした / きれいな音が出ました
歌を歌い / 言葉をわすれてしまいました / きれいに歌えました
花の絵をかき / いものような絵になりました / りっぱな花の絵ができました
木に登り / すべって落ちてしまいました / 木の上まで登れました
パンを焼き / パンは黒くなりました / ふっくらしたパンが焼けました
なわとびをし / 足がなわにかかりました / 何回もとべました
こまを回し / こまはすぐに止まりました / こまを長く回せました

@wants
{hero}はどうしても{skill}たいと思っていました。
{hero}は前から{skill}たかったのです。
「{skill}たいな」と{hero}は言いました。

@tries
やってみると、{fail}。
初めは、{fail}。

@gives_up
「むずかしいよ」と{hero}は言いました。
「もうやめようかな」と{hero}は思いました。

@advice
「ゆっくりやってごらん」と{friend}は言いました。
「初めはだれでもそうだよ」と{friend}は言いました。

@practice
{hero}は何回もやってみました。
それから、{hero}はあきらめないで練習しました。

@can
そして、とうとう{done}。
すると、今度は{done}。

@joy
「できた」と{hero}はさけびました。
{friend}は手をたたいて喜びました。
{thanks}

@learn_plot
{wants}{tries}{gives_up}{meet}{advice}{practice}{can}{joy}

# ---- 4：分け合う
@lunch
{hero}は{food}を持って来ていました。
{hero}はお母さんに{food}をもらっていました。
おなかがすいたので、{hero}は{food}を出しました。

@asks
「少し分けてくれませんか」と{friend}は言いました。
「おいしそうだね」と{friend}は言いました。
{friend}は{food}をじっと見ています。

@refuses
「だめ、あげないよ」と{hero}は言いました。
けれども、{hero}は一人で食べたいと思いました。

@sad
{friend}は下を向いて、歩いて行きました。
{friend}はだまってすわりました。

@sorry
{hero}はわるいことをしたと思いました。
すると、{food}があまりおいしくありません。
{hero}は少しの間考えました。

@shares
「まって」と{hero}は言いました。そして、{food}を半分あげました。
そこで、{hero}は{friend}に{food}を半分あげました。

@together
二人で食べると、ずっとおいしくなりました。
二人は笑いながら食べました。
「いっしょに食べるとおいしいね」と{friend}は言いました。

@share_plot
{lunch}{meet}{asks}{refuses}{sad}{sorry}{shares}{together}

# ---- 5：ふしぎな音
@noise
ふしぎな音
へんな声
大きな音

@hears
すると、{landmark}の後ろから{noise}が聞こえました。
その時、{landmark}のかげで{noise}がしました。

@fear
「だれかいるの」と{hero}は聞きました。
{hero}はこわくなって、帰りたくなりました。

@courage
それでも、{hero}は一歩ずつ近づきました。
でも、{hero}はそっと見に行きました。

@only
出て来たのは、{a_friend}でした。
そこにいたのは、{a_friend}でした。

@doing
歌を歌って
木の実をさがして
あなをほって
おどりの練習をして
家を作って

@excuse
「ごめんね。{doing}いたんだ」と{friend}は言いました。
「ここで{doing}いたんだよ」と{friend}は言いました。

@laughs
二人は大きな声で笑いました。
{hero}はほっとして笑いました。

@game
「いっしょに遊ぼう」と{hero}は言いました。
「{food}を食べませんか」と{hero}は言いました。
-

@sound_plot
{hears}{fear}{courage}{only}{excuse}{laughs}{game}

# ---- 6：おくり物
@family = family
お母さん
お父さん
おばあさん
おじいさん
お姉さん
お兄さん

@present = a_present / present
花のかんむり / かんむり
丸いケーキ / ケーキ
長い手紙 / 手紙
大きな絵 / 絵
木の鳥 / 鳥

@plan
その日は{family}のたん生日でした。{hero}は{a_present}を作っていました。
{hero}は{family}に{a_present}をあげようと思いました。

@mishap
ところが、{present}は水の中に落ちてしまいました。
ところが、{present}はこわれてしまいました。
けれども、{present}は風にとばされてしまいました。

@cries
「せっかく作ったのに」と{hero}は言いました。
{hero}は悲しくて泣きました。

@repair
「もう一度作ろうよ」と{friend}は言いました。
「いい考えがあるよ」と{friend}は言いました。そして、二人で作りなおしました。
{friend}は新しい{present}を作るのを手伝ってくれました。

@finer
今度は、前よりもずっとりっぱにできました。
できあがるまで、二人はがんばりました。

@gives
{present}を見ると、{family}はにっこり笑いました。
「こんなにうれしいことはないよ」と{family}は言いました。

@present_plot
{plan}{mishap}{cries}{meet}{repair}{finer}{gives}

# ---- 7：遠い所へ
@wonder = wonder
大きなにじ
金色の魚
いちばん古い木
歌う石
白いしか
白い花の野原

@longing
{hero}はまだ{wonder}を見たことがありませんでした。
{hero}は、いつか{wonder}を見たいと思っていました。

@guide
「道を知っているよ。ついておいで」と{friend}は言いました。
「すぐそこだよ。いっしょに行こう」と{friend}は言いました。

@crossing
二人は長い橋をわたりました。
二人は暗い道を通って、丘をこえました。
二人は高い草の中を歩きました。

@tired
{hero}はつかれましたが、休みませんでした。
「まだかな」と{hero}は聞きました。「もうすぐだよ」と{friend}は答えました。
-

@arrival
とうとう、{wonder}が見えました。
そして、そこには{wonder}がありました。

@awe
「なんてきれいなんだろう」と{hero}は言いました。
{hero}は言葉が出ませんでした。
{thanks}

@journey_plot
{longing}{meet}{guide}{crossing}{tired}{arrival}{awe}{treat}

@plot
{lost_plot}
{help_plot}
{learn_plot}
{share_plot}
{sound_plot}
{present_plot}
{journey_plot}

@story
{opening}{scene}{plot}{end}
)";

}  // namespace x2g
