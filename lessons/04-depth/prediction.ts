/** Lesson 4's prediction, asked before the folding and answered by the pieces that the core's net then has. */
import type { Prediction } from '@x2g/web/elements';

/** Folds that it asks for. */
export const PREDICTED = 5;

export const prediction = (
  state: () => { folds: number; plain: boolean; pieces: number | undefined },
): Prediction => ({
  question: {
    en: `Fold ${PREDICTED} times. The deep net then has ten hidden units. How many straight pieces will its function have?`,
    ja: `${PREDICTED}回折ると、深いネットの隠れユニットは10個です。その関数は、直線何本からできているでしょうか。`,
  },
  choices: [
    { id: '10', label: { en: '10: one a unit', ja: '10本：ユニットごとに1本' } },
    { id: '11', label: { en: '11: one more than units', ja: '11本：ユニットより1つ多い' } },
    { id: '25', label: { en: '25: five times five', ja: '25本：5×5' } },
    { id: '32', label: { en: '32: doubled five times', ja: '32本：2倍を5回' } },
  ],
  outcome() {
    const { folds, plain, pieces } = state();
    return folds === PREDICTED && plain && pieces !== undefined ? String(pieces) : undefined;
  },
  reveal: {
    en: 'Each layer lays the strip double, so each layer doubles the pieces. The shallow net with ten units has ten.',
    ja: '層ごとに帯が2つに折れるので、直線の数も層ごとに2倍になります。ユニット10個の浅いネットでは10本です。',
  },
});
