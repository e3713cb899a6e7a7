/** The reader's marks on the course map: what was predicted and solved in each lesson, with a way to save and to forget them. */
import { forgetMarks, marksText, readMarks, type LessonMarks } from '../elements/later/marks';
import { download } from '../elements/later/download';
import type { Lang } from './lang';
import { say } from './words';

/** What a lesson's box says, or nothing when there is nothing to say. */
export function mark_text(own: LessonMarks | undefined, lang: Lang): string {
  const parts: string[] = [];
  if (own?.prediction) parts.push(say(own.prediction.right ? 'mark_right' : 'mark_predicted', lang));
  if (own && own.solved.length > 0)
    parts.push(
      say('mark_solved', lang, { n: own.solved.length, of: Math.max(own.exercises, own.solved.length) }),
    );
  return parts.join(lang === 'ja' ? '、' : ', ');
}

export function show_marks(page: Document = document): void {
  const map = page.querySelector<HTMLElement>('[data-x2g-map]');
  const panel = page.querySelector<HTMLElement>('[data-x2g-marks]');
  if (!map || !panel) return;
  const lang: Lang = page.documentElement.lang === 'ja' ? 'ja' : 'en';
  const draw = (): void => {
    const marks = readMarks();
    for (const place of map.querySelectorAll<HTMLElement>('[data-x2g-mark]')) {
      const text = mark_text(marks[place.dataset.x2gMark ?? ''], lang);
      place.textContent = text ? `✓ ${text}` : '';
      place.hidden = text === '';
    }
    panel.hidden = Object.keys(marks).length === 0;
  };
  panel.querySelector('[data-x2g-marks-save]')?.addEventListener('click', () => {
    download(new Blob([marksText(readMarks())], { type: 'application/json' }), 'xor2gpt-marks.json');
  });
  panel.querySelector('[data-x2g-marks-forget]')?.addEventListener('click', () => {
    forgetMarks();
    draw();
    page.querySelector<HTMLElement>('#map')?.focus();
  });
  addEventListener('pageshow', draw); // also when the page comes back from the browser's memory
  draw();
}
