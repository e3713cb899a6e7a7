// Defines <x2g-graph>. A script of its own (dist/embed/v1/graph.js), so that what it shares with the lessons' demos does not split their files.
import GraphElement from './element.ts';

if (!customElements.get('x2g-graph')) customElements.define('x2g-graph', GraphElement);
