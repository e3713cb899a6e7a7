// What every use of jax-js here needs: the library started on its wasm device, and arrays from typed ones. The library is 0.1.25; every use of
// an array but the last is `.ref` (its rule of ownership). Without shared memory it is one thread: Node and a page that is not isolated.
import { defaultDevice, init, numpy as np } from '@jax-js/jax';

let started;
export const start = () => (started ??= init('wasm').then(() => defaultDevice('wasm')));
export const who = 'jax-js';
export const variant = 'simd128';
export const array = (data, shape) => np.array(data).reshape(shape);
