// The reader's choice on the site (its theme picker writes x2g-theme) holds for the reference too. Run before anything is drawn.
{
  let saved = '';
  try {
    saved = localStorage.getItem('x2g-theme');
    localStorage.setItem('tsd-theme', saved === 'light' || saved === 'dark' ? saved : 'os'); // TypeDoc's name for it
  } catch {
    // No storage: follow the system.
  }
  if (saved === 'light' || saved === 'dark') document.documentElement.dataset.theme = saved;
}
