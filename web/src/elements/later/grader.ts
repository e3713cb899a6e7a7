/**
 * Grades exercises by running them: reads the form, opens a session of its own, lets the lesson's check judge, throws the session away.
 * Holds what was answered and how many hints were taken; tells its host when that changed.
 */
import type { Session } from '../../lab/index.ts';
import { parseNumber } from '../../math/format.ts';
import { told, toLabError } from '../problem.ts';
import { markSolved } from './marks.ts';
import { strings } from './say.ts';
import type { Check, CheckAnswer, CheckResult } from '../types.ts';

export interface CheckState {
  busy: boolean;
  hints: number;
  result: CheckResult | undefined;
}

/** The answer in a form's fields, or what is missing. */
export function readAnswer(
  check: Check,
  read: (name: string) => string | undefined,
): CheckAnswer | CheckResult {
  if (check.input === 'choice') {
    const choice = read('choice');
    return choice === undefined ? { ok: false, message: strings.choose_one } : { values: [], choice };
  }
  const names = check.fields?.map((f) => f.id) ?? ['answer'];
  const values = names.map((name) => parseNumber(read(name) ?? ''));
  if (values.some((v) => !Number.isFinite(v))) return { ok: false, message: strings.fill_in };
  return { values, choice: undefined };
}

export interface GraderHost {
  slug: string;
  checks(): Check[];
  openSession(): Promise<Session>;
  dropSession(session: Session): void;
  redraw(): void;
}

export class Grader {
  readonly #host: GraderHost;
  readonly #states = new Map<string, CheckState>();

  constructor(host: GraderHost) {
    this.#host = host;
  }

  state(id: string): CheckState {
    let state = this.#states.get(id);
    if (!state) this.#states.set(id, (state = { busy: false, hints: 0, result: undefined }));
    return state;
  }

  hint(check: Check): void {
    const state = this.state(check.id);
    state.hints = Math.min(state.hints + 1, check.hints.length);
    this.#host.redraw();
  }

  async grade(check: Check, form: HTMLFormElement): Promise<void> {
    const state = this.state(check.id);
    if (state.busy) return;
    const data = new FormData(form);
    const answer = readAnswer(check, (name) => {
      const value = data.get(name);
      return typeof value === 'string' ? value : undefined;
    });
    if ('ok' in answer) {
      state.result = answer;
      this.#host.redraw();
      return;
    }
    state.busy = true;
    this.#host.redraw();
    let session: Session | undefined;
    try {
      session = await this.#host.openSession();
      state.result = await check.grade(answer, session);
      if (state.result.ok) markSolved(this.#host.slug, check.id, this.#host.checks().length);
    } catch (reason) {
      const error = toLabError(reason);
      const { text, english = '' } = told(error, 'ja');
      state.result = { ok: false, message: { en: error.message, ja: `${text} ${english}` } };
    } finally {
      if (session) this.#host.dropSession(session);
      state.busy = false;
      this.#host.redraw();
    }
  }
}
