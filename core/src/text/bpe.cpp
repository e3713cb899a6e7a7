#include "x2g/text/bpe.hpp"

#include <algorithm>

#include "text/piece_memo.hpp"
#include "x2g/base/error.hpp"
#include "x2g/base/text.hpp"
#include "x2g/text/tokenizer.hpp"
#include "x2g/text/visible.hpp"

namespace x2g {
namespace {

std::uint64_t pair_key(std::uint32_t left, std::uint32_t right) { return static_cast<std::uint64_t>(left) << 32 | right; }

/// A token of a piece while its neighbours are joined: a list through the piece, so that joining moves nothing.
struct Part {
  std::uint32_t id;
  std::uint32_t previous, next;  // places; kNone at the ends
};
constexpr std::uint32_t kNone = TokenTable::kNone;

}  // namespace

std::array<std::uint8_t, 256> gpt2_byte_order() {
  const auto printable = [](unsigned b) { return (b >= 33 && b <= 126) || (b >= 161 && b <= 172) || b >= 174; };
  std::array<std::uint8_t, 256> out{};
  std::size_t n = 0;
  for (const bool wanted : {true, false}) {
    for (unsigned b = 0; b < 256; ++b) {
      if (printable(b) == wanted) out[n++] = static_cast<std::uint8_t>(b);
    }
  }
  return out;
}

Bpe::Bpe(BpeParts parts) : parts_(std::move(parts)) {
  const TokenTable& tokens = parts_.tokens;
  if (tokens.size() < 1 || tokens.size() > kMost) {
    throw Error(ErrorCode::invalid_argument, text("a vocabulary of ", tokens.size(), " tokens; it must have 1 to ", kMost));
  }
  if (parts_.rules.size() > kMost) {
    throw Error(ErrorCode::invalid_argument, text(parts_.rules.size(), " merges; at most ", kMost, " are allowed"));
  }
  for (std::uint32_t i = 0; i < parts_.rules.size(); ++i) {
    const BpeRule& r = parts_.rules[i];
    if (std::max({r.left, r.right, r.token}) >= tokens.size()) {
      throw Error(ErrorCode::invalid_argument,
                  text("merge ", i, " names token ", std::max({r.left, r.right, r.token}), "; ids are 0 to ", tokens.size() - 1));
    }
    const std::string_view left = tokens[r.left], right = tokens[r.right], whole = tokens[r.token];
    if (left.empty() || right.empty() || whole.size() != left.size() + right.size() || !whole.starts_with(left) ||
        !whole.ends_with(right)) {
      throw Error(ErrorCode::invalid_argument, text("merge ", i, " joins \"", visible(left), "\" and \"", visible(right), "\" to \"",
                                                    visible(whole), "\", which is not what they spell"));
    }
    rank_.assign(pair_key(r.left, r.right), i);
  }
  base_.fill(kNone);
  for (unsigned b = 0; b < (parts_.unit == BpeUnit::bytes ? 256u : 128u); ++b) {
    const char byte = static_cast<char>(b);
    base_[b] = tokens.find({&byte, 1});
  }
}

std::string_view Bpe::token(std::uint32_t id) const {
  if (id >= size()) throw Error(ErrorCode::invalid_argument, text("token ", id, " does not exist; ids are 0 to ", size() - 1));
  return parts_.tokens[id];
}

std::string Bpe::label(std::uint32_t id) const { return visible(token(id)); }

std::vector<std::uint32_t> Bpe::encode(std::string_view input) const {
  std::vector<std::uint32_t> ids;
  if (input.size() > kLongestText) {
    throw Error(ErrorCode::invalid_argument, text("a text of ", input.size(), " bytes; encode at most ", kLongestText, " at a time"));
  }
  PieceMemo memo;
  for (std::size_t at = 0; at < input.size();) {
    const std::size_t length = piece_length(input, at, parts_.split);
    memo.encode(input.substr(at, length), ids,
                [&](std::string_view piece, std::vector<std::uint32_t>& out) { encode_piece(piece, out, kNone, at); });
    at += length;
  }
  return ids;
}

void Bpe::encode_piece(std::string_view piece, std::vector<std::uint32_t>& ids, std::uint32_t unknown, std::size_t place) const {
  if (piece.size() > kLongestText) {
    throw Error(ErrorCode::invalid_argument, text("a text of ", piece.size(), " bytes; encode at most ", kLongestText, " at a time"));
  }
  std::vector<Part> parts;
  parts.reserve(piece.size());
  for (std::size_t at = 0; at < piece.size();) {
    const auto lead = static_cast<unsigned char>(piece[at]);
    const CodePoint c = parts_.unit == BpeUnit::bytes || lead < 0x80 ? CodePoint{lead, 1} : decode_utf8(piece, at);
    const std::size_t bytes = c.bytes;
    std::uint32_t id = base_[lead];
    if (parts_.unit == BpeUnit::characters && lead >= 0x80) {  // a broken byte counts as the replacement character
      id = parts_.tokens.find(c.value == 0xFFFD ? std::string_view("\xEF\xBF\xBD") : piece.substr(at, bytes));
    }
    if (id == kNone) id = unknown;
    if (id == kNone) {
      throw Error(ErrorCode::invalid_argument, text("\"", visible(piece.substr(at, bytes)), "\" at byte ", place + at,
                                                    parts_.unit == BpeUnit::bytes ? " is a byte" : " is a character",
                                                    " that is not among the tokens; leave it out, or train on text that has it"));
    }
    const auto n = static_cast<std::uint32_t>(parts.size());
    parts.push_back({id, n == 0 ? kNone : n - 1, n + 1});
    at += bytes;
  }
  if (parts.empty()) return;
  parts.back().next = kNone;

  // A heap of the pairs that some rule joins, lowest rank on top, then leftmost: O(n log n). Pairs that are gone are skipped when they
  // come up.
  std::vector<std::uint64_t> heap;
  const auto later = [](std::uint64_t a, std::uint64_t b) { return a > b; };
  const auto offer = [&](std::uint32_t at) {
    if (parts[at].next == kNone) return;
    const std::uint32_t rank = rank_.find(pair_key(parts[at].id, parts[parts[at].next].id));
    if (rank == kNone) return;
    heap.push_back(pair_key(rank, at));
    std::push_heap(heap.begin(), heap.end(), later);
  };
  for (std::uint32_t i = 0; i + 1 < parts.size(); ++i) offer(i);
  while (!heap.empty()) {
    std::pop_heap(heap.begin(), heap.end(), later);
    const auto rank = static_cast<std::uint32_t>(heap.back() >> 32), at = static_cast<std::uint32_t>(heap.back());
    heap.pop_back();
    const BpeRule& rule = parts_.rules[rank];
    Part& left = parts[at];
    if (left.id != rule.left || left.next == kNone || parts[left.next].id != rule.right) continue;
    Part& right = parts[left.next];
    left.id = rule.token;
    left.next = right.next;
    right.id = kNone;  // no rule names it
    if (left.next != kNone) parts[left.next].previous = at;
    if (left.previous != kNone) offer(left.previous);
    offer(at);
  }
  for (std::uint32_t i = 0; i != kNone; i = parts[i].next) ids.push_back(parts[i].id);
}

std::string Bpe::decode(std::span<const std::uint32_t> ids) const {
  std::string out;
  for (const std::uint32_t id : ids) out += token(id);
  return out;
}

}  // namespace x2g
