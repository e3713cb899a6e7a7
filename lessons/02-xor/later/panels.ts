/** What lesson 2 shows in its panels: exercises, switches, claims. Fetched when the first panel is opened. */
export { default as lesson } from '../lesson.json';
export { default as measured } from '../measured.json';
export { breaks } from './breaks.ts';
export { checks } from './exercises.ts';
export { weight_table } from './weights.ts';
