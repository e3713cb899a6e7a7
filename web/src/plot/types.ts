/**
 * What each drawing takes. A drawing is a function of its props: call it in picture(), it returns a template and redraws when the props change.
 * All of them: follow theme and language of the frame, sharp on any screen, 0×0 safe, with a text twin for screen readers, keyboard where one can act.
 * `label` is the drawing's accessible name and should say what is drawn; it is not painted.
 */
import type { Label } from '../elements/option.ts';

/** A color by its role; the drawing reads it from the theme. */
export type Role =
  | 'positive'
  | 'negative'
  | 'query'
  | 'key'
  | 'value'
  | 'train'
  | 'valid'
  | 'gradient'
  | 'ink'
  | 'muted'
  | 'accent'
  | 'line';

export interface SurfacePoint {
  x: number;
  y: number;
  /** 1 = filled circle in the positive color, 0 = cross in the negative color. */
  label: number;
  /** A ring: this point is classified wrongly now. */
  wrong?: boolean;
  /** A larger ring: the example that is being looked at. */
  current?: boolean;
  /** A short text beside the point. */
  name?: string;
}
/** The line w1·x + w2·y + b = 0. */
export interface SurfaceLine {
  w1: number;
  w2: number;
  b: number;
  name?: string;
  role?: Role;
  dashed?: boolean;
  /** Draws short teeth on the side where the sum is positive. */
  side?: boolean;
  /** An arrow (w1, w2) from the line: the weight vector. */
  normal?: boolean;
}
/** An open polyline in the plane (the image of a grid line when a layer folds the plane). */
export interface SurfaceCurve {
  x: ArrayLike<number>;
  y: ArrayLike<number>;
  role?: Role;
  width?: number;
  dashed?: boolean;
}
/** A square of values over the whole plane, as a 'grid' view gives it: cells×cells, row 0 = smallest y, x fastest. */
export interface SurfaceField {
  data: ArrayLike<number>;
  cells: number;
  /** The value drawn in the negative color, the background, and the positive color. Default: 0, 0.5, 1. */
  low?: number;
  middle?: number;
  high?: number;
  /** Cells drawn flat (no smoothing): right for step functions. */
  flat?: boolean;
  /** Which of several columns when data has shape (rows, width). Default 0 of 1. */
  column?: number;
  width?: number;
}
export interface SurfaceProps {
  label: string;
  x: [number, number];
  y: [number, number];
  points?: SurfacePoint[];
  field?: SurfaceField;
  lines?: SurfaceLine[];
  curves?: SurfaceCurve[];
  axes?: { x: string; y: string };
  /** Legend under the picture: what the colors mean; "off" leaves it out. */
  legend?: 'off' | { low: string; high: string };
  /** Ticks drawn as plain numbers on both axes. Default true. */
  ticks?: boolean;
  /** Called with the whole new list after a point was added, moved or deleted (mouse, touch, keyboard). */
  onPoints?: (points: SurfacePoint[]) => void;
  /** Class of a point that is added next. Default 1. The reader changes it by the key 0 or 1, or by the buttons shown. */
  adds?: 0 | 1;
  /** Most points that may stand. Default 500. */
  most?: number;
  /** Side length in CSS px is at most this. Default 420. */
  size?: number;
}

export interface SpacePoint {
  x: number;
  y: number;
  z: number;
  label: number;
  wrong?: boolean;
  current?: boolean;
  name?: string;
}
/** Three inputs: points in a box with the plane w1·x + w2·y + w3·z + b = 0. Drag or arrow keys turn it. */
export interface SpaceProps {
  label: string;
  range: [number, number];
  points: SpacePoint[];
  plane?: { w1: number; w2: number; w3: number; b: number };
  axes?: { x: string; y: string; z: string };
  size?: number;
}

