// Writes unigram.json beside itself: a vocabulary that the core trained, and how Hugging Face's tokenizers segment the lines of
// bpe_corpus.txt with it (its own Viterbi). Run by hand, with version 0.23.2 of the npm package `tokenizers` outside the repository:
//   build/native/tests/x2g_tests "[.unigram-pieces]"       writes unigram_pieces.json into the current folder
//   node tests/golden/make_unigram.mjs FOLDER unigram_pieces.json       FOLDER holds node_modules/tokenizers
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const [folder, piecesFile] = process.argv.slice(2);
const hf = createRequire(resolve(folder, 'package.json'))('tokenizers');
const here = dirname(fileURLToPath(import.meta.url));
const pieces = JSON.parse(readFileSync(piecesFile, 'utf8'));
// Scores are kept in 1/1000: the golden file needs no more, and both sides read the same number.
const milli = pieces.map(([text, score]) => [text, Math.round(-1000 * score)]);
const tokenizer = new hf.Tokenizer(
  hf.Unigram.init(
    milli.map(([text, cost]) => [text, -cost / 1000]),
    {},
  ),
);
const lines = readFileSync(join(here, 'bpe_corpus.txt'), 'utf8')
  .split('\n')
  .filter((line) => line !== '');
const rows = [];
for (const line of lines) rows.push(JSON.stringify([line, (await tokenizer.encode(line)).getIds()]));
writeFileSync(
  join(here, 'unigram.json'),
  `{"made_with": "tokenizers 0.23.2 by make_unigram.mjs",\n"pieces": ${JSON.stringify(milli)},\n"lines": [\n${rows.join(',\n')}\n]}\n`,
);
console.log(milli.length, rows.length);
