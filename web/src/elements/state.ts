/**
 * The state of a demo as it travels: checked object <-> compact object. Its text in a link is later/link-text.ts's business.
 * What comes in is never trusted: shape first, then each option's own check.
 */
import { defaults, type OptionTable, type OptionValues } from './option.ts';
import { bad } from './problem.ts';

export const STATE_VERSION = 1;
export const SEED_MAX = 4294967295;
/** Most steps that a link may ask to be replayed. */
export const REPLAY_MAX = 1_000_000;

/** Everything that a reader has set in a demo, as plain data: what a share link holds. */
export interface DemoState {
  v: number;
  slug: string;
  seed: number;
  /** Steps made since the start, when they can be replayed to the same bits; else 0. */
  step: number;
  options: Record<string, unknown>;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const own = (object: Record<string, unknown>, key: string): unknown =>
  Object.prototype.hasOwnProperty.call(object, key) ? object[key] : undefined;

export function checkSeed(value: unknown): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= SEED_MAX)
    return value || 0;
  throw bad(`seed is ${String(value).slice(0, 40)}; it must be a whole number from 0 to ${SEED_MAX}.`);
}

function checkStep(value: unknown): number {
  if (value === undefined) return 0;
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= REPLAY_MAX)
    return value || 0;
  throw bad(`step is ${String(value).slice(0, 40)}; it must be a whole number from 0 to ${REPLAY_MAX}.`);
}

/** A complete, checked state; missing fields take their defaults. Throws LabError naming the field. */
export function parseState<O extends OptionTable>(
  value: unknown,
  slug: string,
  table: O,
  seed: number,
): DemoState & { options: OptionValues<O> } {
  if (!isRecord(value)) throw bad('A state must be an object with the fields v, seed, step and options.');
  for (const key of Object.keys(value))
    if (!['v', 'slug', 'seed', 'step', 'options'].includes(key))
      throw bad(
        `A state has no field "${key.slice(0, 40)}"; its fields are v, slug, seed, step and options.`,
      );
  const v = own(value, 'v') ?? STATE_VERSION;
  if (typeof v !== 'number' || !Number.isInteger(v) || v < 1)
    throw bad(`v is ${String(v).slice(0, 40)}; it must be a whole number from 1 to ${STATE_VERSION}.`);
  if (v > STATE_VERSION)
    throw bad(
      `This state has version ${v}; this page reads up to ${STATE_VERSION}. Reload the page for a newer one.`,
    );
  const from = own(value, 'slug');
  if (from !== undefined && from !== slug)
    throw bad(`This state belongs to the demo "${String(from).slice(0, 40)}"; this one is "${slug}".`);
  const given = own(value, 'options') ?? {};
  if (!isRecord(given)) throw bad('options must be an object.');
  const options = defaults(table) as Record<string, unknown>;
  for (const key of Object.keys(given)) {
    const o = Object.prototype.hasOwnProperty.call(table, key) ? table[key] : undefined;
    if (!o)
      throw bad(`There is no option "${key.slice(0, 40)}"; options are ${Object.keys(table).join(', ')}.`);
    options[key] = o.parse(given[key], key);
  }
  const ownSeed = own(value, 'seed');
  return {
    v,
    slug,
    seed: ownSeed === undefined ? seed : checkSeed(ownSeed),
    step: checkStep(own(value, 'step')),
    options: options as OptionValues<O>,
  };
}

/** Leaves out what equals its default, so that links stay short. */
export function compactState(state: DemoState, table: OptionTable): Partial<DemoState> {
  const start = defaults(table) as Record<string, unknown>;
  const options: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(state.options))
    if (JSON.stringify(value) !== JSON.stringify(start[key])) options[key] = value;
  return {
    v: state.v,
    seed: state.seed,
    ...(state.step > 0 ? { step: state.step } : {}),
    ...(Object.keys(options).length > 0 ? { options } : {}),
  };
}
