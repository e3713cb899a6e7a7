/** The reader's own pictures in use: how they are divided, what a twin gets of them and what a run.json says. */
import { describe, expect, it } from 'vitest';
import { PIXELS, type Digits } from './data.ts';
import { OwnSets, own_sets } from './own-sets.ts';

const pictures = (rows: number, first = 0): Digits => ({
  x: Float32Array.from({ length: rows * PIXELS }, (_, i) => ((i * 7 + first) % 11 === 0 ? 1 : 0)),
  labels: Uint8Array.from({ length: rows }, (_, i) => i % 10),
});

describe('own pictures of lesson 7', () => {
  it('hold out a sixth to train on the rest, or all to test', () => {
    const own = pictures(60);
    const trained = OwnSets.of(own, 'train', pictures(5));
    expect([trained.train.labels.length, trained.held.labels.length]).toEqual([50, 10]);
    expect(trained.held.x).toEqual(own.x.slice(50 * PIXELS));
    const other = pictures(5);
    const tested = OwnSets.of(own, 'test', other);
    expect(tested.train).toBe(other);
    expect(tested.held.labels).toHaveLength(60);
  });
  it('go to a twin as they are, and away with nothing', () => {
    const own = OwnSets.of(pictures(60), 'train', pictures(5));
    expect(own_sets(own, undefined)).toBe(own);
    expect(own_sets(undefined, own)).toBeUndefined();
  });
  it('are named in a run.json, which takes the same pictures again and no others', () => {
    const own = OwnSets.of(pictures(60), 'train', pictures(5));
    const told = JSON.stringify(own);
    expect(told.length).toBeLessThan(100);
    const again = OwnSets.of(pictures(60), 'train', pictures(5));
    expect(own_sets(JSON.parse(told), again)).toBe(again);
    const others = OwnSets.of(pictures(60, 3), 'train', pictures(5));
    expect(() => own_sets(JSON.parse(told), others)).toThrow('60 pictures');
    expect(() => own_sets(JSON.parse(told), undefined)).toThrow('Open the same files');
    expect(() => own_sets({ text: 'x' }, own)).toThrow('does not name pictures');
  });
});
