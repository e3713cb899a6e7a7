/**
 * The shell's own words in both languages (Starlight brings the words of its own controls).
 * Lessons and demos keep theirs beside them.
 */
import type { Lang, Text } from './lang';

export const words = {
  tagline: {
    en: 'Train every step from XOR to a GPT',
    ja: 'XORからGPTまで、すべての段を自分で訓練する',
  },
  lede: {
    en: 'A course that you run. Every number on these pages is computed in this tab by one small engine: first a single neuron, at the end a language model trained on your own text.',
    ja: '動かして学ぶ講座です。1つのニューロンから、自分の文章で訓練する言語モデルまで、ページに出る数字はすべて、このタブの中の小さなエンジンが計算します。',
  },
  start_here: {
    en: 'Can one straight line separate these four points?',
    ja: '1本の直線で、この4つの点を分けられるでしょうか。',
  },
  start_more: { en: 'Open the lesson', ja: 'このレッスンを開く' },
  no_script: {
    en: 'The demo stands here. It needs JavaScript and WebAssembly, and trains on your machine.',
    ja: 'ここにデモが表示されます。JavaScriptとWebAssemblyを使い、お使いの端末の上で訓練します。',
  },
  map: { en: 'Course map', ja: 'コースの地図' },
  map_about: {
    en: '28 lessons in five parts. {n} stand today; the others are planned and marked so.',
    ja: '5部、28のレッスンです。いま開けるのは{n}つで、ほかは「予定」と示しています。',
  },
  planned: { en: 'planned', ja: '予定' },
  lesson_line: { en: 'Lesson {n} · Part {p}, {part}', ja: 'レッスン{n} · 第{p}部 {part}' },
  part_line: { en: 'Part {p}', ja: '第{p}部' },
  marks_about: {
    en: 'The marks ✓ are yours. They are kept in this browser only.',
    ja: '✓はあなたの記録です。このブラウザーの中だけに残ります。',
  },
  marks_save: { en: 'Save my marks as a file', ja: '記録をファイルに保存' },
  marks_forget: { en: 'Forget my marks', ja: '記録を消す' },
  mark_predicted: { en: 'predicted', ja: '予想した' },
  mark_right: { en: 'predicted right', ja: '予想が当たった' },
  mark_solved: { en: '{n} of {of} exercises solved', ja: '問題{of}問中{n}問を解いた' },
  local: { en: 'Everything stays here', ja: 'すべて手元で動きます' },
  local_about: {
    en: 'There is no account, no tracking and no server that computes. What you type, drop or train stays in your browser. After the first visit the site also works offline.',
    ja: 'アカウントも、追跡も、計算するサーバーもありません。入力した文章、落としたファイル、訓練した重みは、ブラウザーの外に出ません。一度開けば、オフラインでも使えます。',
  },
  embed: { en: 'Put a demo on your own page', ja: '自分のページにデモを置く' },
  embed_short: {
    en: 'One script tag and one element. The same demo, on any page.',
    ja: 'スクリプトのタグと要素を1つずつ書けば、同じデモがどのページでも動きます。',
  },
  embed_more: { en: 'How to embed', ja: '埋め込み方を見る' },
  graph: { en: 'Build your own graph', ja: 'グラフを自分で組む' },
  graph_short: {
    en: 'A two-layer net and a block of a GPT, written in JavaScript, with every number in view.',
    ja: '2層のネットとGPTの1ブロックをJavaScriptで書き、すべての数を見ながら動かします。',
  },
  speed: { en: 'How fast is it?', ja: 'どれくらい速い？' },
  speed_short: {
    en: 'Measured figures beside other libraries, the goals that were and were not reached, and a button to measure your own machine.',
    ja: 'ほかのライブラリーと並べた実測値、届いた目標と届かなかった目標、そして手元の端末で測るためのボタン。',
  },
  reference: { en: 'API reference', ja: 'APIリファレンス' },
  reference_short: {
    en: 'Every public call of the lab, in JavaScript and in C++.',
    ja: 'このラボの公開APIを、JavaScriptとC++について説明します。',
  },
  other_language: { en: '日本語', ja: 'English' },
  theme: { en: 'Theme', ja: '配色' },
  theme_auto: { en: 'Auto', ja: '自動' },
  theme_light: { en: 'Light', ja: 'ライト' },
  theme_dark: { en: 'Dark', ja: 'ダーク' },
  search: { en: 'Search', ja: '検索' },
  search_hint: { en: 'Search the lessons', ja: 'レッスンを検索' },
  search_none: { en: 'Nothing found.', ja: '見つかりませんでした。' },
  search_failed: {
    en: 'The search index could not be loaded. Check the connection and search again.',
    ja: '検索用の索引を読み込めませんでした。接続を確かめて、もう一度お試しください。',
  },
  close: { en: 'Close', ja: '閉じる' },
  not_found: { en: 'This page does not exist', ja: 'このページはありません' },
  not_found_about: {
    en: 'The address may be mistyped, or the lesson is still planned.',
    ja: 'アドレスが違うか、まだ予定のレッスンかもしれません。',
  },
  to_map: { en: 'To the course map', ja: 'コースの地図へ' },
  license: { en: 'MIT License', ja: 'MITライセンス' },
} satisfies Record<string, Text>;

/** Words in `lang`, with {name} replaced. */
export function say(
  key: keyof typeof words,
  lang: Lang,
  values: Record<string, string | number> = {},
): string {
  return words[key][lang].replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ''));
}

export const other = (lang: Lang): Lang => (lang === 'en' ? 'ja' : 'en');
