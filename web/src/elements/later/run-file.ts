/**
 * A run as a file, run.json: lesson, version, options, seed, step and data, enough to make the same run again; and what was found, to hold the
 * repeated run to. Text out, checked object in. What comes in may be anything: each fault has a sentence, and nothing is taken before all is right.
 */
import { LabError } from '../problem.ts';
import { parseState, type DemoState } from '../state.ts';
import type { OptionTable } from '../option.ts';

export const FORMAT = 'xor2gpt-run';
export const FILE_VERSION = 1;
/** Bytes that are read at most. */
export const FILE_LIMIT = 5_000_000;

export interface RunFile {
  format: typeof FORMAT;
  version: number;
  lesson: string;
  /** Version of the engine that made it. */
  engine: string;
  seed: number;
  /** Steps made. `replay`: seed and options alone lead there; else the run was changed on the way, and only its beginning is told. */
  step: number;
  replay: boolean;
  options: Record<string, unknown>;
  data?: unknown;
  /** Loss at that step. */
  loss: number | null;
}

const bad = (message: string): LabError => new LabError('bad_file', message);

export function writeRun(run: Omit<RunFile, 'format' | 'version'>): string {
  return `${JSON.stringify({ format: FORMAT, version: FILE_VERSION, ...run }, null, 2)}\n`;
}

function object(text: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw bad(
      'This file is not JSON: it is cut off, changed or of another kind. Choose a run.json saved by this lab.',
    );
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value) || !Object.hasOwn(value, 'format'))
    throw bad('This file holds no run: the field "format" is missing. Choose a run.json saved by this lab.');
  return value as Record<string, unknown>;
}

const short = (value: unknown): string => String(JSON.stringify(value) ?? typeof value).slice(0, 40);

const FIELDS = ['format', 'version', 'lesson', 'engine', 'seed', 'step', 'replay', 'options', 'data', 'loss'];

/** The run in a file's text for the demo `slug`; `titles` names the lesson of a file that belongs elsewhere. */
export function readRun(
  text: string,
  slug: string,
  table: OptionTable,
  seed: number,
): { state: DemoState; run: RunFile } {
  if (text.length > FILE_LIMIT)
    throw bad(
      `This file has ${text.length} characters; a run has at most ${FILE_LIMIT}. Choose a run.json saved by this lab.`,
    );
  const file = object(text);
  if (file['format'] !== FORMAT) throw bad(`"format" is ${short(file['format'])}; it must be "${FORMAT}".`);
  const { version, lesson, step, replay, engine, loss } = file;
  if (typeof version !== 'number' || !Number.isInteger(version) || version < 1)
    throw bad(`"version" is ${short(version)}; it must be a whole number from 1 to ${FILE_VERSION}.`);
  if (version > FILE_VERSION)
    throw bad(
      `This run has version ${version}; this page reads up to ${FILE_VERSION}. Reload the page for a newer one.`,
    );
  for (const name of Object.keys(file))
    if (!FIELDS.includes(name))
      throw bad(`A run has no field "${name.slice(0, 40)}"; its fields are ${FIELDS.join(', ')}.`);
  if (lesson !== slug)
    throw bad(`This run belongs to the lesson ${short(lesson)}; this one is "${slug}". Open it there.`);
  if (typeof step !== 'number' || !Number.isInteger(step) || step < 0 || step > 1e9)
    throw bad(`"step" is ${short(step)}; it must be a whole number from 0 to 1000000000.`);
  if (typeof replay !== 'boolean') throw bad(`"replay" is ${short(replay)}; it must be true or false.`);
  if (loss !== null && (typeof loss !== 'number' || !Number.isFinite(loss)))
    throw bad(`"loss" is ${short(loss)}; it must be a number or null.`);
  if (typeof engine !== 'string') throw bad(`"engine" is ${short(engine)}; it must be a text.`);
  let state: DemoState;
  try {
    state = parseState({ seed: file['seed'], options: file['options'], step: 0 }, slug, table, seed);
  } catch (reason) {
    throw bad(reason instanceof Error ? reason.message : String(reason));
  }
  return { state, run: file as unknown as RunFile };
}
