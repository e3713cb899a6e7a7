/**
 * Second layer of a demo: its session. Opens near the viewport or when asked, ends when the element is removed, opens again after a failure;
 * calls to the core go one after another through one queue. What runs in it is the next layer's business (run-element.ts).
 */
import { prepare, Session, type EngineName, type OpenOptions, type Report } from '../lab/index.ts';
import { OptionElement } from './option-element.ts';
import type { OptionTable } from './option.ts';
import { LabError, toLabError } from './problem.ts';
import { watchVisibility } from './visibility.ts';

interface Deferred {
  promise: Promise<void>;
  resolve(): void;
  reject(reason: unknown): void;
}
function deferred(): Deferred {
  const out: Partial<Deferred> = {};
  out.promise = new Promise<void>((resolve, reject) => Object.assign(out, { resolve, reject }));
  out.promise.catch(() => undefined); // nobody may be waiting; the failure is shown in place
  return out as Deferred;
}

export abstract class SessionElement<O extends OptionTable = OptionTable> extends OptionElement<O> {
  /** The engine it needs: 'text' or 'whole' for language models, which the small one (half the bytes) leaves out. */
  static engine: EngineName = 'small';
  /** Called when the demo's code is there: the engine comes while the page is still being laid out. */
  static prepare(): void {
    prepare(this.engine);
  }

  /** Which binary trains: 'simd128' gives the same bits everywhere. */
  protected variant(): 'simd128' | 'relaxed' | 'auto' {
    return 'simd128';
  }
  /** The session is open: build the first run, with that many steps replayed. */
  protected abstract sessionOpened(session: Session, step: number): Promise<void>;
  /** The first run stands and 'x2g-ready' is told. */
  protected abstract sessionReady(step: number): void;
  protected abstract sessionReported(report: Report): void;
  /** It failed: nothing runs any more. */
  protected abstract sessionFailed(): void;
  /** The element was removed: forget the run. Called before the session ends. */
  protected abstract sessionClosing(): void;
  /** The demo came near the viewport or left it. */
  protected abstract nearChanged(near: boolean): void;

  /** The newest report; undefined until the engine is ready. */
  report: Report | undefined;

  protected session: Session | undefined;
  protected failure: LabError | undefined;
  /** undefined until the browser has told. */
  protected near: boolean | undefined;
  #ready = deferred();
  #queue: Promise<unknown> = Promise.resolve();
  #opening: Promise<void> | undefined;
  #abort = new AbortController();
  #extra = new Set<Session>();
  #leave: (() => void) | undefined;

  /** Resolves when the run can be used. Asking for it opens the engine even off-screen. */
  get ready(): Promise<void> {
    if (this.isConnected) void this.open().catch(() => undefined);
    return this.#ready.promise;
  }
  /** Aborted when the element is removed. */
  protected get signal(): AbortSignal {
    return this.#abort.signal;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#leave = watchVisibility(this, (near) => this.#seen(near));
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#leave?.();
    this.#leave = undefined;
    // A move within the document disconnects and connects in one go: look again once it is over.
    queueMicrotask(() => {
      if (!this.isConnected) this.#close();
    });
  }

