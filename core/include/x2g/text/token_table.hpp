// The texts of a vocabulary by id, and the id of a text: all characters in one string, one hash table of ids.
// A text here is any bytes. It knows nothing of merges or scores.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace x2g {

/// Only grows.
class TokenTable {
 public:
  static constexpr std::uint32_t kNone = 0xFFFFFFFFu;  ///< no id
  std::uint32_t add(std::string_view text);            ///< the id of the text: the one it has, else the next
  std::uint32_t add_hidden(std::string_view text);     ///< the next id, for a text that find() shall not find
  std::uint32_t find(std::string_view text) const;     ///< kNone when it is not there
  /// Its text; id below size().
  std::string_view operator[](std::uint32_t id) const { return {pool_.data() + begin_[id], begin_[id + 1] - begin_[id]}; }
  std::uint32_t size() const { return static_cast<std::uint32_t>(begin_.size() - 1); }                  ///< ids given
  std::size_t bytes() const { return pool_.capacity() + 4 * (begin_.capacity() + slots_.capacity()); }  ///< memory taken

 private:
  std::size_t place(std::string_view text) const;
  std::string pool_;
  std::vector<std::uint32_t> begin_ = {0};  // size + 1 offsets into the pool
  std::vector<std::uint32_t> slots_;        // ids by hash, open addressing; kNone: free
  std::uint32_t found_ = 0;                 // ids among the slots
};

}  // namespace x2g
