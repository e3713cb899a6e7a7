// Each layer's keys, then its values: `capacity` rows each, in the order of the tokens.
#include "x2g/lm/kv_cache.hpp"

#include <algorithm>
#include <cstring>

#include "base/in_range.hpp"
#include "x2g/base/error.hpp"
#include "x2g/base/text.hpp"

namespace x2g {
namespace {}  // namespace

std::uint64_t kv_bytes(std::span<const KvWidths> layers, std::uint64_t tokens, std::uint32_t bytes) {
  std::uint64_t numbers = 0;
  for (const KvWidths& w : layers) numbers += std::uint64_t{w.keys} + w.values;
  return numbers * tokens * bytes;
}

std::uint64_t kv_bytes(std::uint32_t layers, std::uint32_t kv_heads, std::uint32_t head_size, std::uint64_t tokens, std::uint32_t bytes) {
  return std::uint64_t{2} * layers * kv_heads * head_size * tokens * bytes;
}

KvCache::KvCache(std::vector<KvWidths> layers, std::size_t window, std::size_t ahead, bool slides, std::uint64_t memory_limit)
    : layers_(std::move(layers)), window_(window), ahead_(ahead), slides_(slides) {
  in_range("the cache's window", static_cast<double>(window), 1, kMostTokens);
  in_range("the cache's number of tokens at once", static_cast<double>(ahead), 1, kMostAhead);
  // Sliding: the window, what can be taken back, and slack so that rows are moved once in many tokens, not for each.
  capacity_ = slides ? window + ahead + std::max(ahead, window / 4) : window;
  const std::uint64_t bytes = kv_bytes(layers_, capacity_);
  if (bytes > memory_limit)
    throw Error(ErrorCode::out_of_memory, text("a cache of ", window, " tokens needs ", (bytes + 1023) / 1024, " kB; the limit is ",
                                               memory_limit / 1024, " kB. Choose a shorter window or fewer key and value heads"));
  std::size_t total = 0;
  for (std::size_t part = 0; part < 2 * layers_.size(); ++part) {
    starts_.push_back(total);
    total += capacity_ * width(part);
  }
  store_ = Buffer<float>(total);
}

float* KvCache::rows_at(std::size_t part, std::size_t row) { return store_.data() + starts_[part] + row * width(part); }
const float* KvCache::rows_at(std::size_t part, std::size_t row) const { return store_.data() + starts_[part] + row * width(part); }

void KvCache::open(std::size_t count) {
  in_range("the cache's number of tokens at once", static_cast<double>(count), 1, static_cast<double>(ahead_));
  if (count > room())
    throw Error(ErrorCode::bad_state, text("the cache holds ", end_, " of ", window_, " tokens and cannot take ", count,
                                           " more; clear it and read the newest tokens again, or let it slide where positions allow"));
  if (end_ + count > capacity_) {  // only when sliding: keep the window and what forget() may ask for
    const std::size_t kept = window_ + ahead_;
    for (std::size_t part = 0; part < starts_.size(); ++part)
      std::memmove(rows_at(part, 0), rows_at(part, end_ - kept), kept * width(part) * sizeof(float));
    end_ = kept;
  }
  opened_ = count;
}

std::span<float> KvCache::new_keys(std::size_t layer) { return {rows_at(2 * layer, end_), opened_ * layers_[layer].keys}; }
std::span<float> KvCache::new_values(std::size_t layer) { return {rows_at(2 * layer + 1, end_), opened_ * layers_[layer].values}; }
std::span<const float> KvCache::keys(std::size_t layer) const { return {rows_at(2 * layer, 0), rows() * layers_[layer].keys}; }
std::span<const float> KvCache::values(std::size_t layer) const { return {rows_at(2 * layer + 1, 0), rows() * layers_[layer].values}; }

void KvCache::close() {
  end_ += opened_;
  opened_ = 0;
}

void KvCache::forget(std::size_t count) {
  const std::size_t most = slides_ ? std::min(ahead_, tokens()) : tokens();
  if (count > most)
    throw Error(ErrorCode::invalid_argument, text("cannot take back ", count, " tokens; the cache can give up the newest ", most));
  end_ -= count;
}

}  // namespace x2g
