// The ES module that the wasm build puts into web/engine/ (made by `lab build`, not committed): a factory of instances.

interface X2gFactoryOptions {
  instantiateWasm(imports: WebAssembly.Imports, receive: (instance: WebAssembly.Instance) => void): object;
}

declare module '*/engine/x2g.mjs' {
  const create: (options: X2gFactoryOptions) => Promise<import('./engine.ts').Engine>;
  export default create;
}

declare module '*/engine/stories-en.mjs' {
  const grammar: string;
  export default grammar;
}
declare module '*/engine/stories-ja.mjs' {
  const grammar: string;
  export default grammar;
}
