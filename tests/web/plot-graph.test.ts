// Where boxes and arrows of a computation graph stand, how the cursor walks, how a tensor is sliced, and what a diagram leaves out.
import { describe, expect, it } from 'vitest';
import {
  COMPACT_FROM,
  bow,
  curveOf,
  makerOf,
  neighbor,
  placeGraph,
  planGraph,
  pointAt,
  UPRIGHT_BELOW,
} from '../../web/src/plot/graph-layout.ts';
import { valueText } from '../../web/src/plot/graph-paint.ts';
import { sampling, shownBias, shownOf, viewsOf } from '../../web/src/plot/diagram-table.ts';
import { indexText, sliceStart, slicing } from '../../web/src/plot/tensor-view.ts';

const leaf = (name: string, role: 'input' | 'parameter' = 'parameter') => ({ name, role });
const net = {
  tensors: [leaf('x', 'input'), leaf('w1'), leaf('w2'), leaf('t', 'input')],
  nodes: [
    { name: 'z1', inputs: ['x', 'w1', null] },
    { name: 'h1', inputs: ['z1'] },
    { name: 'z2', inputs: ['h1', 'w2', null] },
    { name: 'y', inputs: ['z2'] },
    { name: 'L', inputs: ['y', 't'] },
  ],
};
const plan = planGraph(net.tensors, net.nodes);
const item = (name: string) => plan.items.find((i) => i.name === name);
const at = (name: string) => plan.items.findIndex((i) => i.name === name);

describe('the plan of a computation graph', () => {
  it('sets ops by depth in one lane, and each leaf just before the op that reads it', () => {
    expect(net.nodes.map(({ name }) => item(name)?.depth)).toEqual([1, 2, 3, 4, 5]);
    expect(new Set(net.nodes.map(({ name }) => item(name)?.lane)).size).toBe(1);
    expect(['x', 'w1', 'w2', 't'].map((name) => item(name)?.depth)).toEqual([0, 0, 2, 4]);
    expect([plan.depths, plan.lanes]).toEqual([6, 2]);
  });
  it('puts no two boxes on one place, in a deep graph with side branches either', () => {
    const nodes = Array.from({ length: 80 }, (_, i) => ({
      name: `n${i}`,
      inputs: i === 0 ? ['x', 'w0'] : [`n${i - 1}`, i % 7 === 0 ? `n${Math.max(0, i - 5)}` : `w${i}`],
    }));
    const tensors = [leaf('x', 'input'), ...nodes.map((_, i) => leaf(`w${i}`))];
    const big = planGraph(tensors, nodes);
    const spots = big.items.map((i) => `${i.depth}/${i.lane}`);
    expect(new Set(spots).size).toBe(spots.length);
    for (const e of big.edges)
      expect(big.items[e.from]?.depth, JSON.stringify(e)).toBeLessThan(big.items[e.to]?.depth ?? 0);
    expect(placeGraph(big, 1000).compact).toBe(big.items.length > COMPACT_FROM);
  });
  it('draws two arrows where an op reads the same tensor twice, bowed apart', () => {
    const square = planGraph([leaf('x')], [{ name: 'u', inputs: ['x', 'x'] }]);
    expect(square.edges.map((e) => [e.slot, e.nth, e.count])).toEqual([
      [0, 0, 2],
      [1, 1, 2],
    ]);
    const [one, two] = square.edges.map((e) => bow(square, e));
    expect(one).toBe(-(two ?? NaN));
    expect(one).not.toBe(0);
  });
  it('lets an arrow that skips ops of its own lane go round them', () => {
    const skip = planGraph(
      [leaf('x', 'input')],
      [
        { name: 'a', inputs: ['x'] },
        { name: 'b', inputs: ['a'] },
        { name: 'c', inputs: ['b', 'a'] },
      ],
    );
    expect(skip.edges.map((e) => bow(skip, e) !== 0)).toEqual([false, false, false, true]);
  });
  it('finds the op that made a saved output', () => {
    const known = new Map([['att', 3]]);
    expect(makerOf('att', known)).toBe(3);
    expect(makerOf('att.probs.max', known)).toBe(3);
    expect(makerOf('other.probs', known)).toBeUndefined();
  });
});

