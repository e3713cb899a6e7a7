export function fromGoogle(bench: string, said: { benchmarks: object[] }): Record<string, unknown>[];
