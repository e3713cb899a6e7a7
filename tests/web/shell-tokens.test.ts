// The color tokens keep the promises of the page guide: the table's values, contrast, one dark theme, one place.
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const css = readFileSync(new URL('../../web/src/styles/tokens.css', import.meta.url), 'utf8');

/** The --x2g-* colors of each rule in order: light, dark by choice, dark by the system. */
const themes = [...css.matchAll(/\{([^{}]*)\}/g)]
  .map(([, body]) =>
    Object.fromEntries(
      [...body!.matchAll(/--x2g-([\w-]+):\s*(#[0-9a-f]{6}|rgb\([^)]*\));/g)].map(([, k, v]) => [k!, v!]),
    ),
  )
  .filter((colors) => 'ink' in colors) as Record<string, string>[];

const channel = (hex: string, at: number): number => {
  const c = parseInt(hex.slice(at, at + 2), 16) / 255;
  return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
};
const luminance = (hex: string): number =>
  0.2126 * channel(hex, 1) + 0.7152 * channel(hex, 3) + 0.0722 * channel(hex, 5);
/** WCAG 2 contrast of two colors. */
function contrast(a: string, b: string): number {
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

// The page guide's table: light, dark.
const table: Record<string, [string, string]> = {
  positive: ['#0b63ce', '#6cb2ff'],
  negative: ['#b35300', '#ffa657'],
  query: ['#6f42c1', '#b79cff'],
  key: ['#0a7567', '#4fd1b8'],
  value: ['#b3246b', '#ff8cc2'],
  train: ['#334155', '#cbd5e1'],
  valid: ['#7a5c00', '#f2c14e'],
  gradient: ['#b4232c', '#ff8a8a'],
  muted: ['#5b6470', '#9aa4b2'],
  bg: ['#ffffff', '#17181c'],
};

describe('color tokens', () => {
  it('have a light theme and one dark theme, written twice alike', () => {
    expect(themes).toHaveLength(3);
    expect(themes[2]).toEqual(themes[1]);
    expect(Object.keys(themes[1]!).sort()).toEqual(
      Object.keys(themes[0]!)
        .sort()
        .filter((name) => name in themes[1]!),
    );
    expect(Object.keys(themes[0]!).filter((name) => !(name in themes[1]!))).toEqual([]);
  });

  it.each(Object.entries(table))('give %s the value of the table', (name, [light, dark]) => {
    expect([themes[0]![name], themes[1]![name]]).toEqual([light, dark]);
  });

  it.each(['light', 'dark'])('stand at 4.5:1 or more on background and surface (%s)', (theme) => {
    const colors = themes[theme === 'light' ? 0 : 1]!;
    const read = [
      'positive',
      'negative',
      'query',
      'key',
      'value',
      'train',
      'valid',
      'gradient',
      'ink',
      'muted',
      'accent',
    ];
    for (const name of read)
      for (const ground of ['bg', 'surface'])
        expect(contrast(colors[name]!, colors[ground]!), `${name} on ${ground}`).toBeGreaterThanOrEqual(4.5);
    expect(contrast(colors['on-accent']!, colors.accent!)).toBeGreaterThanOrEqual(4.5);
    for (const edge of ['line-strong', 'focus'])
      expect(contrast(colors[edge]!, colors.bg!), edge).toBeGreaterThanOrEqual(3);
  });

  it('are the only colors in the style sheets and pages', () => {
    const root = new URL('../../web/src/', import.meta.url);
    const named = readdirSync(root, { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.(css|astro)$/.test(file) && !file.endsWith('tokens.css'))
      .filter((file) =>
        /#[0-9a-f]{3,8}\b|\b(rgba?|hsla?|oklch)\(/i.test(readFileSync(new URL(file, root), 'utf8')),
      );
    expect(named).toEqual([]);
  });
});
