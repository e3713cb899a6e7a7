/**
 * Saves a demo's run as run.json and makes it again from one: options, seed and data are taken over, the steps trained anew, and the loss held
 * to the one in the file. What the file may hold is run-file.ts's business.
 */
import type { Label, OptionTable } from '../option.ts';
import { LabError } from '../problem.ts';
import { readRun, writeRun, FILE_LIMIT } from './run-file.ts';
import type { RunOfDemo } from './twin.ts';
import { formatCount, formatNumber } from '../../math/format.ts';

export interface RunFileHost {
  slug: string;
  options: OptionTable;
  /** Seed used when none is given. */
  seed: number;
  demo(): RunOfDemo;
  exact(): boolean;
  engine(): string;
  /** Whether so many steps are made again without asking: small runs, not GPTs. */
  replays(): boolean;
}

/** Steps made again at a time, so that the picture shows how it goes. */
const CHUNK = 2000;

export function runText(host: RunFileHost): string {
  const demo = host.demo();
  const data = demo.data();
  return writeRun({
    lesson: host.slug,
    engine: host.engine(),
    seed: demo.seed,
    step: demo.report?.step ?? 0,
    replay: host.exact(),
    options: demo.getState().options,
    ...(data === undefined ? {} : { data }),
    loss: demo.report && Number.isFinite(demo.report.loss) ? demo.report.loss : null,
  });
}

const s = (en: string, ja: string): Label => ({ en, ja });

/** Makes the run of a file again; what to tell the reader then. Throws a LabError and changes nothing when the file is wrong. */
export async function openRun(host: RunFileHost, file: Pick<File, 'size' | 'text'>): Promise<Label> {
  if (file.size > FILE_LIMIT)
    throw new LabError(
      'bad_file',
      `This file has ${file.size} bytes; a run has at most ${FILE_LIMIT}. Choose a run.json saved by this lab.`,
    );
  const { state, run } = readRun(await file.text(), host.slug, host.options, host.seed);
  const demo = host.demo();
  demo.takeData(run.data);
  demo.setState(state);
  await demo.enqueue(() => Promise.resolve()); // the run stands
  const [step, loss] = [formatCount(run.step), formatNumber(run.loss ?? Number.NaN, 6)];
  if (run.step === 0) return s('The run stands at its beginning.', '実行を最初の状態にしました。');
  if (!run.replay)
    return s(
      `That run was changed by hand or while it ran, up to step ${step}. Here it stands at its beginning.`,
      `この実行はステップ${step}までの途中で手を加えられています。ここでは最初の状態にしました。`,
    );
  if (!host.replays())
    return s(
      `The run stands at its beginning. At step ${step} its loss was ${loss}: press Run to get there.`,
      `実行を最初の状態にしました。ステップ${step}での損失は${loss}でした。「実行」で進めてください。`,
    );
  for (let at = 0; at < run.step; at = demo.report?.step ?? run.step) {
    const goal = Math.min(run.step, at + CHUNK);
    await demo.step(goal - at);
    if (demo.report?.step !== goal)
      return s(`The run was stopped on the way to step ${step}.`, `ステップ${step}への途中で止まりました。`);
  }
  const found = demo.report?.loss;
  if (found === run.loss)
    return s(
      `The run was made again: ${step} steps, loss ${loss}, the same to the last bit.`,
      `同じ実行を再現しました。${step}ステップ、損失${loss}で、最後の桁まで一致しています。`,
    );
  return s(
    `The run was made again, but after ${step} steps the loss is ${formatNumber(found ?? Number.NaN, 6)}, not ${loss}. The file was made by version ${run.engine.slice(0, 40)}; this is ${host.engine()}.`,
    `実行をやり直しましたが、${step}ステップ後の損失は${loss}ではなく${formatNumber(found ?? Number.NaN, 6)}です。ファイルはバージョン${run.engine.slice(0, 40)}、このページは${host.engine()}です。`,
  );
}
