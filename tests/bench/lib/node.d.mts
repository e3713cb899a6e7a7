export interface Absent {
  bench: string;
  who: string;
  where: string;
  reason: string;
}
export interface Env {
  quick: boolean;
  peers: boolean;
  times: { rounds: number; ms: number };
  start(name: string): Promise<unknown>;
  bench(name: string): Promise<unknown>;
  peer(name: string): Promise<unknown>;
  attempt(bench: string, who: string, work: () => Promise<unknown>): Promise<void>;
}
export function nodeEnv(o?: {
  quick?: boolean;
  peers?: boolean;
  say?: (text: string) => void;
  absent?: Absent[];
}): Env;