export interface DiagramUnit {
  label: string;
  /** The value standing in the circle. */
  value?: number;
  /** A small map of what this unit computes over the input plane (see SurfaceField). */
  map?: SurfaceField;
  /** Drawn filled when true, hollow when false (a step unit that fires). */
  lit?: boolean;
  note?: string;
}
export interface DiagramLayer {
  name: string;
  units: DiagramUnit[];
}
/** Edges from layer `from` to `from + 1`. weights has shape (out, in), row-major, as linear layers store it. */
export interface DiagramEdges {
  from: number;
  weights: ArrayLike<number>;
  bias?: ArrayLike<number>;
  /** What the tensors are called, told by hover, focus and the table: 'fc1.W'. */
  name?: string;
  biasName?: string;
  /** d loss / d weight and the last change of each weight, shaped like them: the reader may look at these instead. */
  gradients?: ArrayLike<number> | undefined;
  biasGradients?: ArrayLike<number> | undefined;
  updates?: ArrayLike<number> | undefined;
  biasUpdates?: ArrayLike<number> | undefined;
}
/** What a network diagram shows on its edges. */
export type DiagramView = 'weights' | 'gradients' | 'updates';
/** A place in a network diagram: a unit; with `input` the weight from that unit of the layer before, −1 for the bias. */
export interface DiagramMark {
  layer: number;
  unit: number;
  input?: number;
}
export interface DiagramProps {
  label: string;
  layers: DiagramLayer[];
  edges: DiagramEdges[];
  /** Numbers on the arrows and under the units. Default: shown while there are at most 12 edges. */
  numbers?: boolean;
  /** Weights and biases can be typed: a click, a tap or Enter on them, and boxes in the table under the drawing. input -1 = bias. */
  onWeight?: (from: number, output: number, input: number, value: number) => void;
  /** false: without those boxes, for a picture that trains by itself most of the time. Default true. */
  boxes?: boolean;
  /** What a text beside the picture speaks of: units, weights (`input` ≥ 0) and biases (−1) with a rim. */
  marked?: readonly DiagramMark[];
  /** What the pointer is on, to light up in a text; undefined: nothing. */
  onLook?: (mark: DiagramMark | undefined) => void;
  /** Width of the strongest edge stands for this magnitude; default: the largest at hand. */
  limit?: number;
  height?: number;
}

/** A tensor of a computation graph, as a session's RunInfo lists it, with its numbers. */
export interface GraphTensorProps {
  name: string;
  role: 'input' | 'parameter' | 'value' | 'saved' | 'buffer';
  shape: readonly number[];
  /** What is painted instead of the name ("w₁"). */
  label?: string;
  /** Row-major; absent: not computed yet. */
  value?: ArrayLike<number> | undefined;
  /** d loss / d tensor; absent: not there yet, or there is none. */
  grad?: ArrayLike<number> | undefined;
  /** With onEdit: a click or Enter on a tensor of one element opens a box to type in. */
  editable?: boolean;
}
/** An op, in running order, as RunInfo lists it. Its main output is the tensor of the same name. */
export interface GraphNodeProps {
  name: string;
  op: string;
  inputs: readonly (string | null)[];
  /** What is painted instead of the op ("σ(z₁)"). */
  note?: string;
}
export interface GraphProps {
  label: string;
  tensors: readonly GraphTensorProps[];
  nodes: readonly GraphNodeProps[];
  /** The op that runs next or just ran, and which way. */
  current?: { node: string; phase: 'forward' | 'backward' } | undefined;
  /** The tensor or op that is being looked at. */
  selected?: string | undefined;
  /** Texts on arrows: what the chain rule multiplies by on the way back. `slot`: which of the op's inputs; default all from there. */
  onArrows?: readonly { from: string; to: string; slot?: number; text: string; faulty?: boolean }[];
  /** A click, or Enter on the box with the cursor. */
  onSelect?: (name: string) => void;
  /** A number was typed into an editable tensor of one element. */
  onEdit?: (name: string, value: number) => void;
  /** Digits of the numbers in the boxes. Default 3. */
  digits?: number;
}

export interface TensorProps {
  label: string;
  /** As the engine calls it. */
  name: string;
  shape: readonly number[];
  data: ArrayLike<number>;
  /** d loss / d tensor, told beside the value. */
  grad?: ArrayLike<number> | undefined;
  rowNames?: string[];
  colNames?: string[];
  /** What rows and columns are ("unit", "input"). */
  rowTitle?: string;
  colTitle?: string;
  /** Names of the axes before the last two, for choosing a slice ("head"). */
  axisTitles?: string[];
  signed?: boolean;
  limit?: number;
  /** Where an element came from, in words: told with its value. `index` is row-major. */
  origin?: (index: number) => string;
  /** The element chosen, row-major. */
  selected?: number | undefined;
  onPick?: (index: number) => void;
  /** Offers a box in which the chosen element can be typed. */
  onEdit?: (index: number, value: number) => void;
}

export interface LineSeries {
  label: string;
  x: ArrayLike<number>;
  y: ArrayLike<number>;
  role?: Role;
  /** Default: role 'valid' is dashed, all others solid. */
  dashed?: boolean;
  width?: number;
  points?: boolean;
}
export interface LineProps {
  label: string;
  series: LineSeries[];
  xLabel: string;
  yLabel: string;
  log?: 'x' | 'y' | 'both';
  xRange?: [number, number];
  yRange?: [number, number];
  /** Straight lines across with a name (ln V, a target). */
  marks?: { y: number; label: string; role?: Role }[];
  height?: number;
}

