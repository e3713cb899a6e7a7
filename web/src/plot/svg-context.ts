/**
 * A canvas context that writes SVG: the drawings paint on it as on a canvas, and what they drew comes out as paths and texts. It knows what the
 * drawings of this folder use and nothing more; a pixel image (the colors of a plane) is kept as an image inside. Nothing of the page gets
 * into the file but numbers, colors and texts, all of them escaped.
 */
type Matrix = [number, number, number, number, number, number];
interface State {
  fillStyle: string;
  strokeStyle: string;
  lineWidth: number;
  lineJoin: string;
  lineCap: string;
  globalAlpha: number;
  font: string;
  textAlign: CanvasTextAlign;
  textBaseline: CanvasTextBaseline;
  imageSmoothingEnabled: boolean;
  dash: number[];
  matrix: Matrix;
  clip: string;
}

const fresh = (): State => ({
  fillStyle: '#000',
  strokeStyle: '#000',
  lineWidth: 1,
  lineJoin: 'round',
  lineCap: 'round',
  globalAlpha: 1,
  font: '10px sans-serif',
  textAlign: 'start',
  textBaseline: 'alphabetic',
  imageSmoothingEnabled: true,
  dash: [],
  matrix: [1, 0, 0, 1, 0, 0],
  clip: '',
});

