// What the page about speed says besides its prose, in both languages: the element's words, the names of benchmarks, goals and places.
const s = (en: string, ja: string) => ({ en, ja });

export const words = {
  title: s('On your machine', 'この端末で測る'),
  about: s(
    'Takes about 20 seconds. Close other busy tabs first, and plug in a laptop.',
    '20秒ほどかかります。ほかの重いタブは閉じ、ノートパソコンは電源につないでください。',
  ),
  start: s('Measure', '測る'),
  again: s('Measure again', 'もう一度測る'),
  stop: s('Stop', '止める'),
  waiting: s('Not measured yet.', 'まだ測っていません。'),
  measuring: s('Measuring: ', '測定中：'),
  done: s('Done.', '終わりました。'),
  stopped: s('Stopped.', '止めました。'),
  what: s('What', '内容'),
  here: s('Here', 'この端末'),
  range: s('Range', '範囲'),
  there: s('In the table above', '上の表の値'),
  variant: s('Kernels', 'カーネル'),
  failed: s('not measured', '測れませんでした'),
  progress: s('Progress', '進み具合'),
  page: s('on the page, no worker', 'ワーカーなし、ページ上'),
} as const;

/** Trials and benchmarks, in a reader's words. */
export const benches: Record<string, { en: string; ja: string }> = {
  gemm: s('Matrix products', '行列の積'),
  elementwise: s('Element by element', '要素ごとの計算'),
  mlp: s('Training a net on images (784-30-10)', '画像のネットワークの訓練（784-30-10）'),
  xor: s('Training XOR (2-2-1)', 'XORの訓練（2-2-1）'),
  'gpt-train': s('Training a GPT (0.80 million weights)', 'GPTの訓練（重み80万個）'),
  'gpt-train-workers': s('Training a GPT with two workers', 'ワーカー2つによるGPTの訓練'),
  decode: s('Writing with a GPT, character by character', 'GPTで1文字ずつ書く'),
  load: s('Loading a lesson', 'レッスンの読み込み'),
  page: s('The page while it trains', '訓練中のページ'),
};

export const goals: Record<string, { en: string; ja: string }> = {
  'gemm-forward': s('products of the forward pass, of the peak', '順伝播の積（ピーク比）'),
  'gemm-gradients': s('products of the gradients, of the peak', '勾配の積（ピーク比）'),
  'gemm-heads': s('products of attention heads, of the peak', 'アテンションヘッドの積（ピーク比）'),
  mlp: s('net on images', '画像のネットワーク'),
  xor: s('XOR', 'XOR'),
  'gpt-train': s('a step of the GPT', 'GPTの1ステップ'),
  'gpt-train-tfjs': s('a step of the GPT, tfjs against ours', 'GPTの1ステップ、tfjsとの比'),
  'gpt-train-jax': s('a step of the GPT, jax-js against ours', 'GPTの1ステップ、jax-jsとの比'),
  'gpt-train-pytorch': s('a step of the GPT, PyTorch against ours', 'GPTの1ステップ、PyTorchとの比'),
  'gpt-train-workers': s('two workers, of one worker’s speed', 'ワーカー2つの速さ（1つとの比）'),
  decode: s('writing', '文字を書く速さ'),
  load: s('from the load event to the first step', 'loadイベントから最初のステップまで'),
  'page-task': s('longest task of the main thread', 'メインスレッドの最長タスク'),
  'page-frames': s('frames while training', '訓練中の描画'),
};

export const places: Record<string, { en: string; ja: string }> = {
  node: s('Node', 'Node'),
  chromium: s('Chromium', 'Chromium'),
  native: s('native', 'ネイティブ'),
};
