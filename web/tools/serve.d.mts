// Types of serve.mjs, for the tests that start it themselves.
import type { Server } from 'node:http';

export function createStaticServer(
  dir: string,
  options?: { base?: string; headers?: Record<string, string> },
): Promise<Server>;
