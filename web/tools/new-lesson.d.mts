export function course(): { order: number; slug: string; part: number }[];
export function make_lesson(slug: string, into?: string): Promise<string>;
