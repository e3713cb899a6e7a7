/** Texts of the panels' bodies, in both languages, and how to say one. Texts that the frame shows at once stand in ../strings.ts. */
import type { Lang } from '../../lab/types.ts';
import { t } from '../language.ts';

const s = (en: string, ja: string) => ({ en, ja });

export const strings = {
  close: s('Close', '閉じる'),
  key_space: s('Run or pause', '実行／一時停止'),
  key_right: s('One step', '1ステップ進む'),
  key_left: s('One step back', '1ステップ戻る'),
  key_r: s('Reset', 'リセット'),
  key_help: s('This list', 'この一覧'),
  space_key: s('Space', 'スペース'),
  all_keys: s(
    'They work while the focus is inside this demo and not in a text box.',
    'このデモの中にフォーカスがあり、入力欄にないときに使えます。',
  ),
  copy: s('Copy', 'コピー'),
  copied: s('Copied', 'コピーしました'),
  copy_by_hand: s('Press Ctrl+C to copy', 'Ctrl+Cでコピーしてください'),
  watch_for: s('Watch', '見る所'),
  why: s('Why', '理由'),
  answer: s('Check my answer', '答え合わせ'),
  checking: s('Running your answer', '答えを実行しています'),
  hint: s('Hint', 'ヒント'),
  your_answer: s('Your answer', '答え'),
  fill_in: s('Fill in every box with a number.', 'すべての欄に数値を入れてください。'),
  choose_one: s('Choose one.', '1つ選んでください。'),
  right: s('Yes.', '正解です。'),
  wrong: s('Not yet.', 'まだです。'),
  script_tag: s('As an element in your page', '自分のページの要素として'),
  iframe_tag: s('As a frame', 'iframeとして'),
  save: s('Save', '保存'),
  save_png: s('Picture (PNG)', '図（PNG）'),
  save_svg: s('Picture (SVG)', '図（SVG）'),
  save_csv: s('Figures (CSV)', '数値（CSV）'),
  save_run: s('Run (run.json)', '実行（run.json）'),
  open_run: s('Open a run', '実行を開く'),
  open_run_hint: s('Or drop a run.json onto the demo.', 'run.jsonをデモの上に落としても開けます。'),
  save_weights: s('Weights (safetensors)', '重み（safetensors）'),
  no_claims: s('This lesson quotes no figures.', 'このレッスンに引用された数値はありません。'),
  claims_intro: s(
    'Each figure is reproduced by the test suite from a fixed seed.',
    '次の数値は、どれも固定したシードからテストで再現しています。',
  ),
  tolerance: s('tolerance', '許容差'),
  measured: s('last measured', '最後の測定値'),
  test: s('test', 'テスト'),
  seeds: s('seeds', 'シード'),
} as const;

export type StringName = keyof typeof strings;

export const say = (lang: Lang) => (name: StringName) => t(strings[name], lang);
/** Between a name and what it names. */
export const colon = (lang: Lang): string => (lang === 'ja' ? '：' : ': ');
