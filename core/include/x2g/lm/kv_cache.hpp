// Keys and values of the tokens read so far, layer by layer, so that the next token need not compute them again. Memory and bookkeeping
// only; who writes the rows and attends to them is lm/cached_decoder.hpp.
//
//   bytes = 4 · tokens · Σ over layers of (G·D + G·Dv)        G key/value heads of D and Dv channels
//
// With G = H that is 8 L T C (multi-head); grouped and multi-query attention divide it by H/G (Ainslie et al. 2023, GQA; Shazeer 2019, MQA).
// A cache that slides keeps the newest `window` tokens: rows stay in order, and are moved to the front only when the slack behind them is
// used up. One that does not slide is full after `window` tokens.
#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "x2g/base/buffer.hpp"

namespace x2g {

/// Numbers that one layer keeps of a token.
struct KvWidths {
  std::uint32_t keys = 0;    ///< G·D
  std::uint32_t values = 0;  ///< G·Dv
};

/// What `tokens` take in a cache of these layers, in numbers of `bytes` bytes each (4 here; 2 in most servers).
std::uint64_t kv_bytes(std::span<const KvWidths> layers, std::uint64_t tokens, std::uint32_t bytes = 4);
/// The same for L like layers.
std::uint64_t kv_bytes(std::uint32_t layers, std::uint32_t kv_heads, std::uint32_t head_size, std::uint64_t tokens,
                       std::uint32_t bytes = 4);

/// open() rows, write them, close(): then they are held.
class KvCache {
 public:
  static constexpr std::size_t kMostTokens = 1u << 20;  ///< of a window
  static constexpr std::size_t kMostAhead = 512;        ///< written at once

  /// window: 1 … 2²⁰ tokens; ahead: 1 … 512, how many may be written at once and taken back. Error(out_of_memory) when `bytes()` would
  /// pass the limit.
  KvCache(std::vector<KvWidths> layers, std::size_t window, std::size_t ahead, bool slides, std::uint64_t memory_limit);

  std::size_t layers() const { return layers_.size(); }  ///< how many
  std::size_t window() const { return window_; }         ///< tokens held at most
  bool slides() const { return slides_; }                ///< the oldest go when it is full
  std::size_t tokens() const { return end_ - begin(); }  ///< held now, at most `window`
  std::size_t room() const {
    return slides_ ? std::numeric_limits<std::size_t>::max() : window_ - end_;
  }  ///< tokens that may still be written
  std::uint64_t bytes() const { return store_.size() * sizeof(float); }     ///< allocated, slack included
  std::uint64_t used_bytes() const { return kv_bytes(layers_, tokens()); }  ///< of the tokens held

  /// Makes place for `count` tokens behind those held: 1 … ahead, and no more than room(), else Error.
  void open(std::size_t count);
  /// Rows to be written: (count, keys of the layer).
  std::span<float> new_keys(std::size_t layer);
  /// The same of the values.
  std::span<float> new_values(std::size_t layer);
  /// All that may be seen, (rows(), keys of the layer): the tokens held (with a window also older ones, first_seen() tells) and those being written.
  std::span<const float> keys(std::size_t layer) const;
  std::span<const float> values(std::size_t layer) const;  ///< the same of the values
  std::size_t rows() const { return end_ + opened_; }      ///< of keys() and values()
  /// The oldest row that the token in row `row` may see.
  std::size_t first_seen(std::size_t row) const { return row + 1 > window_ ? row + 1 - window_ : 0; }
  void close();  ///< the tokens written are held from now on

  /// Takes back the newest tokens, at most `ahead` when sliding and at most those held: drafts that were refused.
  void forget(std::size_t count);
  void clear() { end_ = opened_ = 0; }  ///< holds nothing

 private:
  std::size_t begin() const { return end_ > window_ ? end_ - window_ : 0; }
  float* rows_at(std::size_t part, std::size_t row);
  const float* rows_at(std::size_t part, std::size_t row) const;
  std::size_t width(std::size_t part) const { return part % 2 ? layers_[part / 2].values : layers_[part / 2].keys; }

  std::vector<KvWidths> layers_;
  std::vector<std::size_t> starts_;  // of keys 0, values 0, keys 1, … in store_
  std::size_t window_, ahead_, capacity_ = 0;
  bool slides_;
  std::size_t end_ = 0, opened_ = 0;  // rows written and held; rows being written
  Buffer<float> store_;
};

}  // namespace x2g
