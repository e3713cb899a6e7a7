// The base of the demos keeps what public.ts promises to other people's pages. The compiler checks the types; this checks that
// each promised member is there, and that no event is told that the reference does not name.
import { readFileSync } from 'node:fs';
import { expect, expectTypeOf, it } from 'vitest';
import type { LabElement } from '../../web/src/elements/lab-element.ts';
import type { DemoElement, DemoEvents } from '../../web/src/elements/public.ts';

const text = (file: string): string =>
  readFileSync(new URL(`../../web/src/elements/${file}`, import.meta.url), 'utf8');

it('every demo element is a DemoElement', () => {
  expectTypeOf<LabElement>().toExtend<DemoElement>();
  expectTypeOf<keyof DemoEvents>().toEqualTypeOf<'x2g-ready' | 'x2g-step' | 'x2g-done' | 'x2g-error'>();
});

it('the members and events of the reference are those of the sources', () => {
  const base = ['session', 'option', 'run', 'lab'].map((name) => text(`${name}-element.ts`)).join('\n');
  const promised = text('public.ts');
  for (const name of [
    'ready',
    'report',
    'running',
    'run',
    'pause',
    'step',
    'reset',
    'getState',
    'setState',
  ]) {
    expect(promised, name).toMatch(new RegExp(`^  (?:readonly )?${name}[(:]`, 'm'));
    expect(base, name).toMatch(new RegExp(`^  (?:async |get |declare )?${name}\\b`, 'm'));
  }
  const told = new Set([...base.matchAll(/'(x2g-[a-z]+)'/g)].map(([, name]) => name));
  for (const name of told) expect(promised).toContain(`'${name}'`);
});
