// Writes tokenizer.json (a vocabulary trained by Hugging Face's tokenizers) and bpe.json (what that package learns and encodes) beside
// itself. Run by hand, with version 0.23.2 of the npm package `tokenizers` somewhere outside the repository:
//   build/native/tests/x2g_tests "[.bpe-lines]"        writes bpe_lines.txt, ten thousand lines, into the current folder
//   node tests/golden/make_bpe.mjs FOLDER bpe_lines.txt    FOLDER holds node_modules/tokenizers
// tests/core/text/bpe_golden_test.cpp and hf_tokenizer_test.cpp hold the core to it.
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const [folder, linesFile] = process.argv.slice(2);
const hf = createRequire(resolve(folder, 'package.json'))('tokenizers');
const here = dirname(fileURLToPath(import.meta.url));
const corpus = join(here, 'bpe_corpus.txt');
const gpt2 = "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";

const byteLevel = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true };
const description = (preTokenizer, vocab, merges, added = [], model = {}) =>
  JSON.stringify({
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: added,
    normalizer: null,
    pre_tokenizer: preTokenizer,
    post_processor: null,
    decoder: byteLevel,
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: false,
      byte_fallback: false,
      ignore_merges: false,
      vocab,
      merges,
      ...model,
    },
  });

// All merges the package learns from the corpus (its standard trainer stops at 30 000 tokens, far away).
function learn(preTokenizer) {
  const tokenizer = hf.Tokenizer.fromString(description(preTokenizer, {}, []));
  tokenizer.train([corpus]);
  const file = join(tmpdir(), `x2g-bpe-${process.pid}.json`);
  tokenizer.save(file);
  return JSON.parse(readFileSync(file, 'utf8')).model.merges;
}

const byteMerges = learn(byteLevel);
const characterMerges = learn({ type: 'Split', pattern: { Regex: gpt2 }, behavior: 'Isolated', invert: false });

// A vocabulary of 1000: GPT-2's 256 bytes in their order, 742 merges, two added tokens.
const printable = (b) => (b >= 33 && b <= 126) || (b >= 161 && b <= 172) || b >= 174;
const bytes = [...Array(256).keys()];
const alphabet = [
  ...bytes.filter(printable).map((b) => String.fromCodePoint(b)),
  ...bytes.filter((b) => !printable(b)).map((_, i) => String.fromCodePoint(256 + i)),
];
const vocab = new Map(alphabet.map((c, i) => [c, i]));
const merges = [];
for (const [left, right] of byteMerges) {
  if (vocab.size === 998) break;
  merges.push([left, right]);
  if (!vocab.has(left + right)) vocab.set(left + right, vocab.size);
}
const flags = { single_word: false, lstrip: false, rstrip: false };
const added = [
  { id: 998, content: '<|endoftext|>', ...flags, normalized: false, special: true },
  { id: 999, content: '<|今日|>', ...flags, normalized: true, special: false },
];
const make = (preTokenizer = {}, model = {}) =>
  hf.Tokenizer.fromString(
    description({ ...byteLevel, ...preTokenizer }, Object.fromEntries(vocab), merges, added, model),
  );
make().save(join(here, 'tokenizer.json'));

const MASK = (1n << 64n) - 1n;
let hash = 0n;
const start = () => (hash = 0xcbf29ce484222325n);
const eat = (byte) => (hash = ((hash ^ BigInt(byte)) * 0x100000001b3n) & MASK);
const word = (v) => [v & 255, (v >> 8) & 255, (v >> 16) & 255, v >>> 24].forEach(eat);
const hex = () => hash.toString(16).padStart(16, '0');

// The class the package's pattern gives each code point: 0 letter, 1 number, 2 blank, 3 other.
const cutter = hf.byteLevelPreTokenizer(false, true);
const whole = (text) => cutter.preTokenizeString(text).length === 1;
start();
for (let c = 0; c < 0x110000; ++c) {
  if (c >= 0xd800 && c < 0xe000) continue;
  const s = String.fromCodePoint(c);
  eat(whole(`a${s}a`) ? 0 : whole(`1${s}1`) ? 1 : whole(`!${s}!`) ? 3 : 2);
}
const classes = hex();

const text = readFileSync(linesFile);
start();
text.forEach(eat);
const lines = { hash: hex() };
const split = text.toString('utf8').split('\n').slice(0, -1);
for (const [name, tokenizer] of [
  ['plain', make()],
  ['prefix', make({ add_prefix_space: true })],
  ['ignore_merges', make({}, { ignore_merges: true })],
  ['no_regex', make({ use_regex: false })],
]) {
  let count = 0;
  start();
  for (const encoding of await tokenizer.encodeBatch(split)) {
    const ids = encoding.getIds();
    count += ids.length;
    ids.forEach(word);
    word(0xffffffff);
  }
  lines[name] = { count, hash: hex() };
}

const awkward = [
  '', ' ', '  ', '   a', 'a ', 'a  ', '\n', '\n\n', ' \n ', '\t\ta', '\r\n', 'a\u00a0b', 'a\u3000b', '\u3000', '\u200b', '\u0085x',
  "I'll", "don't 've", "'s", " 's", "''s", "S'il", 'x²y½z', '１２３', '12 34', '3.14', '①②', 'こんにちは', 'こんにちは、世界！', 'カタカナ・ひらがな',
  '漢字かな交じり文', '😀😀', '👩‍👩‍👧‍👦', '👍🏽', '🇯🇵', 'é', 'e\u0301', 'Straße', 'ÆØÅ', 'Привет мир', 'שלום', 'नमस्ते', '안녕하세요',
  '<|endoftext|>', 'a<|endoftext|>b', ' <|endoftext|> ', '<|endoftext|><|endoftext|>', '<|endoftext', 'か<|今日|>は', '<|今日|>',
  'The owl looked at the ground and went away.', 'ソラくんは少しの間考えました。', '\u0000', '\u0001\u007f', '\ufffd', '\u{10ffff}',
  '\ufeffBOM', '\u{1d7d8}\u{1d7d9}', '\u{20000}𠮟る', 'a'.repeat(70),
];
const clear = async (tokenizer) => {
  const out = [];
  for (const line of awkward) out.push([line, (await tokenizer.encode(line)).getIds()]);
  return out;
};
const row = (entry) => `  ${JSON.stringify(entry)}`;
const list = (entries) => `[\n${entries.map(row).join(',\n')}\n]`;
writeFileSync(
  join(here, 'bpe.json'),
  `{"made_with": "tokenizers 0.23.2 by make_bpe.mjs",
"classes": "${classes}",
"lines": ${JSON.stringify(lines)},
"byte_merges": ${JSON.stringify(byteMerges.slice(0, 1500).map((m) => m.join(' ')))},
"character_merges": ${JSON.stringify(characterMerges.slice(0, 800))},
"awkward": ${list(await clear(make()))},
"awkward_prefix": ${list(await clear(make({ add_prefix_space: true })))}
}
`,
);
console.log(byteMerges.length, characterMerges.length, vocab.size, merges.length, lines);
