// TensorFlow.js with its WebAssembly backend (XNNPACK, SIMD, one thread).
import '@tensorflow/tfjs-backend-wasm';
import * as tfjs from './tfjs.mjs';
export { gpt } from './tfjs-gpt.mjs';

export const mlp = (...args) => tfjs.mlp('wasm', ...args);
export const gemm = (...args) => tfjs.gemm('wasm', ...args);
