/**
 * The value of a box that is typed into: `<input ${typed(text)}>`. A demo draws itself again at every step, and what somebody is in the middle
 * of typing must outlive that: from the first key until the value is taken or the box is left, the box keeps what it shows.
 * Otherwise it shows `text`, also after a value was refused (as with Lit's live()).
 */
import { noChange } from 'lit';
import { Directive, directive, type ElementPart } from 'lit/directive.js';

class Typed extends Directive {
  #box: HTMLInputElement | HTMLTextAreaElement | undefined;
  #unfinished = false;

  override render(_text: string): unknown {
    return noChange;
  }

  override update(part: ElementPart, [text]: [string]): unknown {
    this.#box ??= this.#listen(part.element as HTMLInputElement);
    if (!this.#unfinished && this.#box.value !== text) this.#box.value = text;
    return noChange;
  }

  #listen(box: HTMLInputElement): HTMLInputElement {
    box.addEventListener('input', () => (this.#unfinished = true));
    // On the way down: over before the box's own listener takes the value and has it drawn.
    for (const end of ['change', 'blur'])
      box.addEventListener(end, () => (this.#unfinished = false), { capture: true });
    return box;
  }
}

export const typed = directive(Typed);
