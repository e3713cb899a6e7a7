// Few bits and much memory beside the engine. Each function is one call of the page (tools.ts).
import { bad, flag, floats, number, record, word } from '../checked.ts';
import type { Desk } from './desk.ts';
import type { MemoryBill, MemoryPlan, QuantizedMatrix, QuantizeOptions } from './types.ts';

export const numbersWork = {
  quantize(
    d: Desk,
    values: ArrayLike<number>,
    rows: number,
    columns: number,
    o: QuantizeOptions,
  ): QuantizedMatrix {
    record('the options', o);
    return d.engine.quantize(floats('values', values), number('rows', rows), number('columns', columns), {
      format: word('format', o.format),
      group: o.group === undefined ? '' : word('group', o.group),
      block: o.block === undefined ? 0 : number('block', o.block) || NaN, // 0 would be the default; NaN is refused
    });
  },

  memory(d: Desk, p: MemoryPlan): MemoryBill {
    record('the plan', p);
    const targets = p.targets ?? ['attn.qkv'];
    if (!Array.isArray(targets)) throw bad('targets', targets, 'a list of names');
    return d.engine.memory({
      vocab: number('vocab', p.vocab),
      layers: number('layers', p.layers),
      heads: number('heads', p.heads),
      channels: number('channels', p.channels),
      context: number('context', p.context),
      batch: number('batch', p.batch, 1),
      length: number('length', p.length, 0),
      bias: flag('bias', p.bias, false),
      geluErf: flag('geluErf', p.geluErf, false),
      method: word('method', p.method ?? 'full'),
      weights: word('weights', p.weights ?? 'fp32'),
      gradients: word('gradients', p.gradients ?? 'fp32'),
      activations: word('activations', p.activations ?? 'fp32'),
      cache: word('cache', p.cache ?? 'fp32'),
      optimizer: word('optimizer', p.optimizer ?? 'adamw'),
      momentum: number('momentum', p.momentum, 0),
      master: flag('master', p.master, true),
      padded: flag('padded', p.padded, false),
      rank: number('rank', p.rank, 4),
      targets: targets.map((target) => word('a target', target)),
      zeroStage: number('zeroStage', p.zeroStage, 0),
      workers: number('workers', p.workers, 1),
    });
  },
};
