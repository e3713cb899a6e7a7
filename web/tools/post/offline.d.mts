export function worker_text(source: string, files: Map<string, Uint8Array>): string;
