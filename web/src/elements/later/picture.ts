/**
 * What leaves a demo as a file: the picture as PNG, and any blob. Draws what the drawings give (their canvases), never the page.
 */
/** A drawing that can hand over its picture and where that stands on the page: every element of web/src/plot. */
export interface Pictured extends HTMLElement {
  snapshot(): { image: CanvasImageSource; box: DOMRect } | undefined;
  /** Paints it on another context; drawings that are no lines have none. */
  paintOn?(ctx: CanvasRenderingContext2D): DOMRect | undefined;
}

const SCALE = 2;
export const MARGIN = 16;
export const TITLE = 32;

/** All drawings inside `figure` at their places, on the background color, under a title. */
export async function pictureBlob(
  figure: HTMLElement | null,
  title: string,
  style: CSSStyleDeclaration,
): Promise<Blob> {
  const box = figure?.getBoundingClientRect();
  const width = Math.max(1, box?.width ?? 1);
  const height = Math.max(1, box?.height ?? 1);
  const canvas = document.createElement('canvas');
  canvas.width = Math.round((width + 2 * MARGIN) * SCALE);
  canvas.height = Math.round((height + 2 * MARGIN + TITLE) * SCALE);
  const ctx = canvas.getContext('2d');
  if (!ctx) throw new Error('This browser gives no canvas to draw the picture on.');
  ctx.scale(SCALE, SCALE);
  ctx.fillStyle = style.getPropertyValue('--x2g-bg').trim();
  ctx.fillRect(0, 0, canvas.width, canvas.height);
  ctx.fillStyle = style.getPropertyValue('--x2g-ink').trim();
  ctx.font = `600 16px ${style.getPropertyValue('--x2g-font')}`;
  ctx.textBaseline = 'top';
  ctx.fillText(title, MARGIN, MARGIN);
  for (const node of figure?.querySelectorAll<Pictured>('[data-plot]') ?? []) {
    const drawn = node.snapshot();
    if (!drawn || !box) continue;
    const { left, top, width: w, height: h } = drawn.box;
    ctx.drawImage(drawn.image, MARGIN + left - box.left, MARGIN + TITLE + top - box.top, w, h);
  }
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => {
      if (blob) resolve(blob);
      else reject(new Error('The picture could not be written as PNG.'));
    }, 'image/png');
  });
}
