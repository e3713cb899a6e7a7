// Where examples come from: that an epoch shows every row once, what happens at its end, and what is refused.
#include "x2g/train/batches.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <algorithm>
#include <numeric>

#include "support/op_graph.hpp"
#include "x2g/nn/models.hpp"

using namespace x2g;
using namespace x2g::test;
using Catch::Matchers::ContainsSubstring;

namespace {

/// One input and one target a row.
Graph<float> rows_of(std::uint32_t batch) {
  MlpConfig c;
  c.sizes = {1, 1};
  c.batch = batch;
  return Graph<float>(mlp(c));
}

std::vector<float> counted(std::size_t n) {
  std::vector<float> out(n);
  std::iota(out.begin(), out.end(), 0.0f);
  return out;
}

class Whole final : public BatchSource<float> {
 public:
  void fill(std::uint64_t step, Graph<float>& graph) override { graph.value("x")[0] = static_cast<float>(step); }
};

}  // namespace

TEST_CASE("an epoch of a table shows every row once, in another order each time, its rest filled up", "[train][batches]") {
  auto graph = rows_of(3);
  TableBatches<float> table(counted(8), counted(8), 8, 3, 5);
  CHECK(table.steps_per_epoch() == 3);
  std::vector<std::vector<float>> epochs;
  for (std::uint64_t step = 0; step < 6; ++step) {
    table.fill(step, graph);
    if (step % 3 == 0) epochs.emplace_back();
    for (const float x : graph.value("x")) epochs.back().push_back(x);
    CHECK(std::ranges::equal(graph.value("x"), graph.value("t")));  // rows stay together
  }
  for (std::vector<float>& epoch : epochs) {
    CHECK(epoch[8] == epoch[0]);  // the ninth place of eight rows
    epoch.pop_back();
  }
  CHECK(epochs[0] != epochs[1]);
  for (std::vector<float>& epoch : epochs) {
    std::ranges::sort(epoch);
    CHECK(epoch == counted(8));
  }
}

TEST_CASE("a batch as large as the table is the table in order", "[train][batches]") {
  auto graph = rows_of(4);
  TableBatches<float> table(counted(4), counted(4), 4, 4, 5);
  for (const std::uint64_t step : {0u, 7u}) {
    table.fill(step, graph);
    CHECK(std::ranges::equal(graph.value("x"), counted(4)));
  }
}

TEST_CASE("a table that is not shuffled comes in its own order, epoch after epoch", "[train][batches]") {
  auto graph = rows_of(3);
  TableBatches<float> table(counted(6), counted(6), 6, 3, 5, false);
  for (const std::uint64_t step : {0u, 1u, 2u, 9u}) {
    table.fill(step, graph);
    const std::vector<float> all = counted(6);
    CHECK(std::ranges::equal(graph.value("x"), std::span(all).subspan(step % 2 * 3, 3)));
  }
}

TEST_CASE("a source that cannot be divided says so, and is filled whole otherwise", "[train][batches]") {
  auto graph = rows_of(1);
  Whole source;
  source.fill_part(9, {}, graph);
  CHECK(graph.value("x")[0] == 9);
  CHECK(code_of([&] { source.fill_part(9, {.index = 1, .count = 2}, graph); }) == ErrorCode::bad_state);
  CHECK_THAT(message_of([&] { source.fill_part(9, {.index = 0, .count = 2}, graph); }), ContainsSubstring("divided in 2"));
}

TEST_CASE("tables that do not fit are refused", "[train][batches][reliability-6]") {
  const auto made = [](std::size_t x, std::size_t t, std::uint32_t rows, std::uint32_t batch) {
    return message_of([&] { TableBatches<float>(counted(x), counted(t), rows, batch, 1); });
  };
  CHECK_THAT(made(0, 0, 0, 1), ContainsSubstring("no rows"));
  CHECK_THAT(made(4, 4, 4, 0), ContainsSubstring("batch is 0"));
  CHECK_THAT(made(4, 4, 4, 5), ContainsSubstring("1 to the number of examples, 4"));
  CHECK_THAT(made(4, 5, 4, 1), ContainsSubstring("t 5 numbers"));
  CHECK_THAT(made(5, 4, 4, 1), ContainsSubstring("x has 5"));
  auto graph = rows_of(2);
  TableBatches<float> wide(counted(8), counted(4), 4, 2, 1);
  CHECK(code_of([&] { wide.fill(0, graph); }) == ErrorCode::shape_mismatch);
  CHECK_THAT(message_of([&] { wide.fill(0, graph); }), ContainsSubstring("4 inputs and 2 targets"));
}

TEST_CASE("a text shorter than a window, or a part that is not there, is refused", "[train][batches][reliability-6]") {
  const auto tokens = std::make_shared<const std::vector<std::uint32_t>>(std::vector<std::uint32_t>{0, 1, 2, 3, 4, 5});
  const auto made = [&](std::size_t begin, std::size_t end) {
    return message_of([&] { TextBatches<float>(tokens, begin, end, 1, Stream::batch); });
  };
  CHECK_THAT(made(3, 3), ContainsSubstring("tokens 3 to 3"));
  CHECK_THAT(made(0, 7), ContainsSubstring("the text has 6"));
  Graph<float> graph(gpt({.vocab = 6, .layers = 1, .heads = 1, .channels = 2, .context = 4, .batch = 2}));
  TextBatches<float> source(tokens, 2, 6, 1, Stream::batch);
  CHECK_THAT(message_of([&] { source.fill(0, graph); }), ContainsSubstring("has 4 tokens"));
  TextBatches<float> just(tokens, 1, 6, 1, Stream::batch);  // one window
  just.fill(0, graph);
  CHECK(std::ranges::equal(graph.value("ids"), std::vector<float>{1, 2, 3, 4, 1, 2, 3, 4}));
  CHECK(std::ranges::equal(graph.value("targets"), std::vector<float>{2, 3, 4, 5, 2, 3, 4, 5}));
}