describe('the places of a computation graph', () => {
  const overlap = (width: number, p = plan) => {
    const { boxes } = placeGraph(p, width);
    return boxes.some((a, i) =>
      boxes.some(
        (b, j) =>
          i < j && a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height,
      ),
    );
  };
  it.each([280, 328, 520, 700, 1052])('at %i px no box lies on another, and all lie inside', (width) => {
    const places = placeGraph(plan, width);
    expect(overlap(width)).toBe(false);
    for (const b of places.boxes) {
      expect(b.x).toBeGreaterThanOrEqual(0);
      expect(b.x + b.width).toBeLessThanOrEqual(places.width);
      expect(b.y + b.height).toBeLessThanOrEqual(places.height);
    }
  });
  it('runs from top to bottom on a phone, and fits it', () => {
    const phone = placeGraph(plan, 328);
    expect(phone.upright).toBe(true);
    expect(phone.width).toBe(328);
    expect(placeGraph(plan, UPRIGHT_BELOW).upright).toBe(false);
    const flow = net.nodes.map(({ name }) => phone.boxes[at(name)]?.y ?? NaN);
    expect(flow).toEqual([...flow].sort((a, b) => a - b));
  });
  it('is wider than the page rather than crowded', () => {
    const nodes = Array.from({ length: 20 }, (_, i) => ({
      name: `n${i}`,
      inputs: [i === 0 ? 'x' : `n${i - 1}`],
    }));
    const long = planGraph([leaf('x', 'input')], nodes);
    expect(placeGraph(long, 700).width).toBeGreaterThan(1500);
    expect(overlap(700, long)).toBe(false);
  });
  it('leads an arrow from the right side of one box to the left side of the next', () => {
    const places = placeGraph(plan, 1000);
    const [edge] = plan.edges.filter((e) => e.to === at('h1'));
    const curve = edge && curveOf(plan, places, edge);
    const [from, to] = [places.boxes[at('z1')], places.boxes[at('h1')]];
    if (!curve || !from || !to) throw new Error('no arrow');
    expect(pointAt(curve, 0)).toEqual([from.x + from.width, from.y + from.height / 2]);
    expect(pointAt(curve, 1)[0]).toBeCloseTo(to.x - 5, 9);
  });
});

describe('the cursor of a computation graph', () => {
  const walk = (from: string, key: string, upright = false) => {
    const found = neighbor(plan, at(from), key, upright);
    return found === undefined ? undefined : plan.items[found]?.name;
  };
  it('goes along the arrows and across them', () => {
    expect(walk('z1', 'ArrowRight')).toBe('h1');
    expect(walk('z1', 'ArrowLeft')).toBe('x');
    expect(walk('x', 'ArrowDown')).toBe('w1');
    expect(walk('w1', 'ArrowUp')).toBe('x');
    expect(walk('w1', 'ArrowRight')).toBe('z1');
    expect(walk('L', 'ArrowRight')).toBeUndefined();
  });
  it('turns with the graph on a phone', () => {
    expect(walk('z1', 'ArrowDown', true)).toBe('h1');
    expect(walk('x', 'ArrowRight', true)).toBe('w1');
  });
});

describe('numbers in a box', () => {
  it('are one number, two in brackets, or a norm', () => {
    expect(valueText({ shape: [1, 1] }, [0.73106])).toBe('0.731');
    expect(valueText({ shape: [2] }, [1, -0.5])).toBe('[1.0 −0.50]');
    expect(valueText({ shape: [2, 2] }, [3, 0, 4, 0])).toBe('‖·‖ 5.00');
    expect(valueText({ shape: [1] }, undefined)).toBe('');
  });
});

describe('slices of a tensor', () => {
  it('are its last two axes; a vector is one row', () => {
    expect(slicing([3])).toEqual({ rows: 1, cols: 3, before: [] });
    expect(slicing([2, 4, 3, 5])).toEqual({ rows: 3, cols: 5, before: [2, 4] });
    expect(slicing([])).toEqual({ rows: 1, cols: 1, before: [] });
  });
  it('begin where the row-major list has them', () => {
    const s = slicing([2, 4, 3, 5]);
    expect(sliceStart(s, [])).toBe(0);
    expect(sliceStart(s, [1, 2])).toBe((1 * 4 + 2) * 15);
    expect(sliceStart(s, [9, 9])).toBe(7 * 15);
  });
  it('say the index of an element', () => {
    expect(indexText([2, 3], 4)).toBe('[1, 1]');
    expect(indexText([2, 4, 3], 23)).toBe('[1, 3, 2]');
  });
});

describe('what a network diagram shows on its edges', () => {
  const edges = { from: 0, weights: [1, 2], bias: [3], gradients: [4, 5] };
  it('offers gradients and updates only where there are some', () => {
    expect(viewsOf({ edges: [edges] })).toEqual(['weights', 'gradients']);
    expect(shownOf(edges, 'gradients')).toEqual([4, 5]);
    expect(shownOf(edges, 'updates')).toEqual([1, 2]);
    expect(shownBias(edges, 'gradients')).toBeUndefined();
    expect(shownBias(edges, 'weights')).toEqual([3]);
  });
  it('says how many of a layer’s units are drawn', () => {
    const layers = [
      { name: 'pixels', units: Array.from({ length: 784 }, () => ({ label: '' })) },
      { name: 'hidden', units: [{ label: 'h' }] },
    ];
    const said = sampling({ layers }, (count) => Math.min(count, 11));
    expect(said?.en).toBe('Drawn: 11 of 784 units (pixels).');
    expect(said?.ja).toContain('784個のうち11個');
    expect(sampling({ layers: layers.slice(1) }, (count) => count)).toBeUndefined();
  });
});
