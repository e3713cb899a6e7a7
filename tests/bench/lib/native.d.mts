export function fromGoogle(
  bench: string,
  said: { context?: { kernels?: string }; benchmarks: object[] },
): Record<string, unknown>[];
