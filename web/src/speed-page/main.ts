// Defines <x2g-speed>. A script of its own (dist/embed/v1/speed.js): only the page about speed needs it.
import SpeedElement from './element.ts';

if (!customElements.get('x2g-speed')) customElements.define('x2g-speed', SpeedElement);
