/**
 * The snippets of the page "Put a demo on your own page". `root` is the address of embed/v1/ with a trailing slash;
 * the page shows a stand-in for it until snippet-address.ts puts the real one, which no build can know.
 */
export const stand_in = 'https://your-host.example/embed/v1/';

export const script_snippet = (root: string): string =>
  `<script type="module" src="${root}xor2gpt.js"></script>

<x2g-xor seed="7" theme="light">
  <p>This demo needs JavaScript.</p>
</x2g-xor>`;

export const frame_snippet = (root: string): string =>
  `<iframe id="xor" src="${root}xor/?lang=en&amp;id=xor" title="XOR, a demo by xor2gpt"
  sandbox="allow-scripts" loading="lazy" width="100%" height="720"></iframe>`;

/** The listener that lets a frame be as tall as its demo: the sender is checked, then the shape of the message. */
export const listener_snippet = (): string =>
  `addEventListener('message', (event) => {
  const frame = document.getElementById('xor');
  if (event.source !== frame.contentWindow) return;
  const { type, height } = event.data ?? {};
  if (type !== 'x2g-height' || !Number.isFinite(height)) return;
  frame.height = Math.min(Math.max(height, 100), 4000);
});`;
