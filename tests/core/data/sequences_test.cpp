// Puzzles: every answer is checked by other means than the core's, the loss mask by position, and a model learns one of them.
#include "x2g/data/sequences.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <string>

#include "support/op_graph.hpp"
#include "x2g/base/text.hpp"
#include "x2g/nn/models.hpp"
#include "x2g/train/sequence_batches.hpp"
#include "x2g/train/trainer.hpp"

namespace x2g {
namespace {

using namespace test;
using Catch::Matchers::ContainsSubstring;
using Task = SequenceTask;
using Strings = std::vector<std::string>;

constexpr Task kTasks[] = {Task::copy, Task::reverse, Task::sort, Task::add, Task::parity, Task::dyck, Task::recall};

SequenceConfig config(Task task, std::uint32_t symbols = 4, std::uint32_t shortest = 1, std::uint32_t longest = 8) {
  return {task, symbols, shortest, longest};
}

/// Question and answer as they are written.
struct Written {
  Strings question, answer;
};
Written written(const SequenceConfig& c, const SequenceExample& e) {
  const Strings names = sequence_tokens(c);
  Written out;
  REQUIRE(e.answer >= 2);
  REQUIRE(names.at(e.tokens[e.answer - 1]) == "=");
  REQUIRE(names.at(e.tokens.back()) == ".");
  for (std::size_t i = 0; i + 1 < e.tokens.size(); ++i) {
    const std::string& name = names.at(e.tokens[i]);
    if (i + 1 < e.answer) out.question.push_back(name);
    if (i >= e.answer) out.answer.push_back(name);
    if (i + 1 != e.answer) REQUIRE((name != "=" && name != "." && name != " "));
  }
  return out;
}

std::string joined(const Strings& parts) {
  std::string out;
  for (const std::string& part : parts) out += part;
  return out;
}

/// Takes pairs of brackets out until nothing changes: balanced when nothing is left.
bool balanced(std::string s) {
  for (std::size_t before = s.size() + 1; before != s.size();) {
    before = s.size();
    for (const char* pair : {"()", "[]", "{}", "<>"})
      for (std::size_t at; (at = s.find(pair)) != std::string::npos;) s.erase(at, 2);
  }
  return s.empty();
}

/// Whether the answer is right, from what is written alone.
bool right(Task task, const Written& w) {
  const Strings &q = w.question, &a = w.answer;
  switch (task) {
    case Task::copy: return a == q;
    case Task::reverse: return a == Strings(q.rbegin(), q.rend());
    case Task::sort: {
      std::multiset<int> left, given;
      for (const std::string& s : q) left.insert(std::stoi(s));
      for (const std::string& s : a) given.insert(std::stoi(s));
      bool rising = true;
      for (std::size_t i = 1; i < a.size(); ++i) rising = rising && std::stoi(a[i - 1]) <= std::stoi(a[i]);
      return rising && left == given;
    }
    case Task::add: {
      const std::string sum = joined(q);
      const std::size_t plus = sum.find('+');
      return std::stoll(sum.substr(0, plus)) + std::stoll(sum.substr(plus + 1)) == std::stoll(joined(a)) &&
             std::to_string(std::stoll(joined(a))) == joined(a);
    }
    case Task::parity: {
      int sum = 0;
      for (const std::string& s : q) sum ^= std::stoi(s);
      return joined(a) == std::to_string(sum);
    }
    case Task::dyck: {
      // closing brackets only, and no shorter closing would do
      return joined(a).find_first_of("([{<") == std::string::npos && balanced(joined(q) + joined(a));
    }
    case Task::recall: return a.size() == 1 && a[0] == q[0] && joined(Strings(q.begin() + 1, q.end())) == std::string(q.size() - 1, '-');
  }
  return false;
}

}  // namespace

TEST_CASE("every puzzle's answer is right by an independent check", "[data][sequences]") {
  for (const Task task : kTasks) {
    const SequenceConfig c = config(task);
    CAPTURE(sequence_task_name(task));
    std::set<std::string> different;
    for (std::uint64_t i = 0; i < 2000; ++i) {
      const SequenceExample e = sequence_example(c, 3, i);
      const Written w = written(c, e);
      REQUIRE(right(task, w));
      REQUIRE(e.tokens.size() - 1 <= sequence_length(c));
      const std::size_t length = w.question.size();
      if (task == Task::add) {
        REQUIRE(length >= 3);
        REQUIRE(length <= 17);
      } else {
        REQUIRE(length >= 1);
        REQUIRE(length <= 8);
      }
      different.insert(joined(w.question));
    }
    CHECK(different.size() > (task == Task::recall ? 31 : 350));
  }
}

TEST_CASE("the check itself knows a wrong answer", "[data][sequences]") {
  CHECK_FALSE(right(Task::sort, {{"3", "1"}, {"1", "2"}}));
  CHECK_FALSE(right(Task::sort, {{"3", "1"}, {"3", "1"}}));
  CHECK_FALSE(right(Task::add, {{"4", "+", "8"}, {"1", "3"}}));
  CHECK_FALSE(right(Task::add, {{"4", "+", "8"}, {"0", "1", "2"}}));
  CHECK_FALSE(right(Task::parity, {{"1", "0"}, {"0"}}));
  CHECK_FALSE(right(Task::dyck, {{"(", "["}, {")", "]"}}));
  CHECK_FALSE(right(Task::recall, {{"3", "-"}, {"2"}}));
}

TEST_CASE("lengths, symbols and parities come evenly", "[data][sequences]") {
  std::map<std::size_t, int> lengths;
  std::map<std::string, int> symbols;
  const SequenceConfig c = config(Task::copy, 5, 3, 6);
  std::size_t total = 0;
  for (std::uint64_t i = 0; i < 4000; ++i) {
    const Written w = written(c, sequence_example(c, 1, i));
    ++lengths[w.question.size()];
    for (const std::string& s : w.question) ++symbols[s];
    total += w.question.size();
  }
  CHECK(lengths.size() == 4);
  for (const auto& [length, count] : lengths) CHECK(std::abs(count - 1000) < 120);
  CHECK(symbols.size() == 5);
  for (const auto& [symbol, count] : symbols) CHECK(std::abs(count / static_cast<double>(total) - 0.2) < 0.02);
  int odd = 0;
  for (std::uint64_t i = 0; i < 4000; ++i)
    odd += joined(written(config(Task::parity), sequence_example(config(Task::parity), 1, i)).answer) == "1";
  CHECK(std::abs(odd - 2000) < 150);
}

TEST_CASE("tokens are written as the head of the file shows", "[data][sequences]") {
  CHECK(sequence_tokens(config(Task::copy, 3)) == Strings{" ", "=", ".", "0", "1", "2"});
  CHECK(joined(sequence_tokens(config(Task::add))) == " =.0123456789+");
  CHECK(joined(sequence_tokens(config(Task::dyck, 2))) == " =.()[]");
  CHECK(joined(sequence_tokens(config(Task::parity))) == " =.01");
  CHECK(joined(sequence_tokens(config(Task::recall, 2))) == " =.01-");
  for (const Task task : kTasks) CHECK(sequence_task_from_name(sequence_task_name(task)) == task);
}

TEST_CASE("rows hold ids, and targets of the answer only", "[data][sequences]") {
  for (const Task task : kTasks) {
    const SequenceConfig c = config(task);
    const std::uint32_t T = sequence_length(c) + 3;
    const SequenceRows rows = sequence_rows(c, 5, 40, 30, T);
    REQUIRE(rows.ids.size() == 30 * T);
    for (std::uint32_t row = 0; row < 30; ++row) {
      const SequenceExample e = sequence_example(c, 5, 40 + row);
      for (std::uint32_t t = 0; t < T; ++t) {
        const std::int32_t id = rows.ids[row * T + t], target = rows.targets[row * T + t];
        const bool inside = t + 1 < e.tokens.size();
        REQUIRE(id == (inside ? static_cast<std::int32_t>(e.tokens[t]) : 0));
        REQUIRE(target == (inside && t + 1 >= e.answer ? static_cast<std::int32_t>(e.tokens[t + 1]) : -1));
      }
    }
  }
  // the longest examples fill a row of the least length to its end
  const SequenceConfig full = config(Task::reverse, 4, 8, 8);
  const SequenceRows rows = sequence_rows(full, 1, 0, 1, sequence_length(full));
  CHECK(rows.targets.back() == 2);
}

TEST_CASE("puzzles are the seed's and the number's, to the bit", "[data][sequences]") {
  std::uint64_t hash = fnv1a("", 0);
  for (const Task task : kTasks) {
    const SequenceConfig c = config(task);
    const SequenceRows rows = sequence_rows(c, 7, 0, 50, sequence_length(c));
    const SequenceRows later = sequence_rows(c, 7, 10, 5, sequence_length(c));
    CHECK(std::equal(later.ids.begin(), later.ids.end(), rows.ids.begin() + 10 * sequence_length(c)));
    CHECK(sequence_rows(c, 8, 0, 50, sequence_length(c)).ids != rows.ids);
    hash = fnv1a(rows.ids.data(), 4 * rows.ids.size(), hash);
  }
  CHECK(hash == 0x356395d6db1f2914ull);
}

TEST_CASE("a batch of puzzles can be divided among workers", "[data][sequences][train]") {
  const SequenceConfig c = config(Task::sort);
  const GptConfig model{.vocab = 7, .layers = 1, .heads = 1, .channels = 4, .context = 20, .batch = 4};
  GptConfig half = model;
  half.batch = 2;
  Graph<float> whole(gpt(model)), first(gpt(half)), second(gpt(half));
  SequenceBatches<float> batches(c, 3);
  batches.fill(5, whole);
  batches.fill_part(5, {0, 2}, first);
  batches.fill_part(5, {1, 2}, second);
  for (const char* name : {"ids", "targets"}) {
    std::vector<float> joined(first.value(name).begin(), first.value(name).end());
    joined.insert(joined.end(), second.value(name).begin(), second.value(name).end());
    CHECK(std::ranges::equal(whole.value(name), joined));
  }
}

TEST_CASE("a tiny GPT learns to reverse, and is right on puzzles it has not seen", "[data][sequences][train]") {
  const SequenceConfig c = config(Task::reverse, 4, 3, 3);
  const std::uint32_t T = sequence_length(c);
  OptimizerConfig adamw;
  adamw.kind = OptimizerConfig::Kind::adamw;
  adamw.lr = 0.01;
  const GptConfig model{.vocab = 7, .layers = 2, .heads = 2, .channels = 16, .context = T, .batch = 32};
  Trainer<float> trainer(gpt(model), adamw, std::make_unique<SequenceBatches<float>>(c, 1), 1);
  trainer.step(600);
  Graph<float>& g = trainer.graph();
  SequenceBatches<float>(c, 2).fill(0, g);
  g.forward();
  int asked = 0, hit = 0;
  const auto targets = g.value("targets"), logits = g.value("logits");
  for (std::size_t i = 0; i < targets.size(); ++i) {
    if (targets[i] < 0) continue;
    const auto row = logits.subspan(i * 7, 7);
    hit += std::ranges::max_element(row) - row.begin() == static_cast<std::ptrdiff_t>(targets[i]);
    ++asked;
  }
  CAPTURE(trainer.report().loss);
  CHECK(asked == 32 * 4);
  CHECK(hit > 0.95 * asked);
}

TEST_CASE("puzzles refuse what they cannot be", "[data][sequences][reliability-6]") {
  const auto refused = [](const SequenceConfig& c) { return message_of([&] { sequence_example(c, 1, 0); }); };
  CHECK_THAT(refused(config(Task::copy, 1)), ContainsSubstring("symbols is 1; it must be 2 to 64"));
  CHECK_THAT(refused(config(Task::dyck, 5)), ContainsSubstring("1 to 4 for brackets"));
  CHECK_THAT(refused(config(Task::sort, 4, 0, 8)), ContainsSubstring("shortest is 0"));
  CHECK_THAT(refused(config(Task::sort, 4, 9, 8)), ContainsSubstring("1 to the longest, 8"));
  CHECK_THAT(refused(config(Task::sort, 4, 1, 65)), ContainsSubstring("longest is 65; it must be 1 to 64"));
  CHECK_THAT(refused(config(Task::add, 4, 1, 10)), ContainsSubstring("it must be 1 to 9"));
  CHECK_THAT(message_of([] { sequence_example(config(Task::copy), 1, 1ull << 40); }), ContainsSubstring("below 2^40"));
  CHECK_THAT(message_of([] { sequence_rows(config(Task::copy), 1, 0, 1, 16); }), ContainsSubstring("T is 16; these puzzles need 17"));
  CHECK_THAT(message_of([] { sequence_rows(config(Task::copy), 1, 0, 0, 17); }), ContainsSubstring("rows is 0"));
  CHECK_THAT(message_of([] { sequence_task_from_name("multiply"); }), ContainsSubstring("\"multiply\"; there are copy"));
  const auto answer = [](Task task, std::vector<std::uint32_t> question) {
    return message_of([&] { sequence_answer(config(task, 2), question); });
  };
  CHECK_THAT(answer(Task::copy, {}), ContainsSubstring("the question is empty"));
  CHECK_THAT(answer(Task::copy, {3, 5}), ContainsSubstring("token 5 is in the question; it may hold tokens 3 to 4"));
  CHECK_THAT(answer(Task::copy, {2}), ContainsSubstring("token 2"));
  CHECK_THAT(answer(Task::add, {4, 5}), ContainsSubstring("needs a plus"));
  for (const std::vector<std::uint32_t>& sum : {std::vector<std::uint32_t>{13, 4}, {4, 13}, {4, 13, 5, 13, 6}, {3, 4, 13, 4}})
    CHECK_THAT(answer(Task::add, sum), ContainsSubstring("without leading zeros"));
  CHECK_THAT(answer(Task::dyck, {3, 6}), ContainsSubstring("not the last one opened"));
  CHECK_THAT(answer(Task::dyck, {4}), ContainsSubstring("not the last one opened"));
  CHECK_THAT(answer(Task::recall, {3, 4}), ContainsSubstring("then silence"));
  CHECK(sequence_answer(config(Task::add), std::vector<std::uint32_t>{3, 13, 3}) == std::vector<std::uint32_t>{3});  // 0 + 0 = 0
  Graph<float> small(gpt({.vocab = 6, .layers = 1, .heads = 1, .channels = 4, .context = 20, .batch = 1}));
  CHECK_THAT(message_of([&] { SequenceBatches<float>(config(Task::sort), 1).fill(0, small); }), ContainsSubstring("vocabulary is 6"));
}

}  // namespace x2g
