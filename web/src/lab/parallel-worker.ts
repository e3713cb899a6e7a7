// A worker that trains together with others. Self-contained as worker.ts; loaded only for runs of two workers or more.
import { join } from './parallel-member.ts';
import type { Port } from './wire.ts';

join(self as unknown as Port);
