// Brings the engine: chooses the binary, fetches and compiles it once for the whole page, whatever number of demos uses it.
// Says in words what to do when it cannot. Every failure can be tried again.
import { relaxedSimd, simd } from 'wasm-feature-detect';
import type { EngineSource } from './engine.ts';
import { LabError } from './errors.ts';
import type { EngineName, Variant } from './types.ts';

// Literal expressions: bundlers turn each into the address of a hashed file beside the script.
type Binary = EngineName | 'relaxed';
const addresses: Record<Binary, () => URL> = {
  small: () => new URL('../../engine/x2g-small.wasm', import.meta.url),
  digits: () => new URL('../../engine/x2g-digits.wasm', import.meta.url),
  graph: () => new URL('../../engine/x2g-graph.wasm', import.meta.url),
  text: () => new URL('../../engine/x2g-text.wasm', import.meta.url),
  relaxed: () => new URL('../../engine/x2g-text-relaxed.wasm', import.meta.url),
  whole: () => new URL('../../engine/x2g.wasm', import.meta.url),
  tools: () => new URL('../../engine/x2g-tools.wasm', import.meta.url),
  'tools-text': () => new URL('../../engine/x2g-tools-text.wasm', import.meta.url),
  'tools-data': () => new URL('../../engine/x2g-tools-data.wasm', import.meta.url),
};

const compiled = new Map<Binary, Promise<WebAssembly.Module>>();

function failed(what: string, cause?: unknown): LabError {
  return new LabError('not_loaded', what, { cause });
}

/** The binary to use: 'auto' and 'relaxed' fall back to simd128 where relaxed SIMD is missing. Only the language models' engine has it. */
export async function chooseVariant(wanted: Variant | 'auto', engine: EngineName): Promise<Variant> {
  if (typeof WebAssembly !== 'object') {
    throw failed(
      'This browser has WebAssembly switched off, so nothing can be trained here. ' +
        'Leave its strict or lockdown mode for this site, or use another browser.',
    );
  }
  if (!(await simd())) {
    throw failed(
      'This browser has no SIMD in WebAssembly, so nothing can be trained here. ' +
        'Any Chrome, Edge or Firefox since 2021 and Safari since 16.4 has it.',
    );
  }
  return wanted !== 'simd128' && engine === 'text' && (await relaxedSimd()) ? 'relaxed' : 'simd128';
}

function binaryOf(variant: Variant, engine: EngineName): Binary {
  return variant === 'relaxed' ? 'relaxed' : engine;
}

async function fetchWasm(binary: Binary): Promise<Response> {
  const url = addresses[binary]();
  let response: Response;
  try {
    response = await fetch(url, { credentials: 'omit' });
  } catch (cause) {
    throw failed('The engine could not be fetched. Check the connection and try again.', cause);
  }
  if (!response.ok) {
    throw failed(
      `The engine could not be fetched: ${url.pathname} answered ${response.status}. Reload the page, or try later.`,
    );
  }
  return response;
}

async function compile(binary: Binary): Promise<WebAssembly.Module> {
  const response = await fetchWasm(binary);
  const copy = response.clone();
  try {
    return await WebAssembly.compileStreaming(response);
  } catch {
    // A server that calls wasm something else, or an engine without streaming: compile from the bytes instead.
  }
  try {
    return await WebAssembly.compile(await copy.arrayBuffer());
  } catch (cause) {
    throw failed(
      'The engine arrived damaged or is not allowed to run here ' +
        "(a site's Content-Security-Policy must allow 'wasm-unsafe-eval'). Reload the page.",
      cause,
    );
  }
}

/** The compiled module, shared; a failure is forgotten so that the next call tries again. */
export async function loadEngine(
  wanted: Variant | 'auto',
  engine: EngineName = 'whole',
): Promise<EngineSource> {
  const variant = await chooseVariant(wanted, engine);
  const binary = binaryOf(variant, engine);
  let module = compiled.get(binary);
  if (!module) {
    module = compile(binary);
    compiled.set(binary, module);
    module.catch(() => compiled.delete(binary));
  }
  return { variant, wasm: await module };
}

/** The plain bytes, for workers that cannot be handed a module. */
export async function loadBytes(variant: Variant, engine: EngineName = 'whole'): Promise<EngineSource> {
  const response = await fetchWasm(binaryOf(variant, engine));
  return { variant, wasm: await response.arrayBuffer() };
}
