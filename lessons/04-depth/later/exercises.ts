/**
 * Lesson 4's exercises. Each answer is judged by building the net in the core and counting its pieces.
 */
import { defaults, type Check, type Label } from '@x2g/web/elements';
import { formatCount } from '@x2g/web/math';
import { most_pieces, tents, zigzag } from '../folds.ts';
import { net, options } from '../model.ts';
import { run_made } from '../nets.ts';

/** Folds of the exercises. */
const ASKED = 6;
/** Most units that an answer may name. */
const MOST = 512;

const refused: Label = {
  en: `Give a whole number from 1 to ${MOST}.`,
  ja: `1から${MOST}までの整数で答えてください。`,
};
const opt = defaults(options);

export const checks: Check[] = [
  {
    id: 'pieces',
    question: {
      en: `How many straight pieces does the deep net have after ${ASKED} folds?`,
      ja: `${ASKED}回折った深いネットは、直線何本からできていますか。`,
    },
    input: 'number',
    hints: [
      { en: 'Each fold doubles them. One fold makes two.', ja: '1回折ると2本、折るたびに2倍になります。' },
    ],
    async grade({ values: [answer = NaN] }, session) {
      const width = [1, ...new Array<number>(ASKED).fill(2), 1];
      const { made } = await run_made(session, width, tents(ASKED), { ...opt, folds: ASKED });
      return {
        ok: answer === made.pieces,
        message: {
          en: `Built and counted just now: ${made.pieces}.`,
          ja: `いま組み立てて数えました：${made.pieces}本です。`,
        },
      };
    },
  },
  {
    id: 'shallow-units',
    question: {
      en: 'A net with one hidden layer is to have 64 straight pieces. How many units does it need at least?',
      ja: '隠れ層が1つのネットで64本の直線を作るには、ユニットが少なくともいくつ必要ですか。',
    },
    input: 'number',
    hints: [
      { en: 'Each unit bends the line in one place.', ja: 'ユニット1つは、線を1か所で折ります。' },
      { en: 'A stick broken in 3 places has 4 pieces.', ja: '棒を3か所で折ると、4本になります。' },
    ],
    async grade({ values: [answer = NaN] }, session) {
      if (!(Number.isInteger(answer) && answer >= 1 && answer <= MOST))
        return { ok: false, message: refused };
      const count = async (units: number): Promise<number> =>
        units < 1 ? 1 : (await run_made(session, [1, units, 1], most_pieces(units), opt)).made.pieces;
      const here = await count(answer);
      const before = await count(answer - 1);
      return {
        ok: here >= 64 && before < 64,
        message: {
          en: `With every hinge inside the picture, ${answer} units give ${here} pieces and ${answer - 1} give ${before}.`,
          ja: `すべての折れ目を図の中に置くと、ユニット${answer}個で${here}本、${answer - 1}個で${before}本です。`,
        },
      };
    },
  },
  {
    id: 'parameters',
    question: {
      en: `Both nets draw the sawtooth of ${ASKED} folds exactly. How many more parameters does the shallow one, with 64 units, have than the deep one?`,
      ja: `どちらのネットも、${ASKED}回折りののこぎり波を正確に描きます。ユニット64個の浅いネットは、深いネットよりパラメーターがいくつ多いですか。`,
    },
    input: 'number',
    hints: [
      {
        en: 'Shallow: a weight, a bias and a height for each unit, and one constant.',
        ja: '浅いネット：ユニットごとに重み、バイアス、高さが1つずつ、それに定数が1つです。',
      },
      {
        en: 'Deep: 4 in the first layer, 6 in each of the next five, 3 at the end.',
        ja: '深いネット：第1層に4個、続く5層に6個ずつ、最後に3個です。',
      },
    ],
    async grade({ values: [answer = NaN] }, session) {
      const size = async (layers: number[]): Promise<number> =>
        (await session.create(net(layers, { ...opt, folds: ASKED }, 1))).parameterCount;
      const shallow = await size([1, 64, 1]);
      const deep = await size([1, ...new Array<number>(ASKED).fill(2), 1]);
      const { made } = await run_made(session, [1, 64, 1], zigzag(64), opt);
      return {
        ok: answer === shallow - deep,
        message: {
          en: `The core counts ${formatCount(shallow)} and ${formatCount(deep)}; the shallow net has ${made.pieces} pieces.`,
          ja: `コアが数えると、${formatCount(shallow)}個と${formatCount(deep)}個です。浅いネットの直線は${made.pieces}本です。`,
        },
      };
    },
  },
];
