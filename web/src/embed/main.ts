/**
 * The one script of the lab: <script type="module" src=".../embed/v1/xor2gpt.js"> and every <x2g-slug> on the page
 * becomes its demo. Each demo is fetched when its tag is first seen, also in nodes added later. Loading the script
 * twice is harmless: a tag that is defined stays as it is. It touches nothing global but these tag names.
 */
import { define_when_seen, tag_of, type Load } from './registry';

const modules = import.meta.glob<Awaited<ReturnType<Load>>>('../../../lessons/*/demo.ts');

const demos = new Map(Object.entries(modules).map(([path, load]) => [tag_of(path), load]));

define_when_seen(demos, document);
