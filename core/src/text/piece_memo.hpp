// What pieces of a text were encoded to, so that a word which stands there again is not encoded again. For one call; bounded by its text.
#pragma once

#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "x2g/text/token_table.hpp"

namespace x2g {

class PieceMemo {
 public:
  /// Appends the ids of a piece: those of its first time, which stand among `ids` already, or what encode(piece, ids) appends.
  template <class F>
  void encode(std::string_view piece, std::vector<std::uint32_t>& ids, const F& encode_new) {
    if (piece.size() > kLongest) return encode_new(piece, ids);
    const std::uint32_t place = seen_.add(piece);
    if (place == where_.size()) {
      const auto begin = static_cast<std::uint32_t>(ids.size());
      encode_new(piece, ids);
      where_.push_back({begin, static_cast<std::uint32_t>(ids.size())});
      return;
    }
    for (std::uint32_t i = where_[place].first; i < where_[place].second; ++i) {
      const std::uint32_t id = ids[i];  // ids moves when it grows
      ids.push_back(id);
    }
  }

 private:
  static constexpr std::size_t kLongest = 40;  // bytes
  TokenTable seen_;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> where_;  // from, to: among the ids
};

}  // namespace x2g
