/**
 * The header's theme picker. ThemeProvider.astro reads the same key before the first paint; the choice is written to
 * <html data-theme>, which tokens.css and every demo follow.
 */
const key = 'x2g-theme';
const dark = matchMedia('(prefers-color-scheme: dark)');

function saved(): string {
  try {
    return localStorage.getItem(key) || 'auto';
  } catch {
    return 'auto';
  }
}

function apply(choice: string): void {
  const theme = choice === 'light' || choice === 'dark' ? choice : dark.matches ? 'dark' : 'light';
  document.documentElement.dataset.theme = theme;
}

export function connect_theme_picker(): void {
  const select = document.querySelector<HTMLSelectElement>('select[data-x2g-theme]');
  if (!select) return;
  let choice = saved();
  select.value = choice;
  select.addEventListener('change', () => {
    choice = select.value;
    apply(choice);
    try {
      localStorage.setItem(key, choice === 'auto' ? '' : choice);
    } catch {
      // No storage: the choice holds for this page.
    }
  });
  dark.addEventListener('change', () => apply(choice));
}
