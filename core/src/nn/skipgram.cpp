#include "x2g/nn/skipgram.hpp"

#include "base/in_range.hpp"
#include "x2g/base/error.hpp"
#include "x2g/base/text.hpp"

namespace x2g {
GraphSpec skipgram(const SkipGramConfig& c) {
  in_range("vocab", c.vocab, 2, 65536);
  in_range("channels", c.channels, 1, 1024);
  in_range("negatives", c.negatives, 1, 64);
  in_range("batch", c.batch, 1, 4096);
  const std::uint32_t rows = 1 + c.negatives;
  GraphSpec g;
  const TensorId center = g.input("center", {c.batch}), words = g.input("words", {rows, c.batch}),
                 labels = g.input("labels", {rows, c.batch});
  // word2vec starts v small and u at zero: every score is 0, every probability 1/2.
  const TensorId in = g.parameter("in.weight", {c.vocab, c.channels}, {Init::Kind::uniform, 0.5 / c.channels}, true);
  const TensorId out = g.parameter("out.weight", {c.vocab, c.channels}, {}, true);
  const TensorId v = g.embedding("v", center, in), u = g.embedding("u", words, out);
  OpAttributes over_channels, all_words;
  over_channels.axis = 2;
  all_words.scale = rows;  // bce_logits takes the mean over all (1+K) N scores, the paper the sum over words
  const TensorId scores = g.op(OpKind::sum, "scores", {g.op(OpKind::mul, "products", {u, v})}, over_channels);
  g.op(OpKind::scale, "loss", {g.bce_logits("mean", scores, labels)}, all_words);
  return g;
}

}  // namespace x2g
