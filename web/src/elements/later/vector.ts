/**
 * The picture of a demo as SVG: its drawings paint once more on a context that writes paths and texts (plot/svg-context.ts). What is no
 * drawing of lines, a text that grows or a table of cells, stands inside as an image.
 */
import { escaped, SvgContext } from '../../plot/svg-context.ts';
import { MARGIN, TITLE, type Pictured } from './picture.ts';

/** All drawings inside `figure` at their places, on the background color, under a title. */
export function vectorBlob(figure: HTMLElement | null, title: string, style: CSSStyleDeclaration): Blob {
  const box = figure?.getBoundingClientRect();
  const width = Math.ceil((box?.width ?? 1) + 2 * MARGIN);
  const height = Math.ceil((box?.height ?? 1) + 2 * MARGIN + TITLE);
  const value = (name: string): string => escaped(style.getPropertyValue(name).trim());
  const measure = document.createElement('canvas').getContext('2d') ?? undefined;
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="${width}" height="${height}" fill="${value('--x2g-bg')}"/>`,
    `<text x="${MARGIN}" y="${MARGIN + 13}" font-size="16" font-weight="600" font-family="${value('--x2g-font')}" fill="${value('--x2g-ink')}">${escaped(title)}</text>`,
  ];
  for (const node of figure?.querySelectorAll<Pictured>('[data-plot]') ?? []) {
    const ctx = new SvgContext(measure);
    const drawn = node.paintOn?.(ctx as unknown as CanvasRenderingContext2D) ?? asImage(node, ctx);
    if (!drawn || !box) continue;
    const at = `x="${MARGIN + drawn.left - box.left}" y="${MARGIN + TITLE + drawn.top - box.top}"`;
    parts.push(`<svg ${at} width="${drawn.width}" height="${drawn.height}">`, ...ctx.parts, '</svg>');
  }
  return new Blob([parts.join('\n'), '\n</svg>\n'], { type: 'image/svg+xml' });
}

function asImage(node: Pictured, ctx: SvgContext): DOMRect | undefined {
  const drawn = node.snapshot();
  if (drawn) ctx.drawImage(drawn.image, 0, 0, drawn.box.width, drawn.box.height);
  return drawn?.box;
}
