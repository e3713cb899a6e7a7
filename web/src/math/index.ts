/** Small mathematics of the pages: numbers as text, colors mixed evenly, scales and ticks. What is learned or trained is computed by the core, not here. */
export * from './format.ts';
export * from './oklab.ts';
export * from './scale.ts';
