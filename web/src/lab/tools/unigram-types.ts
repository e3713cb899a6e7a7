// What unigram tokenizers take and give, as plain data. Ranges stand with the fields; the core checks them and says so in its errors.

/** How a unigram vocabulary is looked for (Kudo 2018). */
export interface UnigramConfig {
  /** Tokens at the end: 257 to 65,536, 256 of them bytes; at least those and the characters of the text. Default 1000. */
  vocabulary?: number;
  /** Pieces to start with, 1 to 200,000; default 20,000. */
  seedPieces?: number;
  /** Characters of a piece, 1 to 64; default 16. */
  longest?: number;
  /** What no piece crosses: words as GPT-2 cuts them, ends of lines, or nothing. Default words. */
  split?: 'words' | 'lines' | 'none';
}

/** Where a training of unigrams stands. */
export interface UnigramReport {
  /** Tokens now, the 256 bytes among them. */
  size: number;
  /** ln of the probability of the training text, per character, before the last step of EM. */
  logLikelihood: number;
  /** The wanted size is reached. */
  finished: boolean;
}

/** A piece of text and ln of its probability, 0 or below. */
export interface UnigramPiece {
  /** 1 to 64 characters. */
  text: string;
  score: number;
}

/** A piece of a vocabulary that is being looked for, with what to show for it: "␣the". */
export interface LabeledUnigramPiece extends UnigramPiece {
  label: string;
}