  #seen(near: boolean): void {
    this.near = near;
    if (near) void this.open().catch(() => undefined);
    this.nearChanged(near);
  }

  #close(): void {
    this.sessionClosing();
    this.#abort.abort();
    this.session?.dispose();
    for (const session of this.#extra) session.dispose();
    this.#extra.clear();
    this.session = undefined;
    this.#opening = undefined;
    this.#queue = Promise.resolve();
    this.#ready = deferred();
    this.#abort = new AbortController();
    this.requestUpdate();
  }

  /** Opens the session and builds the first run, once. */
  protected open(): Promise<void> {
    this.#opening ??= this.#open();
    return this.#opening;
  }

  #parts(signal: AbortSignal): OpenOptions {
    const { engine } = this.constructor as typeof SessionElement;
    return { variant: this.variant(), engine, signal };
  }

  async #open(): Promise<void> {
    const { signal } = this.#abort;
    try {
      this.failure = undefined;
      const step = (await this.readStart()) || this.startStep;
      const session = await Session.open(this.#parts(signal));
      if (signal.aborted) {
        session.dispose();
        return;
      }
      this.session = session;
      session.onReport((report) => {
        if (this.session === session) this.sessionReported(report);
      });
      session.onFailure((error, recovered) => {
        if (this.session === session) this.#engineDied(error, recovered);
      });
      await this.sessionOpened(session, step);
      this.#ready.resolve();
      this.emit('x2g-ready');
      this.sessionReady(step);
    } catch (reason) {
      if (signal.aborted) return;
      this.#opening = undefined;
      const error = toLabError(reason);
      this.#ready.reject(error);
      this.#ready = deferred();
      this.session?.dispose();
      this.session = undefined;
      this.fail(error);
      throw error;
    }
  }

  /** Runs `work` after everything asked for before it. Rejects when the element was removed meanwhile. */
  protected enqueue<T>(work: (session: Session) => Promise<T>): Promise<T> {
    const { signal } = this.#abort;
    const next = this.#queue.then(() => {
      if (signal.aborted || !this.session)
        throw new LabError('bad_state', 'The demo was removed from the page.');
      return work(this.session);
    });
    this.#queue = next.catch(() => undefined);
    return next;
  }

  /** Opens for a call from outside; false when the element was removed meanwhile. */
  protected async opened(): Promise<boolean> {
    const { signal } = this.#abort;
    await this.open();
    return !signal.aborted;
  }

  /** Tells the page: 'x2g-error' with the error, the others with the newest report. */
  protected emit(type: 'x2g-ready' | 'x2g-step' | 'x2g-done' | 'x2g-error', error?: LabError): void {
    const detail = error ? { error, code: error.code, message: error.message } : { report: this.report };
    this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true }));
  }

  /** An error that ends the run: shown in place with a retry. */
  protected fail(error: LabError): void {
    this.failure = error;
    this.sessionFailed();
    this.requestUpdate();
    this.emit('x2g-error', error);
  }

  /** The engine died: the session has started another from its last snapshot, or says that it could not. */
  #engineDied(error: LabError, recovered: boolean): void {
    if (recovered) {
      this.notice = { title: '', message: this.s('recovered') };
      this.requestUpdate();
      return;
    }
    this.session?.dispose();
    this.session = undefined;
    this.#opening = undefined; // a retry opens another one
    this.fail(error);
  }

  /** Does it and shows what goes wrong. When the element was removed meanwhile there is nothing to tell anyone. */
  protected async attempt(work: () => Promise<unknown>): Promise<void> {
    const { signal } = this.#abort;
    try {
      await work();
    } catch (reason) {
      if (signal.aborted || !this.session) return;
      const error = toLabError(reason);
      if (error.code === 'bad_state' || error.code === 'invalid_argument') {
        this.notice = { title: '', message: error };
        this.requestUpdate();
      } else this.fail(error);
      throw error;
    }
  }

  /** One more session beside the main one (twin runs). Ends with the element; give it to drop() when it is done with. */
  protected async extraSession(): Promise<Session> {
    const { signal } = this.#abort;
    const session = await Session.open(this.#parts(signal));
    if (signal.aborted) {
      session.dispose();
      throw new LabError('bad_state', 'The demo was removed from the page.');
    }
    this.#extra.add(session);
    return session;
  }

  /**
   * Work in a session of its own, which ends with it. Aborting what is returned stops it, as does removing the element; `over` is called
   * when it has ended, however that was, and the demo is drawn again.
   */
  protected aside(
    work: (session: Session, stop: AbortSignal) => Promise<void>,
    over: () => void,
  ): AbortController {
    const stop = new AbortController();
    const signal = AbortSignal.any([this.signal, stop.signal]);
    void this.extraSession()
      .then((session) => work(session, signal).finally(() => this.drop(session)))
      .catch(() => undefined)
      .finally(() => {
        over();
        this.requestUpdate();
      });
    this.requestUpdate();
    return stop;
  }

  protected drop(session: Session): void {
    session.dispose();
    this.#extra.delete(session);
  }
}
