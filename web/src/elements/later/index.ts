/**
 * What only a click needs: the bodies of the panels below a demo, grading, snippets, files, links. One chunk, fetched by load-later.ts when
 * the first panel is opened or a link is shared or read, so that a first run does not wait for it. The first paint uses nothing of it.
 */
export { breakList } from './break-list.ts';
export { checkForm } from './check-form.ts';
export { copyText } from './copy.ts';
export { EmbedPanel, type EmbedHost } from './embed-panel.ts';
export { keyList } from './key-list.ts';
export { Grader } from './grader.ts';
export { decodeState, encodeState, linkState } from './link-text.ts';
export { markPrediction } from './marks.ts';
export { openRun, runText } from './open-run.ts';
export { pictureBlob } from './picture.ts';
export { vectorBlob } from './vector.ts';
export { proofList } from './proof-list.ts';
