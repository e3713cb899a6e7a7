#include "x2g/text/token_table.hpp"

#include "x2g/base/error.hpp"
#include "x2g/base/text.hpp"

namespace x2g {

/// The slot of the text, or the free one where it would go; only with slots.
std::size_t TokenTable::place(std::string_view text) const {
  const std::size_t mask = slots_.size() - 1;
  const std::uint64_t hash = fnv1a(text.data(), text.size());
  std::size_t at = static_cast<std::size_t>(hash ^ (hash >> 32)) & mask;
  while (slots_[at] != kNone && (*this)[slots_[at]] != text) at = (at + 1) & mask;
  return at;
}

std::uint32_t TokenTable::find(std::string_view text) const { return slots_.empty() ? kNone : slots_[place(text)]; }

std::uint32_t TokenTable::add_hidden(std::string_view text) {
  if (text.size() > 0xFFFFFFFFu - pool_.size()) throw Error(ErrorCode::out_of_memory, "a vocabulary of more than 4 GB of text");
  pool_ += text;
  begin_.push_back(static_cast<std::uint32_t>(pool_.size()));
  return size() - 1;
}

std::uint32_t TokenTable::add(std::string_view text) {
  if (4 * std::size_t{found_ + 1} > 3 * slots_.size()) {
    std::vector<std::uint32_t> old(slots_.empty() ? 64 : 2 * slots_.size(), kNone);
    old.swap(slots_);
    for (const std::uint32_t id : old) {
      if (id != kNone) slots_[place((*this)[id])] = id;
    }
  }
  const std::size_t at = place(text);
  if (slots_[at] == kNone) {
    slots_[at] = add_hidden(text);
    ++found_;
  }
  return slots_[at];
}

}  // namespace x2g
