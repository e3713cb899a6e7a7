// Ready models that a graph may begin with: which there are and what their fields mean. Types only; the engine reads the fields, checks the
// ranges and refuses what it does not know. Names of tensors are told by the C++ reference, and by `run.names` once a graph stands.
import type { AttentionMask, AttentionScore, InitKind } from './graph-types.ts';
import type { ActivationName } from './types.ts';

/** A start for weights: how, and the number that goes with it. */
export interface WeightInit {
  kind: InitKind;
  a?: number;
}

/**
 * A multilayer perceptron. Inputs x (batch, sizes[0]), t (batch, last size), or t (batch) class numbers with cross_entropy; results
 * z1, h1, … y, loss; weights W1 (out, in), b1, …
 */
export interface MlpModel {
  /** Inputs, hidden layers, outputs: 2 to 64 sizes, each 1 to 4096. */
  sizes: number[];
  /** Default mse. */
  loss?: 'mse' | 'half_mse' | 'bce' | 'cross_entropy';
  /** Of the hidden layers; default tanh. */
  hidden?: ActivationName;
  /** Of the output, with mse and half_mse; default identity. */
  output?: ActivationName;
  /** Default xavier. */
  weights?: WeightInit;
  /** Default true. */
  bias?: boolean;
  /** Rows, 1 to 65536; default 1. */
  batch?: number;
}

/**
 * A GPT-2 style decoder, the fast form (Radford et al. 2019). Inputs ids, targets (batch, length); results blocks.L.attn with
 * blocks.L.attn.att (batch, heads, length, length), logits (batch, length, vocab), loss.
 */
export interface GptModel {
  /** 2 to 65536; default 256. */
  vocab?: number;
  /** 1 to 48; default 4. */
  layers?: number;
  /** 1 to 64, a divisor of channels; default 4. */
  heads?: number;
  /** 1 to 2048; default 128. */
  channels?: number;
  /** Positions, 2 to 2048; default 64. */
  context?: number;
  /** 1 to 512; default 12. */
  batch?: number;
  /** Tokens a row, up to context; 0, the default, means context. */
  length?: number;
  /** Default false. */
  bias?: boolean;
  /** Exact GELU instead of the tanh form; default false. */
  geluErf?: boolean;
  /** false: the graph ends at logits. Default true. */
  loss?: boolean;
}

/**
 * A convolutional network for pictures (LeCun et al. 1998). Inputs x (batch, channels, height, width), t (batch) class numbers; results
 * conv1, conv1.act, conv1.pool, …, flat, fc1, …, logits (batch, classes), loss.
 */
export interface CnnModel {
  /** Default max. */
  pool?: 'max' | 'avg' | 'none';
  /** Of a picture, 1 to 64; default 1. */
  channels?: number;
  /** 1 to 512; default 28. */
  height?: number;
  /** 1 to 512; default 28. */
  width?: number;
  /** Channels of each convolution: 1 to 16 sizes, each 1 to 1024; default [6, 16]. */
  filters?: number[];
  /** Of the window, 1 to 31; default 5. */
  kernel?: number;
  /** Zeros around, less than the kernel; default 0. */
  padding?: number;
  /** Window and stride of pooling, 1 to 16; default 2. */
  poolSize?: number;
  /** Units between the pictures and the classes: up to 16 sizes, each 1 to 4096; default [120, 84]. */
  hidden?: number[];
  /** 2 to 4096; default 10. */
  classes?: number;
  /** Default relu. */
  activation?: ActivationName;
  /** After every convolution; default false. */
  batchnorm?: boolean;
  /** After every hidden layer, 0 to below 1; default 0. */
  dropout?: number;
  /** Default he. */
  weights?: WeightInit;
  /** Pictures, 1 to 4096; default 1. */
  batch?: number;
  /** false: the graph ends at logits. Default true. */
  loss?: boolean;
}

/**
 * A recurrent language model: embedding, layers of one cell, linear head. Inputs ids, targets (batch, length), with `state` also
 * layers.L.h0 (batch, hidden) and, of lstm, layers.L.c0; results layers.L (batch, length, hidden), logits (batch, length, vocab), loss.
 */
export interface RecurrentModel {
  /** Default lstm. */
  cell?: 'rnn' | 'lstm' | 'gru';
  /** Of the rnn; default tanh. */
  activation?: 'tanh' | 'relu';
  /** 2 to 65536; default 256. */
  vocab?: number;
  /** 1 to 16; default 1. */
  layers?: number;
  /** Of the embedding, 1 to 2048; default 64. */
  channels?: number;
  /** Of the state, 1 to 2048; default 64. */
  hidden?: number;
  /** 1 to 512; default 12. */
  batch?: number;
  /** Steps that gradients go back through, 1 to 2048; default 64. */
  length?: number;
  /** Default true. */
  bias?: boolean;
  /** The head is the embedding; hidden equals channels then. Default false. */
  tied?: boolean;
  /** The state to go on from is an input; default false. */
  state?: boolean;
  /** false: the graph ends at logits. Default true. */
  loss?: boolean;
  /** How an lstm's forget gates start, −100 to 100; default 1. */
  forgetBias?: number;
}

