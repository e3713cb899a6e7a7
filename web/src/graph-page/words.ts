// What the graph element says besides the words that all demos share, in both languages.
const s = (en: string, ja: string) => ({ en, ja });

export const words = {
  code: s('The code that runs here: ', 'ここで動いているコード：'),
  one_node: s('node', 'ノード1つ'),
  slow_nodes: s('4 nodes a second', '毎秒4ノード'),
  slow_steps: s('10 steps a second', '毎秒10ステップ'),
  grad_norm: s('gradient norm', '勾配ノルム'),
  parameters: s('parameters', 'パラメーター数'),
  memory: s('memory', 'メモリー'),
  training_loss: s('training loss', '訓練損失'),
  loss_over_steps: s('Loss over steps', 'ステップごとの損失'),
  step_axis: s('step', 'ステップ'),
  loss_axis: s('loss (nats)', '損失（nat）'),
  nodes: s('Nodes in running order', 'ノード（実行順）'),
  forward: s('forward', '順伝播'),
  backward: s('backward', '逆伝播'),
  update: s('update of all parameters', '全パラメーターの更新'),
  tensors: s('Every tensor', 'すべてのテンソル'),
  tensor: s('tensor', 'テンソル'),
  shape: s('shape', '形'),
  role: s('role', '役割'),
  values: s('values', '値'),
  gradients: s('gradient', '勾配'),
  look_at: s('Look at', '詳しく見る'),
  values_of: s('Values of ', '値：'),
  gradient_of: s('Gradient d', '勾配：d'),
  no_gradient: s('This tensor has no gradient.', 'このテンソルに勾配はありません。'),
  stopped: s('Not finite any more, first in', '有限でなくなりました。最初の場所'),
  scalar: s('one number', '数1つ'),
  input: s('input', '入力'),
  parameter: s('parameter', 'パラメーター'),
  value: s('value', '計算値'),
  saved: s('saved', '保存値'),
  buffer: s('buffer', 'バッファー'),
} as const;

export type Word = keyof typeof words;
