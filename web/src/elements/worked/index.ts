/** The step of a small net, op by op and with its numbers: for a lesson's later/ chunk. */
export { workOf, type Factor, type Line, type Work, type WorkedProps } from './lines.ts';
export { workedView, type Looking, type Standing } from './view.ts';
