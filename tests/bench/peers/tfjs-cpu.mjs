// TensorFlow.js with its plain JavaScript backend.
import '@tensorflow/tfjs-backend-cpu';
import * as tfjs from './tfjs.mjs';

export const mlp = (...args) => tfjs.mlp('cpu', ...args);
export const gemm = (...args) => tfjs.gemm('cpu', ...args);
