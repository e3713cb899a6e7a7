export function externalize(html: string, base: string): { page: string; files: Map<string, string> };
export function internalize(html: string, base: string, read: (path: string) => string): string;
export function externalize_styles(html: string, rules: Map<string, string>): string;
export function style_sheet(rules: Map<string, string>): { path: string; text: string };
