// The examples of the page: how each is made, and its text, word for word what runs (Vite's ?raw import of the same file).
import type { GraphOptions, GraphRecorder } from '@x2g/web/lab';
import { gptBlock } from './gpt-block.ts';
import gptBlockText from './gpt-block.ts?raw';
import { twoLayer } from './two-layer.ts';
import twoLayerText from './two-layer.ts?raw';

/** What an example's function returns: the graph, how it is trained, and the data of each step by input. */
export interface Written {
  g: GraphRecorder;
  options: GraphOptions;
  data(step: number): Record<string, number[]>;
}

export interface Example {
  make(): Written;
  text: string;
  file: string;
  title: { en: string; ja: string };
  question: { en: string; ja: string };
}

export const examples: Record<string, Example> = {
  'two-layer': {
    make: twoLayer,
    text: twoLayerText,
    file: 'two-layer.ts',
    title: { en: 'A two-layer net', ja: '2層のネット' },
    question: {
      en: 'Which of its 17 numbers does one step change the most?',
      ja: '1回のステップで、17個の数のうちどれが一番大きく変わるでしょうか。',
    },
  },
  'gpt-block': {
    make: gptBlock,
    text: gptBlockText,
    file: 'gpt-block.ts',
    title: { en: 'A block of a GPT', ja: 'GPTの1ブロック' },
    question: {
      en: 'After how many steps does it know the text by heart?',
      ja: '何ステップで、文章をそらで言えるようになるでしょうか。',
    },
  },
};