/**
 * Skip-gram with negative sampling (Mikolov et al. 2013). Inputs center (batch), words (1 + negatives, batch) with the true neighbors in
 * row 0, labels (1 + negatives, batch), 1 in row 0; the word vectors are in.weight (vocab, channels).
 */
export interface SkipGramModel {
  /** 2 to 65536; default 256. */
  vocab?: number;
  /** 1 to 1024; default 16. */
  channels?: number;
  /** Drawn words a pair, 1 to 64; default 5. */
  negatives?: number;
  /** Pairs, 1 to 4096; default 64. */
  batch?: number;
}

/**
 * A transformer whose parts can be exchanged and switched off (Vaswani et al. 2017 and after). Inputs ids, targets (batch, length), of the
 * encoder-decoder also source (batch, sourceLength), with `padding` lengths (batch); results blocks.L.attn with blocks.L.attn.att
 * (batch, heads, length, length), blocks.L.mid, blocks.L.out, logits, loss. Targets of −1 are ignored.
 */
export interface TransformerModel {
  /** Default decoder. */
  form?: 'decoder' | 'encoder' | 'encoder_decoder';
  /** Default layernorm. */
  norm?: 'layernorm' | 'rmsnorm' | 'none';
  /** Before each part or after the sum; default pre. */
  normPlace?: 'pre' | 'post';
  /** Default learned. */
  positions?: 'learned' | 'sinusoidal' | 'rope' | 'alibi' | 'none';
  /** 2 to 65536; default 256. */
  vocab?: number;
  /** 1 to 48; default 4. */
  layers?: number;
  /** 1 to 64, a divisor of channels; default 4. */
  heads?: number;
  /** Heads of keys and values, a divisor of heads; 0, the default, means as many. */
  kvHeads?: number;
  /** 1 to 2048; default 128. */
  channels?: number;
  /** Positions, 2 to 2048; default 64. */
  context?: number;
  /** 1 to 512; default 12. */
  batch?: number;
  /** Tokens a row, up to context; 0, the default, means context. */
  length?: number;
  /** Of the encoder-decoder's source; 0, the default, means context. */
  sourceLength?: number;
  /** Encoder: classes a token, 2 to 65536; 0, the default, means the vocabulary. */
  classes?: number;
  /** Default false. */
  bias?: boolean;
  /** The head is the embedding; default true. */
  tied?: boolean;
  /** Sums around the parts; default true. */
  residual?: boolean;
  /** Default true. */
  attention?: boolean;
  /** Default true. */
  mlp?: boolean;
  /** A gate beside the MLP's first layer (Shazeer 2020); default false. */
  swiglu?: boolean;
  /** Token vectors times √channels; default false. */
  scaleEmbedding?: boolean;
  /** false: the graph ends at logits. Default true. */
  loss?: boolean;
  /** Of the MLP; default gelu_tanh. */
  activation?: ActivationName;
  /** Hidden units of the MLP a channel, above 0 to 16; default 4. */
  mlpRatio?: number;
  /** Of the decoder's self-attention; default causal. */
  mask?: AttentionMask;
  /** How a query and a key are compared; default dot. */
  score?: AttentionScore;
  /** Factor of the scores; 0, the default, means 1/√(head size). */
  scale?: number;
  /** After the embedding and each part, 0 to below 1; default 0. */
  dropout?: number;
  /** Of the attention weights, 0 to below 1; default 0. */
  attentionDropout?: number;
  /** Sequences are filled up at their end; default false. */
  padding?: boolean;
}

/**
 * Low-rank adaptation (Hu et al. 2021): the model is frozen, and each chosen linear layer N learns N.lora.A (rank, in) and
 * N.lora.B (out, rank), which starts at 0.
 */
export interface Lora {
  /** 1 to 256; default 4. */
  rank?: number;
  /** The correction counts alpha / rank; default 8. */
  alpha?: number;
  /** Ends of the names of linear nodes, such as 'attn.q'. */
  targets: string[];
}

/** A model by name, with its fields; those left out have their defaults. */
export type ModelStart = (
  | { model: 'mlp'; config: MlpModel }
  | { model: 'gpt'; config?: GptModel }
  | { model: 'cnn'; config?: CnnModel }
  | { model: 'recurrent'; config?: RecurrentModel }
  | { model: 'skipgram'; config?: SkipGramModel }
  | { model: 'transformer'; config?: TransformerModel }
) & { lora?: Lora };