export interface HeatProps {
  label: string;
  /** rows×cols, row-major. */
  data: ArrayLike<number>;
  rows: number;
  cols: number;
  rowNames?: string[];
  colNames?: string[];
  /** What rows and columns are ("unit", "input"). */
  rowTitle?: string;
  colTitle?: string;
  /** Signed: negative → background → positive, symmetric limit. Unsigned: background → query color. Default signed. */
  signed?: boolean;
  /** The value at full color; default: the largest magnitude. */
  limit?: number;
  numbers?: boolean;
  legend?: boolean;
  selected?: { row: number; col: number };
  onPick?: (row: number, col: number) => void;
  /** The chosen cell is told elsewhere: only others, under the pointer, are told here. */
  quiet?: boolean;
  height?: number;
}

export interface AttentionProps {
  label: string;
  tokens: string[];
  layers: number;
  heads: number;
  /** (layers, heads, n, n): row = query, column = key. */
  attention: ArrayLike<number>;
  layer: number;
  head: number;
  onSelect?: (layer: number, head: number) => void;
}

export interface TextStreamProps {
  label: string;
  prompt?: string;
  text: string;
  /** A caret blinks at the end; the text is announced politely when it stops. */
  streaming?: boolean;
  /** Shown while there is nothing yet. */
  placeholder?: string;
  lines?: number;
}

export interface FunctionCurve {
  label: string;
  x: ArrayLike<number>;
  y: ArrayLike<number>;
  role?: Role;
  dashed?: boolean;
}
/** A small plot of functions with one input marked. */
export interface FunctionProps {
  label: string;
  curves: FunctionCurve[];
  x: [number, number];
  y: [number, number];
  /** A vertical line at this input and a dot on each curve there. */
  marker?: number;
  /** Called while the marker is dragged or moved by arrow keys. */
  onMarker?: (x: number) => void;
  ticks?: boolean;
  /** width / height. Default 1.5. */
  aspect?: number;
}

export interface BarProps {
  label: string;
  /** In the order to be drawn, 0 or more each. */
  bars: { label: string; value: number; role?: Role; note?: string }[];
  /** The value of a full bar. Default: the largest. */
  limit?: number;
  /** How a value is written. Default formatNumber with 3 digits. */
  format?: (value: number) => string;
  onPick?: (index: number) => void;
}

/** One stroke of a round pen: its width and x, y, x, y, … as shares of the pad's side, 0 to 1, y down. */
export interface PadStroke {
  width: number;
  points: number[];
}
/** A square to draw on. */
export interface PadProps {
  label: string;
  strokes: readonly PadStroke[];
  /** Called with the whole new list when a stroke is finished, undone or cleared: these come back as `strokes`. */
  onStrokes(strokes: PadStroke[]): void;
  /** Called while a stroke grows, with that one last: not to be given back as `strokes`. */
  onDrawing?: (strokes: PadStroke[]) => void;
  /** What stands on the pad while there is no stroke: side · side values, ink 1, paper 0, and its name. */
  picture?: { data: ArrayLike<number>; side: number; label: string };
  /** The drawing in words, from the number of strokes. */
  told(strokes: number): string;
  /** Side length in CSS px is at most this. Default 280. */
  size?: number;
}

/** Small pictures side by side. */
export interface ImageGridProps {
  label: string;
  /** (count, rows, cols). */
  data: ArrayLike<number>;
  count: number;
  rows: number;
  cols: number;
  /** Signed: one symmetric limit for all, with a legend. Otherwise ink 1 on paper 0. */
  signed?: boolean;
  /** The value at full color; default: the largest magnitude of all, for ink 1. */
  limit?: number;
  /** Short texts under the pictures. */
  captions?: string[];
  /** Longer ones for the text twin. */
  names?: string[];
  /** 0 to 1 each: a small bar under every picture. */
  levels?: ArrayLike<number>;
  columns?: number;
  /** Side in CSS px at most. Default 56. */
  size?: number;
  selected?: number;
  onPick?: (index: number) => void;
}

/** Which class was taken for which. */
export interface ConfusionProps {
  label: string;
  classes: string[];
  /** (classes, classes): row = true class, column = answer. */
  counts: ArrayLike<number>;
  /** What rows and columns are ("true digit", "answer"). */
  rowTitle: string;
  colTitle: string;
  /** A cell in words. */
  told(row: number, col: number, count: number): string;
  selected?: { row: number; col: number };
  onPick(row: number, col: number): void;
}

export type { Label };
