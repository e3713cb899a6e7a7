/**
 * First layer of a demo: its options, seed, language, theme and state; attributes and links in, checked values out.
 * Nothing here trains or draws. run-element.ts adds the session, lab-element.ts the frame.
 */
import { LitElement } from 'lit';
import { follow_theme } from '../styles/theme.ts';
import type { Lang } from '../lab/types.ts';
import { resolveLang, t } from './language.ts';
import { later } from './load-later.ts';
import { attributeOf, defaults, type Label, type OptionTable, type OptionValues } from './option.ts';
import { toLabError, bad } from './problem.ts';
import type { Notice } from './problems.ts';
import { strings, type StringName } from './strings.ts';
import { checkSeed, compactState, parseState, STATE_VERSION, type DemoState } from './state.ts';

export interface OptionClass {
  slug: string;
  titles: Label;
  question: Label;
  options: OptionTable;
  seed: number;
}

const READ_BY_HAND = ['seed', 'lang', 'theme', 'hide', 'state'];

export abstract class OptionElement<O extends OptionTable = OptionTable> extends LitElement {
  /** Second half of the tag name and the lesson's address. */
  static slug = '';
  static titles: Label = { en: '', ja: '' };
  static question: Label = { en: '', ja: '' };
  static options: OptionTable = {};
  /** Seed used when none is given. */
  static seed = 1;

  static override get observedAttributes(): string[] {
    return [...super.observedAttributes, ...READ_BY_HAND, ...Object.keys(this.options).map(attributeOf)];
  }

  /** The checked options. Read them in config(), views() and picture(); change them by change(). */
  protected opt: OptionValues<O>;
  protected langNow: Lang = 'en';
  protected notice: Notice | undefined;
  #seed: number;
  #undo: (() => void)[] = [];
  #read = false;

  constructor() {
    super();
    const kind = this.kind;
    for (const name of Object.keys(kind.options))
      if (READ_BY_HAND.includes(name))
        throw new Error(`Option "${name}" of ${kind.slug}: the name is taken.`);
    this.opt = defaults(kind.options) as OptionValues<O>;
    this.#seed = kind.seed;
  }

  /** The static declarations of the lesson's class. */
  protected get kind(): OptionClass {
    return this.constructor as unknown as OptionClass;
  }

  /** true for the second of two runs beside each other (later/twin.ts): it saves nothing and reads no address. */
  protected get isTwin(): boolean {
    return this.hasAttribute('twin');
  }

