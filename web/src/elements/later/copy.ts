/** A text to be taken away: shown with a button that copies it. Where the clipboard is closed the text is selected instead. */
import { html, type TemplateResult } from 'lit';
import type { Lang } from '../../lab/types.ts';
import { say } from './say.ts';

export function copyBlock(label: string, text: string, hook: string, lang: Lang): TemplateResult {
  const s = say(lang);
  const copy = async (event: Event): Promise<void> => {
    const button = event.currentTarget as HTMLButtonElement;
    const done = await copyText(text, button.closest('.copy-block')?.querySelector('pre'));
    const note = button.parentElement?.querySelector('.copied'); // no binding stands in it
    if (note) note.textContent = s(done ? 'copied' : 'copy_by_hand');
  };
  return html`
    <div class="copy-block">
      <div class="copy-head">
        <span class="label">${label}</span>
        <span class="copied fine" role="status"></span>
        <button type="button" class="quiet" @click=${copy}>${s('copy')}</button>
      </div>
      <pre data-x2g=${hook} tabindex="0" aria-label=${label}><code>${text}</code></pre>
    </div>
  `;
}

/** true when the text is in the clipboard; else it is selected, so that a key press copies it. */
export async function copyText(text: string, shown?: Node | null): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    if (shown) getSelection()?.selectAllChildren(shown);
    return false;
  }
}
