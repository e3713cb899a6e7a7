// A graph as plain data → the engine's builder: lines checked for the kinds of their values. Shapes and ranges are the core's business;
// its sentences pass through.
import { bad, doubles, flag, number, record, word } from './checked.ts';
import type { Engine, GraphBuilder } from './engine.ts';
import { LabError } from './errors.ts';
import type { GraphPlan, GraphStatement, OpAttributes } from './graph-types.ts';
import { modelFields } from './model-fields.ts';

const mostStatements = 20_000;

export function list(field: string, value: unknown): unknown[] {
  if (!Array.isArray(value)) throw bad(field, value, 'a list');
  return value;
}

function attributesOf(name: string, given: unknown): OpAttributes {
  if (given === undefined) return {};
  record(`the attributes of "${name}"`, given);
  const out: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(given as object)) {
    if (value === undefined) continue;
    const known = kinds[key];
    if (!known) {
      const there = Object.keys(kinds).join(', ');
      throw new LabError('unknown_name', `"${name}" has an attribute "${key}"; there are ${there}`);
    }
    out[key] = known(`${name}: ${key}`, value);
  }
  return out as OpAttributes;
}

const numbers = (field: string, value: unknown): number[] => Array.from(doubles(field, value));
const kinds: Record<string, (field: string, value: unknown) => unknown> = {
  ...{ activation: word, mask: word, score: word, causal: flag, flag: flag },
  ...{ heads: number, kvHeads: number, scale: number, eps: number, rate: number, base: number },
  ...{ axis: number, begin: number, end: number },
  ...{ shape: numbers, kernel: numbers, stride: numbers, padding: numbers, dilation: numbers },
};

/** Adds one line to the engine's builder. `ids`: numbers of the tensors so far, by name. */
function add(builder: GraphBuilder, line: GraphStatement): void {
  record('a line of the graph', line);
  const name = word('a name', line.name);
  if (line.kind === 'input') builder.input(name, numbers(`the shape of "${name}"`, line.shape));
  else if (line.kind === 'parameter' || line.kind === 'buffer') {
    const shape = numbers(`the shape of "${name}"`, line.shape);
    const init = word(`${name}: init`, line.init);
    const a = number(`${name}: a`, line.a);
    if (line.kind === 'buffer') builder.buffer(name, shape, init, a);
    else builder.parameter(name, shape, init, a, flag(`${name}: decay`, line.decay));
  } else if (line.kind === 'op') {
    const op = word('op', line.op);
    const inputs = list(`the inputs of "${name}"`, line.inputs).map((input) => {
      if (input === null) return -1;
      const found = builder.find(word(`an input of "${name}"`, input));
      if (found >= 0) return found;
      throw new LabError(
        'unknown_name',
        `${op} "${name}" reads "${String(input).slice(0, 80)}", which is not in the graph before it`,
      );
    });
    builder.op(op, name, inputs, attributesOf(name, line.attributes));
  } else {
    const kind = String((line as { kind: unknown }).kind).slice(0, 40);
    throw new LabError('unknown_name', `a line of kind "${kind}"; there are input, parameter, buffer and op`);
  }
}

/** The builder of a plan, whose owner deletes it. */
export function builtFrom(engine: Engine, plan: GraphPlan): GraphBuilder {
  record('the graph', plan);
  const start = 'model' in plan ? plan : undefined;
  const lines = list('statements', plan.statements ?? (start ? [] : undefined)) as GraphStatement[];
  if (lines.length > mostStatements) {
    throw new LabError(
      'invalid_argument',
      `the graph has ${lines.length} lines; at most ${mostStatements} are read`,
    );
  }
  const builder = new engine.GraphBuilder();
  try {
    if (start) builder.model(word('model', start.model), modelFields('config', start.config));
    if (start?.lora !== undefined) builder.lora(modelFields('lora', start.lora));
    for (const line of lines) add(builder, line);
    return builder;
  } catch (thrown) {
    builder.delete();
    throw thrown;
  }
}
