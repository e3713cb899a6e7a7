/**
 * The reader's own pictures in use: what is trained on and what is held out. A twin takes them as they are. In a run.json stands only what
 * they were, for they are larger than the file may be; whoever opens it must have them in use.
 */
import { LabError } from '@x2g/web/elements';
import { HELD, PIXELS, type DataSets, type Digits } from './data.ts';

/** Share of the pictures that is held out when the net trains on them. */
const HELD_SHARE = 1 / 6;

/** FNV-1a over labels and inked pixels: enough to tell other files from the same ones. */
function mark_of({ x, labels }: Digits): number {
  let hash = 0x811c9dc5;
  const mix = (value: number): void => void (hash = Math.imul(hash ^ value, 0x01000193) >>> 0);
  labels.forEach(mix);
  x.forEach((ink, i) => {
    if (ink > 0.5) mix(i & 0xffff);
  });
  return hash;
}

export class OwnSets implements DataSets {
  readonly train: Digits;
  readonly held: Digits;
  private constructor(train: Digits, held: Digits) {
    this.train = train;
    this.held = held;
  }

  /** 'train': most of them to train on. 'test': all of them held out, and the net goes on with `train`. */
  static of(own: Digits, how: 'train' | 'test', train: Digits): OwnSets {
    const rows = own.labels.length;
    const cut = how === 'test' ? 0 : rows - Math.min(HELD, Math.ceil(rows * HELD_SHARE));
    const last = how === 'test' ? Math.min(rows, 5 * HELD) : rows;
    const part = (from: number, to: number): Digits => ({
      x: own.x.slice(from * PIXELS, to * PIXELS),
      labels: own.labels.slice(from, to),
    });
    return new OwnSets(how === 'test' ? train : part(0, cut), part(cut, last));
  }

  /** What a run.json says of them. */
  toJSON() {
    const { train, held } = this;
    return {
      own: { train: train.labels.length, held: held.labels.length, mark: mark_of(train) ^ mark_of(held) },
    };
  }
}

/** The pictures that belong to what data() gave or a run.json tells; `present` are those in use now. */
export function own_sets(data: unknown, present: OwnSets | undefined): OwnSets | undefined {
  if (data === undefined || data === null) return undefined;
  if (data instanceof OwnSets) return data;
  if (present && JSON.stringify(present) === JSON.stringify(data)) return present;
  const { own } = data as { own?: { train?: unknown; held?: unknown } };
  const [train, held] = [Number(own?.train), Number(own?.held)];
  if (!(train > 0 && held > 0))
    throw new LabError(
      'bad_file',
      'The field "data" does not name pictures; choose a run.json saved by this lesson.',
    );
  throw new LabError(
    'bad_file',
    `This run used ${train + held} pictures of its reader's own, which a run.json does not hold. Open the same files here, choose “Train on them” or “Test on them”, then open the run.json again.`,
  );
}
