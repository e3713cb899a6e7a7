// What the golden training runs share: weights and batches from names, as make_golden.py, make_recurrent.py and make_attention.py make them.
#pragma once

#include <catch2/catch_test_macros.hpp>

#include <cmath>
#include <cstddef>
#include <string>
#include <string_view>

#include "golden/golden.hpp"
#include "x2g/train/batches.hpp"

namespace x2g::golden {

/// Batch `step` is made_up("tokens.step"): rows of length + 1 numbers scaled to 0 … vocab − 1; targets are the tokens one further on.
template <class T>
class MadeUpTokens final : public BatchSource<T> {
 public:
  MadeUpTokens(std::uint32_t vocab, std::size_t rows, std::size_t length) : vocab_(vocab), rows_(rows), length_(length) {}
  void fill(std::uint64_t step, Graph<T>& graph) override {
    const auto raw = made_up("tokens." + std::to_string(step), rows_ * (length_ + 1));
    const auto token = [&](std::size_t i) { return static_cast<T>(std::floor((raw[i] + 1) / 2 * vocab_)); };
    const auto ids = graph.value("ids"), targets = graph.value("targets");
    for (std::size_t i = 0; i < rows_ * length_; ++i) {
      const std::size_t from = i / length_ * (length_ + 1) + i % length_;
      ids[i] = token(from);
      targets[i] = token(from + 1);
    }
  }

 private:
  std::uint32_t vocab_;
  std::size_t rows_, length_;
};

/// Copies numbers into a tensor of as many.
template <class T, class Numbers>
void set(Graph<T>& graph, std::string_view name, const Numbers& numbers) {
  const auto into = graph.value(name);
  REQUIRE(into.size() == numbers.size());
  for (std::size_t i = 0; i < numbers.size(); ++i) into[i] = static_cast<T>(numbers[i]);
}

}  // namespace x2g::golden
