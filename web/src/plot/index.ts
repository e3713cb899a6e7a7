/**
 * Drawings for lessons: each is a function of its props (types.ts says what each prop means) and returns a Lit template.
 *
 *   picture() { return html`<div class="flow">${networkDiagram({…})}${decisionSurface({…})}</div>`; }
 *
 * decisionSurface(SurfaceProps)  a plane with points, a colored field from a 'grid' view, lines w·x+b=0, curves; points editable with onPoints
 * spaceView(SpaceProps)          three inputs: points and a plane in a box that can be turned
 * networkDiagram(DiagramProps)   layers of units, edges with width = magnitude and color = sign, editable weights with onWeight
 * graphView(GraphProps)         a computation graph: boxes with values and gradients, arrows to walk along, values to type over
 * tensorView(TensorProps)       any tensor as a matrix with its shape, slice by slice; each element told with its index and origin, editable
 * linePlot(LineProps)            curves over steps, linear or log
 * heatMap(HeatProps)             a matrix, signed or unsigned, with legend and names
 * attentionMap(AttentionProps)   every head small, the chosen one large with its tokens
 * textStream(TextStreamProps)    text that grows
 * functionPlot(FunctionProps)    small curves with one input marked
 * barList(BarProps)              labelled horizontal bars (probabilities, gradient norms)
 * foldStrip(FoldProps)          a strip of paper folded in half again and again
 * drawingPad(PadProps)           a square to draw on; inkOf() makes pixels of its strokes, strokesText() a text for a link
 * imageGrid(ImageGridProps)      small pictures side by side: weights of units, examples
 * confusionMatrix(ConfusionProps) which class was taken for which; confusion() counts
 */
export { decisionSurface } from './decision-surface.ts';
export { spaceView } from './space-view.ts';
export { networkDiagram } from './network-diagram.ts';
export { graphView } from './graph-view.ts';
export { tensorView } from './tensor-view.ts';
export { linePlot } from './line-plot.ts';
export { heatMap } from './heat-map.ts';
export { attentionMap } from './attention-map.ts';
export { textStream } from './text-stream.ts';
export { functionPlot } from './function-plot.ts';
export { barList } from './bar-list.ts';
export { foldStrip } from './fold-strip.ts';
export type { FoldProps } from './fold-strip.ts';
export { hingePlot } from './hinge-plot.ts';
export type { Hinge, HingeProps } from './hinge-edit.ts';
export { drawingPad } from './drawing-pad.ts';
export { inkOf, strokesText, textStrokes } from './strokes.ts';
export { imageGrid } from './image-grid.ts';
export { confusionMatrix } from './confusion-matrix.ts';
export { confusion, rowsOf, type Confusion } from './confusion.ts';
export type * from './types.ts';