export const escaped = (text: string): string =>
  text
    .replace(/[&<>"']/gu, (c) => `&#${c.codePointAt(0)};`)
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '');
const n = (value: number): string => String(Math.round(value * 100) / 100);

const anchors: Record<string, string> = {
  left: 'start',
  start: 'start',
  center: 'middle',
  right: 'end',
  end: 'end',
};
/** Baselines as shares of the letters' height: programs differ in what they make of the attribute, none in what they make of dy. */
const rises: Record<string, number> = {
  top: 0.8,
  hanging: 0.75,
  middle: 0.32,
  alphabetic: 0,
  ideographic: -0.1,
  bottom: -0.2,
};

let clips = 0;

export class SvgContext {
  /** What has been drawn, as markup. */
  readonly parts: string[] = [];
  #path = '';
  #state = fresh();
  #kept: State[] = [];
  readonly #measure: CanvasRenderingContext2D | undefined;

  /** `measure`: a real context, for the widths of texts. */
  constructor(measure?: CanvasRenderingContext2D) {
    this.#measure = measure;
    // The state's fields are the context's own: ctx.fillStyle = …
    for (const name of Object.keys(this.#state).filter((key) => !['dash', 'matrix', 'clip'].includes(key)))
      Object.defineProperty(this, name, {
        get: () => this.#state[name as keyof State],
        set: (value: never) => void (this.#state[name as keyof State] = value),
      });
  }

  save(): void {
    this.#kept.push({ ...this.#state, dash: [...this.#state.dash] });
  }
  restore(): void {
    this.#state = this.#kept.pop() ?? this.#state;
  }
  setLineDash(dash: number[]): void {
    this.#state.dash = dash;
  }
  setTransform(): void {
    this.#state.matrix = [1, 0, 0, 1, 0, 0]; // pixel ratios mean nothing here
  }
  translate(x: number, y: number): void {
    this.#times([1, 0, 0, 1, x, y]);
  }
  rotate(angle: number): void {
    this.#times([Math.cos(angle), Math.sin(angle), -Math.sin(angle), Math.cos(angle), 0, 0]);
  }
  scale(x: number, y: number): void {
    this.#times([x, 0, 0, y, 0, 0]);
  }
  #times([a, b, c, d, e, f]: Matrix): void {
    const [A, B, C, D, E, F] = this.#state.matrix;
    this.#state.matrix = [
      A * a + C * b,
      B * a + D * b,
      A * c + C * d,
      B * c + D * d,
      A * e + C * f + E,
      B * e + D * f + F,
    ];
  }

  beginPath(): void {
    this.#path = '';
  }
  closePath(): void {
    this.#path += 'Z';
  }
  moveTo(x: number, y: number): void {
    this.#path += `M${n(x)} ${n(y)}`;
  }
  lineTo(x: number, y: number): void {
    this.#path += `${this.#path ? 'L' : 'M'}${n(x)} ${n(y)}`;
  }
  bezierCurveTo(a: number, b: number, c: number, d: number, x: number, y: number): void {
    this.#path += `C${n(a)} ${n(b)} ${n(c)} ${n(d)} ${n(x)} ${n(y)}`;
  }
  rect(x: number, y: number, w: number, h: number): void {
    this.#path += `M${n(x)} ${n(y)}h${n(w)}v${n(h)}h${n(-w)}Z`;
  }
  roundRect(x: number, y: number, w: number, h: number, radius: number | number[]): void {
    const r = Math.min(
      typeof radius === 'number' ? radius : (radius[0] ?? 0),
      Math.abs(w) / 2,
      Math.abs(h) / 2,
    );
    const corner = (dx: number, dy: number): string => `a${n(r)} ${n(r)} 0 0 1 ${n(dx)} ${n(dy)}`;
    this.#path += `M${n(x + r)} ${n(y)}h${n(w - 2 * r)}${corner(r, r)}v${n(h - 2 * r)}${corner(-r, r)}h${n(2 * r - w)}${corner(-r, -r)}v${n(2 * r - h)}${corner(r, -r)}Z`;
  }
  arc(x: number, y: number, r: number, from: number, to: number, counter = false): void {
    const turn = Math.abs(to - from);
    const at = (angle: number): string => `${n(x + r * Math.cos(angle))} ${n(y + r * Math.sin(angle))}`;
    const sweep = counter ? 0 : 1;
    const start = `${this.#path && !this.#path.endsWith('Z') ? 'L' : 'M'}${at(from)}`;
    if (turn >= 2 * Math.PI - 1e-6) {
      const half = from + Math.PI;
      this.#path += `${start}A${n(r)} ${n(r)} 0 1 ${sweep} ${at(half)}A${n(r)} ${n(r)} 0 1 ${sweep} ${at(from)}`;
    } else this.#path += `${start}A${n(r)} ${n(r)} 0 ${turn > Math.PI ? 1 : 0} ${sweep} ${at(to)}`;
  }

  fill(): void {
    this.#draw(this.#path, this.#fill());
  }
  stroke(): void {
    this.#draw(this.#path, this.#stroke());
  }
  fillRect(x: number, y: number, w: number, h: number): void {
    this.#draw(`M${n(x)} ${n(y)}h${n(w)}v${n(h)}h${n(-w)}Z`, this.#fill());
  }
  strokeRect(x: number, y: number, w: number, h: number): void {
    this.#draw(`M${n(x)} ${n(y)}h${n(w)}v${n(h)}h${n(-w)}Z`, this.#stroke());
  }
  clearRect(): void {
    // It is empty to begin with.
  }
  clip(): void {
    clips += 1;
    const outer = this.#state.clip ? ` clip-path="url(#${this.#state.clip})"` : '';
    const id = `x2g-clip-${clips}`;
    this.parts.push(`<clipPath id="${id}"${outer}><path d="${this.#path}"${this.#transform()}/></clipPath>`);
    this.#state.clip = id;
  }

  measureText(text: string): TextMetrics {
    if (!this.#measure) return { width: 0.55 * this.#size() * text.length } as TextMetrics;
    this.#measure.font = this.#state.font;
    return this.#measure.measureText(text);
  }
  fillText(text: string, x: number, y: number): void {
    this.#text(text, x, y, this.#fill());
  }
  strokeText(text: string, x: number, y: number): void {
    this.#text(text, x, y, this.#stroke());
  }
  #size(): number {
    return Number(/(\d+(?:\.\d+)?)px/u.exec(this.#state.font)?.[1] ?? 10);
  }
  #text(text: string, x: number, y: number, paint: string): void {
    const { font, textAlign, textBaseline } = this.#state;
    const [, weight = '400', , family = 'sans-serif'] = /^(\d+)?\s*([\d.]+)px\s+(.*)$/u.exec(font) ?? [];
    const dy = (rises[textBaseline] ?? 0) * this.#size();
    this.#put(
      `<text x="${n(x)}" y="${n(y + dy)}" font-size="${n(this.#size())}" font-weight="${weight}" font-family="${escaped(family)}" text-anchor="${anchors[textAlign] ?? 'start'}"${paint}${this.#around()}>${escaped(text)}</text>`,
    );
  }

  /** A canvas that was painted pixel by pixel. */
  drawImage(image: CanvasImageSource, x: number, y: number, w: number, h: number): void {
    const url = pngOf(image);
    const rendering = this.#state.imageSmoothingEnabled ? '' : ' image-rendering="pixelated"';
    if (url)
      this.#put(
        `<image x="${n(x)}" y="${n(y)}" width="${n(w)}" height="${n(h)}" preserveAspectRatio="none" href="${url}"${rendering}${this.#around()}/>`,
      );
  }

  #fill(): string {
    return ` fill="${escaped(this.#state.fillStyle)}"`;
  }
  #stroke(): string {
    const { strokeStyle, lineWidth, lineJoin, lineCap, dash } = this.#state;
    const dashes = dash.length > 0 ? ` stroke-dasharray="${dash.map(n).join(' ')}"` : '';
    return ` fill="none" stroke="${escaped(strokeStyle)}" stroke-width="${n(lineWidth)}" stroke-linejoin="${lineJoin}" stroke-linecap="${lineCap}"${dashes}`;
  }
  #transform(): string {
    const { matrix } = this.#state;
    return matrix.join() === '1,0,0,1,0,0'
      ? ''
      : ` transform="matrix(${matrix.map((v) => String(Math.round(v * 1e4) / 1e4)).join(' ')})"`;
  }
  #around(): string {
    const { globalAlpha } = this.#state;
    return `${this.#transform()}${globalAlpha < 1 ? ` opacity="${n(globalAlpha)}"` : ''}`;
  }
  /** Inside a group where it is clipped: a clip stands in the picture's coordinates, not in the shape's. */
  #put(markup: string): void {
    const { clip } = this.#state;
    this.parts.push(clip ? `<g clip-path="url(#${clip})">${markup}</g>` : markup);
  }
  #draw(path: string, paint: string): void {
    if (path) this.#put(`<path d="${path}"${paint}${this.#around()}/>`);
  }
}

function pngOf(image: CanvasImageSource): string | undefined {
  const { width, height } = image as HTMLCanvasElement;
  if (typeof document === 'undefined' || !(width > 0 && height > 0)) return undefined;
  const copy = document.createElement('canvas');
  [copy.width, copy.height] = [width, height];
  copy.getContext('2d')?.drawImage(image, 0, 0);
  return copy.toDataURL('image/png');
}
