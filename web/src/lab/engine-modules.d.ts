// The two ES modules that the wasm build puts into web/engine/ (made by `lab build`, not committed): a factory each.

interface X2gFactoryOptions {
  instantiateWasm(imports: WebAssembly.Imports, receive: (instance: WebAssembly.Instance) => void): object;
}

declare module '*/engine/x2g.mjs' {
  const create: (options: X2gFactoryOptions) => Promise<import('./engine.ts').Engine>;
  export default create;
}

declare module '*/engine/x2g-relaxed.mjs' {
  const create: (options: X2gFactoryOptions) => Promise<import('./engine.ts').Engine>;
  export default create;
}
