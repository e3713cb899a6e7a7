// Makes an instance of an engine from its bytes, under Node or in a page: the module as the worker of the site gets it, without worker,
// slices and reports. Where bytes come from is the caller's business.

/**
 * @param load (name) → Promise of the bytes of web/engine/NAME
 * @param create the factory of web/engine/x2g.mjs: all binaries share it
 */
export function engines(load, create) {
  return async function start(name) {
    const wasm = await WebAssembly.compile(await load(`${name}.wasm`));
    const engine = await create({
      instantiateWasm(imports, receive) {
        WebAssembly.instantiate(wasm, imports).then(receive);
        return {};
      },
    });
    if (engine.teachStories) {
      // It brings no stories of its own: "export default" and their grammar as a JSON text.
      const module = new TextDecoder().decode(await load('stories-en.mjs'));
      engine.teachStories('en', JSON.parse(/"[^]*"/.exec(module)[0]));
    }
    return engine;
  };
}

/** What a page of this course may use at most, bytes. */
export const memoryLimit = 224 * 2 ** 20;

/** The two kinds of kernels, by the engine that has them for language models. */
export const variants = [
  ['simd128', 'x2g-text'],
  ['relaxed', 'x2g-text-relaxed'],
];
