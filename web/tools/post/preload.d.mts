export interface Chunk {
  file: string;
  isEntry?: boolean;
  imports?: string[];
  dynamicImports?: string[];
}
export function chunks_of(manifest: Record<string, Chunk>, folder: string): string[];
export function add_preloads(html: string, demos: [tag: string, chunks: string[]][], base: string): string;
