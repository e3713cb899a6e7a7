/**
 * Geometry of the turning box: parallel projection and the polygon in which a plane cuts a cube. Pure.
 */
export type Vec3 = [number, number, number];
export interface View {
  /** Turn about the vertical axis, then tilt; radians. */
  yaw: number;
  pitch: number;
}
type Plane = { w1: number; w2: number; w3: number; b: number };

/** A point of the cube range³ → screen units (cube edges from −1 to 1) and depth (larger = farther). */
export function project(
  view: View,
  point: Vec3,
  [low, high]: readonly [number, number],
): { x: number; y: number; depth: number } {
  const half = (high - low) / 2 || 1;
  const [x, y, z] = point.map((v) => (v - (low + high) / 2) / half) as Vec3;
  const [cy, sy, cp, sp] = [
    Math.cos(view.yaw),
    Math.sin(view.yaw),
    Math.cos(view.pitch),
    Math.sin(view.pitch),
  ];
  const across = cy * x - sy * y;
  const away = sy * x + cy * y;
  return { x: across, y: cp * z + sp * away, depth: cp * away - sp * z };
}

/** Corners of the cut in order around it; [] when the plane misses the cube or is none. */
export function planePolygon({ w1, w2, w3, b }: Plane, [low, high]: readonly [number, number]): Vec3[] {
  const sum = ([x, y, z]: Vec3): number => w1 * x + w2 * y + w3 * z + b;
  const corners: Vec3[] = [];
  for (const x of [low, high])
    for (const y of [low, high]) for (const z of [low, high]) corners.push([x, y, z]);
  const hits: Vec3[] = [];
  const near = (p: Vec3, q: Vec3): boolean =>
    p.every((v, k) => Math.abs(v - (q[k] ?? 0)) < 1e-9 * (high - low || 1));
  const add = (p: Vec3): void => {
    if (p.every(Number.isFinite) && !hits.some((q) => near(p, q))) hits.push(p);
  };
  corners.forEach((p, i) => {
    for (const q of corners.slice(i + 1)) {
      if (p.filter((v, k) => v !== q[k]).length !== 1) continue; // not an edge
      const [s, e] = [sum(p), sum(q)];
      if (s === 0) add(p);
      if (e === 0) add(q);
      if (s * e < 0) add(p.map((v, k) => v + ((q[k] ?? 0) - v) * (s / (s - e))) as Vec3);
    }
  });
  if (hits.length < 3) return [];
  // Around the middle, by angle in the plane.
  const middle = [0, 1, 2].map((k) => hits.reduce((sum_, h) => sum_ + (h[k] ?? 0), 0) / hits.length) as Vec3;
  const n: Vec3 = [w1, w2, w3];
  const first = hits[0] ?? middle;
  const u = [0, 1, 2].map((k) => (first[k] ?? 0) - (middle[k] ?? 0)) as Vec3;
  const cross = (a: Vec3, c: Vec3): Vec3 => [
    a[1] * c[2] - a[2] * c[1],
    a[2] * c[0] - a[0] * c[2],
    a[0] * c[1] - a[1] * c[0],
  ];
  const dot = (a: Vec3, c: Vec3): number => a[0] * c[0] + a[1] * c[1] + a[2] * c[2];
  const size = (a: Vec3): number => Math.sqrt(dot(a, a)) || 1;
  const v = cross(n, u);
  const angle = (h: Vec3): number => {
    const d = [0, 1, 2].map((k) => (h[k] ?? 0) - (middle[k] ?? 0)) as Vec3;
    return Math.atan2(dot(d, v) / size(v), dot(d, u) / size(u));
  };
  return hits.sort((p, q) => angle(p) - angle(q));
}
