// The door to the lab: sessions, their types, their errors, saved runs. Nothing else of this folder is for others.
export { curveNet } from './curve-net.ts';
export { LabError, toLabError, type ErrorCode } from './errors.ts';
export { graph, GraphRecorder, GraphTensor, type OpInput, type ParameterOptions } from './graph.ts';
export type { GraphRun } from './graph-run.ts';
export type * from './graph-models.ts';
export type * from './graph-types.ts';
export { prepare } from './opening.ts';
export { Session, type OpenOptions } from './session.ts';
export { deleteRun, loadRun, saveRun, type SavedRun, type Where } from './kept-runs.ts';
export { decodeText, recognizeText } from './text-decoding.ts';
export { Tools, type ToolsOptions } from './tools.ts';
export type { BpeTraining, NgramModel, Tokenizer } from './tools/handles.ts';
export type * from './tools/types.ts';
export type { UnigramTokenizer, UnigramTraining } from './tools/unigram-handles.ts';
export type * from './tools/unigram-types.ts';
export type * from './types.ts';
