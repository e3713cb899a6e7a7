/** How lesson 2 writes a step out, op by op: fetched with the first step that is smaller than a training step. */
export { workedView, workOf } from '@x2g/web/worked';
