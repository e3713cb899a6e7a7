/** The two languages of the course. On its own because the pages' small scripts need this and not the course data. */
export const langs = ['en', 'ja'] as const;
export type Lang = (typeof langs)[number];
export type Text = Record<Lang, string>;
