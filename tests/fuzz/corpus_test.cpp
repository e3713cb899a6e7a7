// The fuzz targets without a fuzzer: every kept input, and some thousands of mutations of them that are the same in every run.
// Finds what comes back; what is new is found by ./lab fuzz.
#include <catch2/catch_test_macros.hpp>

#include <dirent.h>

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "x2g/base/rng.hpp"

using Target = int (*)(const std::uint8_t*, std::size_t);
extern "C" {
int x2g_fuzz_calls(const std::uint8_t*, std::size_t);
int x2g_fuzz_checkpoint(const std::uint8_t*, std::size_t);
int x2g_fuzz_csv(const std::uint8_t*, std::size_t);
int x2g_fuzz_gpt_file(const std::uint8_t*, std::size_t);
int x2g_fuzz_idx(const std::uint8_t*, std::size_t);
int x2g_fuzz_json(const std::uint8_t*, std::size_t);
int x2g_fuzz_safetensors(const std::uint8_t*, std::size_t);
int x2g_fuzz_tokenizer_json(const std::uint8_t*, std::size_t);
}

namespace {

using Bytes = std::vector<std::uint8_t>;

constexpr int kMutations = 3000;  // of each target
constexpr std::size_t kMostFiles = 50, kMostBytes = 100'000;

/// Names in a folder, in their own order: what a file system gives depends on the machine.
std::vector<std::string> names_in(const std::string& folder) {
  std::vector<std::string> names;
  DIR* const dir = opendir(folder.c_str());
  REQUIRE(dir != nullptr);
  while (const dirent* entry = readdir(dir))
    if (entry->d_name[0] != '.') names.emplace_back(entry->d_name);
  closedir(dir);
  std::ranges::sort(names);
  return names;
}

Bytes contents(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  REQUIRE(in);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// One to four edits: bytes and bits, pieces left out, put in, moved, taken from another input, numbers at the edges.
Bytes mutated(const std::vector<Bytes>& corpus, x2g::Rng& rng) {
  const auto pick = [&rng](std::size_t n) { return rng.below(static_cast<std::uint32_t>(std::max<std::size_t>(n, 1))); };
  const auto place = [](Bytes& b, std::size_t at) { return b.begin() + static_cast<std::ptrdiff_t>(at); };
  Bytes bytes = corpus[pick(corpus.size())];
  for (std::uint32_t edits = 1 + rng.below(4); edits > 0; --edits) {
    const std::size_t at = pick(bytes.size() + 1), room = bytes.size() - at;
    switch (rng.below(7)) {
      case 0:
        if (room) bytes[at] = static_cast<std::uint8_t>(rng.below(256));
        break;
      case 1:
        if (room) bytes[at] = static_cast<std::uint8_t>(bytes[at] ^ (1u << rng.below(8)));
        break;
      case 2: bytes.erase(place(bytes, at), place(bytes, at + pick(room + 1))); break;
      case 3: bytes.insert(place(bytes, at), 1 + pick(8), static_cast<std::uint8_t>("{}[]\",:;09e.\n\0\xFF"[rng.below(15)])); break;
      case 4:
        if (room) std::copy_n(Bytes(bytes).begin(), pick(room), place(bytes, at));
        break;
      case 5:
        for (std::size_t i = at; i < std::min(at + (1u << rng.below(4)), bytes.size()); ++i) bytes[i] = rng.below(2) ? 0xFF : 0;
        break;
      default: {
        const Bytes& other = corpus[pick(corpus.size())];
        const std::size_t from = pick(other.size());
        bytes.insert(place(bytes, at), other.begin() + static_cast<std::ptrdiff_t>(from),
                     other.begin() + static_cast<std::ptrdiff_t>(from + pick(other.size() - from)));
      }
    }
  }
  bytes.shrink_to_fit();  // so that the sanitizers see one byte too far
  return bytes;
}

void run(Target target, const std::string& name) {
  CAPTURE(name);
  const std::string folder = std::string(X2G_FUZZ_CORPUS) + "/" + name;
  std::vector<Bytes> corpus;
  std::size_t total = 0;
  for (const std::string& file : names_in(folder)) {
    CAPTURE(file);
    corpus.push_back(contents(folder + "/" + file));
    total += corpus.back().size();
    CHECK_NOTHROW(target(corpus.back().data(), corpus.back().size()));
  }
  REQUIRE(!corpus.empty());
  CHECK(corpus.size() <= kMostFiles);
  CHECK(total <= kMostBytes);
  CHECK_NOTHROW(target(nullptr, 0));
  x2g::Rng rng(2026, x2g::Stream::user);
  for (int i = 0; i < kMutations; ++i) {
    const Bytes input = mutated(corpus, rng);
    try {
      target(input.data(), input.size());
    } catch (const std::exception& e) {
      FAIL("mutation " << i << ": " << e.what());
    }
  }
}

}  // namespace

TEST_CASE("calls in any order with any numbers end in an error or a result", "[fuzz][reliability-6]") { run(x2g_fuzz_calls, "calls"); }
TEST_CASE("damaged saved runs are refused or hold together", "[fuzz][reliability-5]") { run(x2g_fuzz_checkpoint, "checkpoint"); }
TEST_CASE("damaged tables are refused or hold together", "[fuzz][reliability-5]") { run(x2g_fuzz_csv, "csv"); }
TEST_CASE("damaged GPT weights are refused or hold together", "[fuzz][reliability-5]") { run(x2g_fuzz_gpt_file, "gpt_file"); }
TEST_CASE("damaged images and labels are refused or hold together", "[fuzz][reliability-5]") { run(x2g_fuzz_idx, "idx"); }
TEST_CASE("damaged JSON is refused or holds together", "[fuzz][reliability-5]") { run(x2g_fuzz_json, "json"); }
TEST_CASE("damaged safetensors are refused or hold together", "[fuzz][reliability-5]") { run(x2g_fuzz_safetensors, "safetensors"); }
TEST_CASE("damaged vocabularies are refused or hold together", "[fuzz][reliability-5]") { run(x2g_fuzz_tokenizer_json, "tokenizer_json"); }
