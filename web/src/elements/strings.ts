/**
 * Every text that the frame says at once, in both languages; what panels say when they are opened stands in later/say.ts. Lessons bring their own.
 */
const s = (en: string, ja: string) => ({ en, ja });

export const strings = {
  run: s('Run', '実行'),
  pause: s('Pause', '一時停止'),
  step: s('Step', 'ステップ'),
  back: s('Back', '戻る'),
  reset: s('Reset', 'リセット'),
  speed: s('Speed', '速さ'),
  full_speed: s('as fast as it can', '最速'),
  per_second: s('a second', '回／秒'),
  grain: s('Step by', 'ステップの単位'),
  grain_step: s('training step', '学習1回'),
  seed: s('Seed', 'シード'),
  next_seed: s('Next seed', '次のシード'),
  duplicate: s('Twin run', '双子の実行'),
  share: s('Share', '共有'),
  share_link: s('Link to this state', 'この状態へのリンク'),
  keys: s('Keys', 'キー操作'),
  controls: s('Controls', '操作'),
  settings: s('Settings', '設定'),
  no_past: s(
    'Once it has learned a little, its past can be looked at here.',
    '学習が進むと、ここで過去を振り返れます。',
  ),
  loading: s('Loading the engine', 'エンジンを読み込んでいます'),
  retry: s('Try again', 'やり直す'),
  failed: s('This demo stopped', 'デモが止まりました'),
  recovered: s(
    'The engine stopped and was restarted from its last saved state.',
    'エンジンが止まったため、最後に保存した状態から再開しました。',
  ),
  bad_link: s(
    'The shared link could not be read, so the demo starts from its default.',
    '共有リンクを読み取れなかったため、既定の状態から始めます。',
  ),
  bad_value: s('This value was not taken', 'この値は使えません'),
  diverged: s('The numbers left the range of a float', '数値が表せる範囲を超えました'),
  diverged_in: s('first in', '最初に現れた場所'),
  lower_rate: s('Start again with a tenth of the learning rate', '学習率を10分の1にして最初から'),
  numbers: s('Numbers', '数値'),
  break_it: s('Break it', '壊してみる'),
  check: s('Check', '確かめる'),
  embed: s('Embed this', '埋め込む'),
  proof: s('Proof', '根拠'),
  predict: s('Predict first', 'まず予想'),
  predicted: s('Your prediction', 'あなたの予想'),
  came_true: s('It came true.', '予想どおりでした。'),
  came_false: s('It went another way.', '予想とは違いました。'),
  then_run: s('Now run it.', '実行して確かめましょう。'),
  step_n: s('Step', 'ステップ'),
  loss: s('loss', '損失'),
  on: s('on', 'オン'),
  off: s('off', 'オフ'),
} as const;

export type StringName = keyof typeof strings;
