export function externalize(html: string, base: string): { page: string; files: Map<string, string> };
export function internalize(html: string, base: string, read: (path: string) => string): string;
