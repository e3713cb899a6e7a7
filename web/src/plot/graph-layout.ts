/**
 * Where the boxes and arrows of a computation graph stand. A column (on a phone: a row) for each depth, data flow from the first to the last;
 * a leaf stands just before the op that reads it first. Pure geometry in CSS px; painting is in graph-view.ts.
 */
import type { GraphNodeProps, GraphTensorProps } from './types.ts';

/** A box: an op with its main output, or a leaf (input, parameter, buffer). */
export interface GraphItem {
  name: string;
  /** Place in the list of nodes; -1 for a leaf. */
  node: number;
  depth: number;
  lane: number;
}
/** An arrow between two boxes. `slot` is the place among the op's inputs; of `count` arrows between the same two this is number `nth`. */
export interface GraphEdge {
  from: number;
  to: number;
  slot: number;
  nth: number;
  count: number;
}
export interface GraphPlan2D {
  items: GraphItem[];
  edges: GraphEdge[];
  depths: number;
  lanes: number;
}

/** The item that makes a tensor: itself, or for a saved output such as 'att.probs' the op it belongs to. */
export function makerOf(name: string, known: ReadonlyMap<string, number>): number | undefined {
  for (let at = name; at !== ''; at = at.slice(0, Math.max(0, at.lastIndexOf('.')))) {
    const found = known.get(at);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The nearest free lane to the wanted one, below first. */
function freeLane(taken: Set<number> | undefined, wanted: number): number {
  if (!taken) return wanted;
  for (let away = 0; ; away++) {
    if (!taken.has(wanted + away)) return wanted + away;
    if (!taken.has(wanted - away)) return wanted - away;
  }
}

/** Depths and lanes of every box, and the arrows. Nodes come in running order, as the engine lists them. */
export function planGraph(
  tensors: readonly Pick<GraphTensorProps, 'name' | 'role'>[],
  nodes: readonly Pick<GraphNodeProps, 'name' | 'inputs'>[],
): GraphPlan2D {
  const items: GraphItem[] = [];
  const known = new Map<string, number>();
  const leaves = new Set(
    tensors.filter(({ role }) => role !== 'value' && role !== 'saved').map(({ name }) => name),
  );
  const put = (name: string, node: number): number => {
    items.push({ name, node, depth: 0, lane: 0 });
    known.set(name, items.length - 1);
    return items.length - 1;
  };
  const edges: GraphEdge[] = [];
  nodes.forEach((node, n) => {
    const sources = node.inputs.map((input) => {
      if (input === null) return undefined;
      const maker = makerOf(input, known);
      return maker ?? (leaves.has(input) ? put(input, -1) : undefined);
    });
    const to = put(node.name, n);
    sources.forEach((from, slot) => {
      if (from === undefined) return;
      const nth = edges.filter((e) => e.from === from && e.to === to).length;
      edges.push({ from, to, slot, nth, count: 1 });
    });
  });
  for (const e of edges) e.count = edges.filter((o) => o.from === e.from && o.to === e.to).length;

  // Ops as early as their inputs allow, leaves just before their first reader.
  const inputsOf = (i: number): GraphItem[] =>
    edges.filter((e) => e.to === i).flatMap((e) => items[e.from] ?? []);
  items.forEach((item, i) => {
    if (item.node >= 0) item.depth = 1 + Math.max(0, ...inputsOf(i).map((source) => source.depth));
  });
  items.forEach((item, i) => {
    if (item.node >= 0) return;
    const readers = edges.filter((e) => e.from === i).map((e) => items[e.to]?.depth ?? 1);
    item.depth = Math.max(0, Math.min(...readers) - 1);
  });

  // An op goes on in the lane of the op that it reads first; what is read besides stands below.
  const taken = new Map<number, Set<number>>();
  const claim = (item: GraphItem, wanted: number): void => {
    const lanes = taken.get(item.depth) ?? new Set<number>();
    item.lane = freeLane(lanes, wanted);
    lanes.add(item.lane);
    taken.set(item.depth, lanes);
  };
  items.forEach((item, i) => {
    if (item.node >= 0) claim(item, inputsOf(i).find((source) => source.node >= 0)?.lane ?? 0);
  });
  items.forEach((item, i) => {
    if (item.node >= 0) return;
    const read = edges.find((e) => e.from === i && items[e.to]?.depth === item.depth + 1);
    const reader = read && items[read.to];
    claim(item, (reader?.lane ?? 0) + (read && read.slot > 0 ? 1 : 0));
  });
  const first = Math.min(0, ...items.map(({ lane }) => lane));
  for (const item of items) item.lane -= first;
  return {
    items,
    edges,
    depths: 1 + Math.max(0, ...items.map(({ depth }) => depth)),
    lanes: 1 + Math.max(0, ...items.map(({ lane }) => lane)),
  };
}

export interface GraphBox {
  x: number;
  y: number;
  width: number;
  height: number;
}
export interface GraphPlaces {
  boxes: GraphBox[];
  /** Of the whole drawing; wider than the element when it has to be scrolled. */
  width: number;
  height: number;
  /** Top to bottom instead of left to right. */
  upright: boolean;
  /** Too many boxes for numbers: names only. */
  compact: boolean;
}

/** Below this width, CSS px, the graph runs from top to bottom. */
export const UPRIGHT_BELOW = 560;
/** More boxes than this are drawn small, without numbers. */
export const COMPACT_FROM = 60;
/** Along the flow left to right there must be room for a factor on the arrow. */
const GAP = { flow: 34, wide: 62, across: 22, narrow: 12 };

export function placeGraph(plan: GraphPlan2D, width: number): GraphPlaces {
  const upright = width < UPRIGHT_BELOW;
  const compact = plan.items.length > COMPACT_FROM;
  const [least, most, height] = compact ? [64, 76, 30] : [94, 138, 68];
  const across = upright ? plan.lanes : plan.depths;
  const gap = upright ? GAP.narrow : compact ? GAP.flow : GAP.wide;
  const boxWidth = Math.max(least, Math.min(most, (width - 2 - gap * (across - 1)) / across));
  const stepX = boxWidth + gap;
  const used = across * stepX - (stepX - boxWidth);
  // Spread a little where there is room, so that the arrows can be read.
  const spread = across > 1 ? Math.min(upright ? 40 : 70, Math.max(0, width - 2 - used) / (across - 1)) : 0;
  const total = used + spread * (across - 1);
  const left = Math.max(1, (width - total) / 2);
  const stepY = height + (upright ? GAP.flow : compact ? 14 : GAP.across);
  const down = upright ? plan.depths : plan.lanes;
  const boxes = plan.items.map((item) => ({
    x: left + (upright ? item.lane : item.depth) * (stepX + spread),
    y: 1 + (upright ? item.depth : item.lane) * stepY,
    width: boxWidth,
    height,
  }));
  return {
    boxes,
    width: Math.max(width, Math.ceil(total) + 2),
    height:
      Math.ceil(down * stepY - (stepY - height)) + 2 + (plan.edges.some((e) => bow(plan, e) !== 0) ? 16 : 0),
    upright,
    compact,
  };
}

/** How far an arrow bows aside, in steps: twins part, an arrow over other boxes goes round them. */
export function bow(plan: GraphPlan2D, e: GraphEdge): number {
  const [a, b] = [plan.items[e.from], plan.items[e.to]];
  if (!a || !b) return 0;
  const twin = e.count > 1 ? e.nth - (e.count - 1) / 2 : 0;
  const over = plan.items.some(
    (o) => o.lane === a.lane && a.lane === b.lane && o.depth > a.depth && o.depth < b.depth,
  );
  return twin + (over ? 1 : 0);
}

export interface GraphCurve {
  /** Start, two control points, end: a cubic Bézier. */
  points: [number, number, number, number, number, number, number, number];
}

export function curveOf(plan: GraphPlan2D, places: GraphPlaces, e: GraphEdge): GraphCurve | undefined {
  const [a, b] = [places.boxes[e.from], places.boxes[e.to]];
  if (!a || !b) return undefined;
  const aside = bow(plan, e) * (places.compact ? 26 : 46);
  if (places.upright) {
    const [x0, y0, x1, y1] = [a.x + a.width / 2, a.y + a.height, b.x + b.width / 2, b.y - 5];
    const reach = Math.max(14, (y1 - y0) / 2);
    return { points: [x0, y0, x0 + aside, y0 + reach, x1 + aside, y1 - reach, x1, y1] };
  }
  const [x0, y0, x1, y1] = [a.x + a.width, a.y + a.height / 2, b.x - 5, b.y + b.height / 2];
  const reach = Math.max(14, (x1 - x0) / 2);
  return { points: [x0, y0, x0 + reach, y0 + aside, x1 - reach, y1 + aside, x1, y1] };
}

/** The point of a curve at u (0…1). */
export function pointAt({ points }: GraphCurve, u: number): [number, number] {
  const [x0, y0, x1, y1, x2, y2, x3, y3] = points;
  const v = 1 - u;
  const [a, b, c, d] = [v * v * v, 3 * v * v * u, 3 * v * u * u, u * u * u];
  return [a * x0 + b * x1 + c * x2 + d * x3, a * y0 + b * y1 + c * y2 + d * y3];
}

/** What an arrow key leads to: along the flow to a reader or a source, across it to the neighbor of the same depth. */
export function neighbor(plan: GraphPlan2D, at: number, key: string, upright: boolean): number | undefined {
  const item = plan.items[at];
  if (!item) return undefined;
  const [ahead, behind, next, before] = upright
    ? ['ArrowDown', 'ArrowUp', 'ArrowRight', 'ArrowLeft']
    : ['ArrowRight', 'ArrowLeft', 'ArrowDown', 'ArrowUp'];
  if (key === ahead) return plan.edges.find((e) => e.from === at)?.to;
  if (key === behind) return plan.edges.find((e) => e.to === at)?.from;
  const side = key === next ? 1 : key === before ? -1 : 0;
  if (side === 0) return undefined;
  const others = plan.items
    .map((o, i) => ({ i, away: (o.lane - item.lane) * side, same: o.depth === item.depth }))
    .filter((o) => o.same && o.away > 0)
    .sort((a, b) => a.away - b.away);
  return others[0]?.i;
}
