/**
 * Where the units and edges of a network diagram stand. Pure geometry, in CSS px; painting is in network-diagram.ts.
 */
import type { DiagramLayer } from './types.ts';

export interface UnitPlace {
  layer: number;
  unit: number;
  x: number;
  y: number;
  radius: number;
}

/** Most units drawn in a layer; of a larger one the first and last stand for all. */
export const UNITS_SHOWN = 12;

/** Indices of the units drawn. -1 marks the gap ("⋮"). */
export function shownUnits(count: number): number[] {
  if (count <= UNITS_SHOWN) return Array.from({ length: count }, (_, i) => i);
  const head = Array.from({ length: UNITS_SHOWN - 3 }, (_, i) => i);
  return [...head, -1, count - 2, count - 1];
}

/** Rows that the fullest layer needs. */
export const rowsNeeded = (layers: readonly DiagramLayer[]): number =>
  Math.max(1, ...layers.map((layer) => shownUnits(layer.units.length).length));

export const unitRadius = (layers: readonly DiagramLayer[], width: number): number => {
  const maps = layers.some((layer) => layer.units.some((u) => u.map));
  const columns = Math.max(1, layers.length);
  return Math.max(10, Math.min(maps ? 26 : 20, width / (columns * 5)));
};

/** Height that shows every unit without overlap. */
export function diagramHeight(layers: readonly DiagramLayer[], width: number, numbers: boolean): number {
  const radius = unitRadius(layers, width);
  const gap = numbers ? 2.2 * radius + 26 : 2 * radius + 12;
  return Math.round(Math.max(150, rowsNeeded(layers) * Math.max(gap, 2 * radius + 12) + 44));
}

/** Layers stand left to right, units are centered top to bottom. */
export function placeUnits(layers: readonly DiagramLayer[], width: number, height: number): UnitPlace[] {
  const radius = unitRadius(layers, width);
  const side = radius + 22;
  const head = 22; // the layer's name
  const out: UnitPlace[] = [];
  layers.forEach((layer, l) => {
    const x = layers.length === 1 ? width / 2 : side + ((width - 2 * side) * l) / (layers.length - 1);
    const shown = shownUnits(layer.units.length);
    const room = height - head - 14;
    const gap = Math.min(room / shown.length, 4.2 * radius + 20);
    const first = head + room / 2 - (gap * (shown.length - 1)) / 2;
    shown.forEach((unit, row) => out.push({ layer: l, unit, x, y: first + gap * row, radius }));
  });
  return out;
}

/** Distance of a point from the segment a–b. */
export function segmentDistance(
  px: number,
  py: number,
  ax: number,
  ay: number,
  bx: number,
  by: number,
): number {
  const length = (bx - ax) ** 2 + (by - ay) ** 2;
  const u =
    length === 0 ? 0 : Math.min(1, Math.max(0, ((px - ax) * (bx - ax) + (py - ay) * (by - ay)) / length));
  return Math.hypot(px - ax - u * (bx - ax), py - ay - u * (by - ay));
}

/** Width of an edge for a weight: magnitude, never invisible, never more than 7 px. */
export const edgeWidth = (weight: number, limit: number): number =>
  limit > 0 ? 0.75 + 6.25 * Math.min(1, Math.abs(weight) / limit) : 0.75;
