// The cache's memory by hand, what it holds while it slides, and its refusals.
#include "x2g/lm/kv_cache.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "x2g/base/error.hpp"
#include "x2g/graph/graph.hpp"

using namespace x2g;
using Catch::Matchers::ContainsSubstring;

namespace {

/// Writes the numbers first, first + 1, … as keys (width 2: n, −n) and values (width 1) of layer 1, and other things into layer 0.
void write(KvCache& c, float first, std::size_t count) {
  c.open(count);
  for (std::size_t i = 0; i < count; ++i) {
    const float n = first + static_cast<float>(i);
    c.new_keys(0)[i] = -1;
    c.new_values(0)[3 * i] = -1;
    c.new_keys(1)[2 * i] = n;
    c.new_keys(1)[2 * i + 1] = -n;
    c.new_values(1)[i] = 100 + n;
  }
  c.close();
}

const std::vector<KvWidths> kTwo{{1, 3}, {2, 1}};

}  // namespace

TEST_CASE("bytes of a cache are those counted by hand", "[lm][cache][lesson-25]") {
  // GPT-2 small: 12 layers, 12 heads of 64, 1024 tokens, 2 numbers (key and value), 4 bytes: 12 · 12 · 64 · 1024 · 2 · 4 = 75 497 472
  CHECK(kv_bytes(12, 12, 64, 1024) == 75'497'472);
  CHECK(kv_bytes(12, 12, 64, 1024, 2) == 37'748'736);
  CHECK(kv_bytes(12, 4, 64, 1024) == kv_bytes(12, 12, 64, 1024) / 3);   // grouped
  CHECK(kv_bytes(12, 1, 64, 1024) == kv_bytes(12, 12, 64, 1024) / 12);  // multi-query
  // Llama 2 7B at its full length, 16 bits: 32 layers · 32 heads · 128 · 4096 · 2 · 2 = 2 GiB
  CHECK(kv_bytes(32, 32, 128, 4096, 2) == 2ull << 30);
  const std::vector<KvWidths> uneven{{8, 8}, {8, 16}};
  CHECK(kv_bytes(uneven, 10) == 40 * 10 * 4);
  const KvCache cache({{8, 8}, {8, 8}}, 10, 1, false, kMemoryLimit);
  CHECK(cache.bytes() == kv_bytes(2, 2, 4, 10));
  CHECK(cache.used_bytes() == 0);
}

TEST_CASE("rows stand in the order of the tokens, and taking back makes room again", "[lm][cache]") {
  KvCache c(kTwo, 5, 3, false, kMemoryLimit);
  write(c, 1, 3);
  write(c, 4, 1);
  CHECK(c.tokens() == 4);
  CHECK(c.room() == 1);
  CHECK(c.used_bytes() == 4 * 7 * 4);
  CHECK(c.keys(1)[6] == 4.0f);
  CHECK(c.values(1)[3] == 104.0f);
  c.forget(2);
  CHECK(c.room() == 3);
  write(c, 7, 3);
  CHECK(c.room() == 0);
  CHECK(c.keys(1)[4] == 7.0f);
  CHECK(c.keys(1)[9] == -9.0f);
  c.clear();
  CHECK(c.tokens() == 0);
  CHECK(c.room() == 5);
}

TEST_CASE("a sliding cache always holds the newest tokens of its window, in order", "[lm][cache]") {
  for (const std::size_t window : {1u, 2u, 7u, 40u}) {
    for (const std::size_t ahead : {1u, 3u}) {
      KvCache c(kTwo, window, ahead, true, kMemoryLimit);
      std::size_t written = 0;
      for (int round = 0; round < 200; ++round) {
        const std::size_t count = 1 + static_cast<std::size_t>(round) % ahead;
        write(c, static_cast<float>(written), count);
        written += count;
        if (round % 5 == 4) {  // drafts refused
          const std::size_t back = std::min(ahead, c.tokens());
          c.forget(back);
          written -= back;
        }
        REQUIRE(c.tokens() == std::min(window, written));
        const std::size_t first = c.rows() - c.tokens();
        for (std::size_t i = 0; i < c.tokens(); ++i) {
          const auto n = static_cast<float>(written - c.tokens() + i);
          REQUIRE(c.keys(1)[2 * (first + i)] == n);
          REQUIRE(c.values(1)[first + i] == 100 + n);
        }
        if (c.rows() > 0) REQUIRE(c.first_seen(c.rows() - 1) == first);
      }
    }
  }
}

TEST_CASE("a cache refuses what does not fit, with the figures", "[lm][cache][reliability-6]") {
  const auto refused = [](auto&& act, ErrorCode code) {
    try {
      act();
    } catch (const Error& e) {
      CHECK(e.code() == code);
      return e.message();
    }
    return std::string("accepted");
  };
  const auto made = [](std::size_t window, std::size_t ahead, std::uint64_t limit = kMemoryLimit) {
    return [=] { KvCache c(kTwo, window, ahead, false, limit); };
  };
  CHECK_THAT(refused(made(0, 1), ErrorCode::invalid_argument), ContainsSubstring("window is 0"));
  CHECK_THAT(refused(made((1u << 20) + 1, 1), ErrorCode::invalid_argument), ContainsSubstring("1 to 1048576"));
  CHECK_THAT(refused(made(5, 0), ErrorCode::invalid_argument), ContainsSubstring("at once is 0"));
  CHECK_THAT(refused(made(5, 513), ErrorCode::invalid_argument), ContainsSubstring("1 to 512"));
  CHECK_THAT(refused(made(1000, 1, 10'000), ErrorCode::out_of_memory), ContainsSubstring("28 kB; the limit is 9 kB"));
  KvCache c(kTwo, 4, 3, false, kMemoryLimit);
  write(c, 1, 3);
  CHECK_THAT(refused([&] { c.open(2); }, ErrorCode::bad_state), ContainsSubstring("holds 3 of 4 tokens"));
  CHECK_THAT(refused([&] { c.open(4); }, ErrorCode::invalid_argument), ContainsSubstring("at once is 4"));
  CHECK_THAT(refused([&] { c.forget(4); }, ErrorCode::invalid_argument), ContainsSubstring("newest 3"));
}
