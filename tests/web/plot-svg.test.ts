/**
 * The context that writes SVG: what is drawn comes out at its place, clipped and turned as on a canvas, and no text becomes markup.
 * The drawings themselves are written out in Chromium (tests/browser/steps.checks.mjs).
 */
import { describe, expect, it } from 'vitest';
import { curveOf, placeGraph, planGraph } from '../../web/src/plot/graph-layout.ts';
import { paintEdge } from '../../web/src/plot/graph-paint.ts';
import { SvgContext } from '../../web/src/plot/svg-context.ts';
import { themeOf } from '../../web/src/plot/theme.ts';

const theme = themeOf({ getPropertyValue: (name) => (name === '--x2g-font' ? 'Inter' : '#123456') });
const canvas = (svg: SvgContext): CanvasRenderingContext2D => svg as unknown as CanvasRenderingContext2D;

describe('the SVG context', () => {
  it('writes paths as they are drawn', () => {
    const svg = new SvgContext();
    svg.beginPath();
    svg.moveTo(1, 2);
    svg.lineTo(3.005, 4);
    canvas(svg).strokeStyle = 'red';
    svg.setLineDash([6, 4]);
    svg.stroke();
    expect(svg.parts[0]).toContain('d="M1 2L3.01 4"');
    expect(svg.parts[0]).toContain('stroke="red"');
    expect(svg.parts[0]).toContain('stroke-dasharray="6 4"');
    svg.beginPath();
    svg.arc(10, 10, 5, 0, 2 * Math.PI);
    svg.fill();
    expect(svg.parts[1]).toContain('M15 10A5 5 0 1 1 5 10A5 5 0 1 1 15 10');
  });
  it('keeps the state with save and restore, and turns what is turned', () => {
    const svg = new SvgContext();
    const ctx = canvas(svg);
    ctx.fillStyle = 'blue';
    svg.save();
    ctx.fillStyle = 'green';
    svg.translate(2, 50);
    svg.rotate(-Math.PI / 2);
    svg.fillText('loss', 0, 0);
    svg.restore();
    svg.fillRect(0, 0, 1, 1);
    expect(svg.parts[0]).toMatch(/fill="green" transform="matrix\(0 -1 1 0 2 50\)">loss<\/text>$/u);
    expect(svg.parts[1]).toContain('fill="blue"/>');
  });
  it('clips in the coordinates of the picture', () => {
    const svg = new SvgContext();
    svg.beginPath();
    svg.rect(0, 0, 10, 10);
    svg.clip();
    svg.translate(5, 0);
    svg.fillRect(0, 0, 1, 1);
    const id = /id="([^"]+)"/u.exec(svg.parts[0] ?? '')?.[1];
    expect(svg.parts[1]).toMatch(
      new RegExp(`^<g clip-path="url\\(#${id}\\)"><path .*matrix\\(1 0 0 1 5 0\\)"/></g>$`, 'u'),
    );
  });
  it('escapes texts and fonts, and leaves out what XML cannot hold', () => {
    const svg = new SvgContext();
    canvas(svg).font = '600 12px "Noto Sans", sans-serif';
    svg.fillText('<script>alert("x")</script> & \u0000', 0, 0);
    expect(svg.parts[0]).not.toContain('<script');
    expect(svg.parts[0]).toContain('&#60;script&#62;');
    expect(svg.parts[0]).not.toContain('\u0000');
    expect(svg.parts[0]).toContain(
      'font-size="12" font-weight="600" font-family="&#34;Noto Sans&#34;, sans-serif"',
    );
  });
  it('takes a drawing of this project as a canvas does', () => {
    const svg = new SvgContext();
    const tensors = [
      { name: 'x', role: 'input' as const, shape: [1] },
      { name: 'y', role: 'value' as const, shape: [1] },
    ];
    const plan = planGraph(tensors, [{ name: 'y', inputs: ['x', 'x'] }]);
    const places = placeGraph(plan, 600);
    for (const edge of plan.edges) {
      const curve = curveOf(plan, places, edge);
      if (curve) paintEdge(canvas(svg), theme, curve, { back: false, active: true, text: undefined });
    }
    expect(svg.parts.filter((part) => /d="M[^"]*C/u.test(part))).toHaveLength(2);
  });
});