  get seed(): number {
    return this.#seed;
  }
  /** Setting the seed starts the run afresh. */
  set seed(value: number) {
    const seed = checkSeed(value);
    if (seed === this.#seed) return;
    this.#seed = seed;
    if (this.#read) this.stateChanged('seed', []);
  }

  override connectedCallback(): void {
    this.langNow = resolveLang(this);
    super.connectedCallback();
    this.#undo.push(follow_theme(this, () => this.requestUpdate()));
    const languages = new MutationObserver(() => this.#refreshLang());
    languages.observe(document.documentElement, { attributes: true, attributeFilter: ['lang'] });
    const onHash = (): void => {
      const text = this.#hashText();
      if (text !== undefined && this.#read) void this.#readLink(text);
    };
    window.addEventListener('hashchange', onHash);
    this.#undo.push(
      () => languages.disconnect(),
      () => window.removeEventListener('hashchange', onHash),
    );
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const undo of this.#undo.splice(0)) undo();
  }

  override attributeChangedCallback(name: string, before: string | null, after: string | null): void {
    super.attributeChangedCallback(name, before, after);
    if (name === 'lang') this.#refreshLang();
    else if (name === 'hide' || name === 'theme') this.requestUpdate();
    else if (this.#read && after !== null && after !== before) {
      if (name === 'state') void this.#readLink(after);
      else this.#readAttribute(name, after);
    }
  }

  #refreshLang(): void {
    const lang = resolveLang(this);
    if (lang === this.langNow) return;
    this.langNow = lang;
    this.requestUpdate();
  }

  /** A text in the demo's language: this.t({ en: '…', ja: '…' }). */
  protected t(label: Label): string {
    return t(label, this.langNow);
  }
  /** A text of the frame by name. */
  protected s(name: StringName): string {
    return t(strings[name], this.langNow);
  }

  /** Reads attributes and the shared link once, before the first run. Wrong ones leave a notice and the default. */
  protected async readStart(): Promise<number> {
    if (this.#read) return 0;
    for (const name of [...Object.keys(this.kind.options).map(attributeOf), 'seed']) {
      const text = this.getAttribute(name);
      if (text !== null) this.#readAttribute(name, text);
    }
    const link = this.getAttribute('state');
    const shared = this.#hashText();
    const text = shared ?? link;
    const step = text === undefined || text === null ? 0 : await this.#readLink(text);
    this.#read = true;
    return step;
  }

  #readAttribute(name: string, text: string): void {
    const optionName = Object.keys(this.kind.options).find((n) => attributeOf(n) === name);
    try {
      if (name === 'seed') {
        this.seed = /^\d+$/u.test(text.trim()) ? Number(text) : checkSeed(text);
      } else if (optionName) {
        const o = this.kind.options[optionName];
        if (o) this.change({ [optionName]: o.read(text) } as Partial<OptionValues<O>>);
      }
    } catch (reason) {
      this.#tell('bad_value', reason);
    }
    // `hidden` is also HTML's own attribute: taken over, so that a page's [hidden] rule does not hide the demo.
    if (name === 'hidden' && optionName) this.removeAttribute('hidden');
  }

  async #readLink(text: string): Promise<number> {
    try {
      const { decodeState } = await later();
      const state = this.parse(await decodeState(text));
      this.#take(state);
      if (this.#read) this.stateChanged('state', Object.keys(state.options), state.step);
      return state.step;
    } catch (reason) {
      this.#tell('bad_link', reason);
      return 0;
    }
  }

  /** slug, or slug.2 for the page's second demo of its kind: the name under which its state stands in the address. */
  protected hashKey(): string {
    const at = [...document.querySelectorAll(this.localName)].indexOf(this);
    return at > 0 ? `${this.kind.slug}.${at + 1}` : this.kind.slug;
  }

  /** The state that the page's address holds for this demo: #slug=… It wins over the attribute, for it is newer. */
  #hashText(): string | undefined {
    if (this.isTwin) return undefined; // the address speaks to the first demo
    const prefix = `#${this.hashKey()}=`;
    const { hash } = window.location;
    return hash.startsWith(prefix) ? hash.slice(prefix.length) : undefined;
  }

  #tell(title: StringName, reason: unknown): void {
    this.notice = { title: this.s(title), message: toLabError(reason) };
    this.requestUpdate();
  }

  protected parse(value: unknown): DemoState & { options: OptionValues<O> } {
    return parseState(value, this.kind.slug, this.kind.options as O, this.kind.seed);
  }

  #take(state: { seed: number; options: OptionValues<O> }): void {
    this.#seed = state.seed;
    this.opt = state.options;
    this.requestUpdate();
  }

  /**
   * Changes options; each value is checked, and a LabError leaves everything as it was.
   * What follows depends on the options changed: rebuild, configure() (live) or only a redraw (view).
   */
  protected change(values: Partial<OptionValues<O>>): void {
    const next = { ...this.opt } as Record<string, unknown>;
    const changed: string[] = [];
    for (const [name, value] of Object.entries(values)) {
      const o = this.kind.options[name];
      if (!o) throw bad(`There is no option "${name}".`);
      const checked: unknown = o.parse(value, name);
      if (JSON.stringify(checked) === JSON.stringify(next[name])) continue;
      next[name] = checked;
      changed.push(name);
    }
    if (changed.length === 0) return;
    this.opt = next as OptionValues<O>;
    this.notice = undefined;
    this.requestUpdate();
    if (this.#read) this.stateChanged('options', changed);
  }

  /** Implemented by the running layer. `step`: replay that many steps after the rebuild. */
  protected abstract stateChanged(what: 'seed' | 'options' | 'state', changed: string[], step?: number): void;

  /** Steps that another page can replay to the same bits from this state; 0 when unknown. */
  protected replayableStep(): number {
    return 0;
  }

  getState(): DemoState {
    return {
      v: STATE_VERSION,
      slug: this.kind.slug,
      seed: this.#seed,
      step: this.replayableStep(),
      options: { ...this.opt },
    };
  }

  /** Takes a state as getState() gives it; missing fields mean defaults. Throws LabError and changes nothing if it is wrong. */
  setState(value: unknown): void {
    const state = this.parse(value);
    this.notice = undefined;
    this.#take(state);
    if (this.#read) this.stateChanged('state', Object.keys(state.options), state.step);
    else {
      this.#read = true; // it says everything that the attributes could say
      this.startStep = state.step;
    }
  }
  /** Steps to replay at the first build, when setState came before it. */
  protected startStep = 0;

  /** The present state as the text of a link. */
  protected async encoded(): Promise<string> {
    const { linkState } = await later();
    return linkState(compactState(this.getState(), this.kind.options));
  }
}
