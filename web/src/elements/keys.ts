/**
 * Keys inside a focused demo: Space, →, ←, R, ?. Never while typing, never instead of what a control does with the key itself.
 */
export interface KeyActions {
  toggle(): void;
  step(): void;
  back(): void;
  reset(): void;
  help(): void;
}

/** What a key event means here, or undefined when it belongs to someone else. Pure, so that it can be tested without a page. */
export function keyAction(
  event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'defaultPrevented'>,
  target: { tag: string; type?: string; editable?: boolean },
): keyof KeyActions | undefined {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return undefined;
  const tag = target.tag.toLowerCase();
  const ticked = tag === 'input' && target.type === 'checkbox';
  if (target.editable || tag === 'select' || tag === 'textarea' || (tag === 'input' && !ticked))
    return undefined;
  const presses = ticked || ['button', 'summary', 'a', 'option'].includes(tag);
  switch (event.key) {
    case ' ':
      return presses ? undefined : 'toggle';
    case 'ArrowRight':
      return 'step';
    case 'ArrowLeft':
      return 'back';
    case 'r':
    case 'R':
      return 'reset';
    case '?':
      return 'help';
    default:
      return undefined;
  }
}

export function handleKey(event: KeyboardEvent, actions: KeyActions): void {
  const first = event.composedPath()[0];
  if (!(first instanceof HTMLElement)) return;
  const type = first instanceof HTMLInputElement ? first.type : undefined;
  const action = keyAction(event, {
    tag: first.localName,
    ...(type ? { type } : {}),
    editable: first.isContentEditable,
  });
  if (!action) return;
  event.preventDefault();
  actions[action]();
}
