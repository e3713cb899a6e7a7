// n-gram language model over token ids: it counts, smooths and predicts the next token from the last order − 1 tokens.
// Shapes: V tokens; order n = 1 … 5; h = the context (the last n − 1 tokens, fewer at the start of a sequence); c(hw) = how often w
// followed h, c(h) = Σ_w c(hw), N(h) = how many different w did, h' = h without its oldest token.
//   none       p(w|h) = c(hw) / c(h); in a context never seen all are 0
//   add_k      p(w|h) = (c(hw) + k) / (c(h) + kV)                                     Lidstone's law; k = 1 is Laplace's
//   back_off   p(w|h) = (c(hw) − D) / c(h) if w followed h, else α(h) p(w|h')         Katz (1987) with the absolute discount D of
//              α(h) such that Σ_w p(w|h) = 1; below one token stands 1/V              Ney, Essen & Kneser (1994)
//   stupid     S(w|h) = c(hw) / c(h) if w followed h, else 0.4 S(w|h'); below one token stands 1/V: Brants et al. (2007).
//              These are scores, not probabilities: everything here divides them by their sum, so that perplexities can be compared.
// No neural network and no training graph. The counts of every shorter context are kept as well.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "x2g/base/key_map.hpp"
#include "x2g/base/rng.hpp"

namespace x2g {

/// What becomes of n-grams that were not seen; see the formulas above.
enum class Smoothing { none, add_k, back_off, stupid };

/// How long the contexts are, and how unseen ones are treated.
struct NgramConfig {
  std::uint32_t order = 3;                    ///< 1 … 5
  std::uint32_t vocabulary = 0;               ///< V: 1 … 65 536
  Smoothing smoothing = Smoothing::back_off;  ///< which
  double k = 1;                               ///< add_k: above 0, at most 1000
  double discount = 0.5;                      ///< back_off, D: above 0, below 1
  std::uint32_t most_ngrams = 2000000;        ///< different n-grams of all orders kept at most: 1 … 4 000 000 (about 60 bytes each)
};

/// A token and how often it followed.
struct NgramCount {
  std::uint32_t token;  ///< its id
  std::uint32_t count;  ///< times
};

/// What is known of a context h.
struct NgramContext {
  std::uint32_t length;  ///< tokens of the context that count (at most order − 1), all of them seen; 0 when not even the last was
  std::uint64_t seen;    ///< c(h) of the whole context asked for, 0 = never seen
  std::uint32_t kinds;   ///< N(h) of it
};

/// How well a model foretells a text.
struct Perplexity {
  double perplexity;     ///< exp(mean nats): a uniform guess among V gives V; +∞ when a token had probability 0
  double nats;           ///< mean of −ln p
  std::uint64_t tokens;  ///< predicted tokens: all of the sequence
  std::uint64_t unseen;  ///< tokens with probability 0 (only without smoothing)
};

/// Counts, and what follows from them.
class Ngram {
 public:
  explicit Ngram(NgramConfig config);  ///< throws Error(invalid_argument)
  /// Counts one sequence; sequences do not run into each other. Error(out_of_memory) at most_ngrams: what came before stays counted.
  void add(std::span<const std::uint32_t> ids);
  /// Another way to smooth the same counts. Takes smoothing, k and discount of the config.
  void smooth(Smoothing smoothing, double k, double discount);

  /// p(w|h) of all V tokens; of a longer context only the last order − 1 tokens count. Sums to 1, or to 0: none in an unseen context.
  void distribution(std::span<const std::uint32_t> context, std::span<double> p) const;
  double probability(std::span<const std::uint32_t> context, std::uint32_t token) const;  ///< p(w|h) of one token
  /// Over every token of a sequence, the first ones with what context there is.
  Perplexity perplexity(std::span<const std::uint32_t> ids) const;
  /// Draws a token with one random number. Error(bad_state) where nothing has a probability.
  std::uint32_t next(std::span<const std::uint32_t> context, Rng& rng) const;

  const NgramConfig& config() const { return config_; }                ///< as it stands
  NgramContext context(std::span<const std::uint32_t> context) const;  ///< of a longer one only the last order − 1 tokens count
  /// What followed the context in the counted text, most frequent first (ties by lower id), at most `most`.
  std::vector<NgramCount> continuations(std::span<const std::uint32_t> context, std::uint32_t most) const;
  std::uint64_t count(std::span<const std::uint32_t> ngram) const;  ///< of 1 … order tokens; of none: all tokens counted
  std::uint32_t kinds(std::uint32_t length) const;                  ///< different n-grams of this length, 1 … order
  std::uint64_t bytes() const;                                      ///< memory taken

 private:
  // A trie: row 0 is the empty n-gram; the row of an n-gram is the child of the row of its first n − 1 tokens.
  struct Row {
    std::uint32_t token, count;             // of the n-gram itself
    std::uint32_t followed = 0, kinds = 0;  // c(h), N(h) with this n-gram as the context
    std::uint32_t child = 0, sibling = 0;   // the newest continuation; the next older one of the same context; 0 ends the list
  };
  struct Chain;  // the rows of a context and of its ends, with what each passes down
  std::uint32_t find(std::span<const std::uint32_t> ngram) const;
  std::uint32_t child_of(std::uint32_t row, std::uint32_t token) const;
  void check(std::span<const std::uint32_t> ids) const;
  std::span<const std::uint32_t> used(std::span<const std::uint32_t> context) const;
  Chain chain(std::span<const std::uint32_t> context) const;
  double probability(const Chain& chain, std::uint32_t level, std::uint32_t token) const;
  NgramConfig config_;
  std::vector<Row> rows_;
  std::vector<std::uint32_t> kinds_;
  KeyMap children_;  // row << 32 | token
};

}  // namespace x2g
