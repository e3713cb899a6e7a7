// Questions are drawn, answers are computed by sequence_answer() alone, for any question that fits the task.
#include "x2g/data/sequences.hpp"

#include <algorithm>

#include "base/in_range.hpp"
#include "x2g/base/error.hpp"
#include "x2g/base/rng.hpp"
#include "x2g/base/text.hpp"

namespace x2g {
namespace {

using Task = SequenceTask;
using Tokens = std::vector<std::uint32_t>;

constexpr std::string_view kNames[] = {"copy", "reverse", "sort", "add", "parity", "dyck", "recall"};
constexpr std::string_view kBrackets = "()[]{}<>";
constexpr std::uint32_t kPad = 0, kAsk = 1, kEnd = 2, kFirst = 3;  // kFirst: the task's first own token
constexpr std::uint32_t kPlus = kFirst + 10;                       // add: after the ten digits

void require(bool good, const std::string& why) {
  if (!good) throw Error(ErrorCode::invalid_argument, why);
}

/// Own tokens of a task.
std::uint32_t own_tokens(const SequenceConfig& c) {
  switch (c.task) {
    case Task::add: return 11;
    case Task::parity: return 2;
    case Task::dyck: return 2 * c.symbols;
    case Task::recall: return c.symbols + 1;
    default: return c.symbols;
  }
}

/// recall's silence is its last token.
std::uint32_t silence(const SequenceConfig& c) { return kFirst + c.symbols; }

Tokens draw_number(std::uint32_t digits, Rng& rng) {
  Tokens out;
  for (std::uint32_t i = 0; i < digits; ++i) out.push_back(kFirst + (i == 0 && digits > 1 ? 1 + rng.below(9) : rng.below(10)));
  return out;
}

/// Brackets opened and closed at random, nothing closed that is not open.
Tokens draw_brackets(const SequenceConfig& c, std::uint32_t length, Rng& rng) {
  Tokens out, open;
  for (std::uint32_t i = 0; i < length; ++i) {
    if (open.empty() || rng.below(2) == 0) {
      open.push_back(rng.below(c.symbols));
      out.push_back(kFirst + 2 * open.back());
    } else {
      out.push_back(kFirst + 2 * open.back() + 1);
      open.pop_back();
    }
  }
  return out;
}

Tokens draw_question(const SequenceConfig& c, Rng& rng) {
  const auto length = [&] { return c.shortest + rng.below(c.longest - c.shortest + 1); };
  if (c.task == Task::add) {
    Tokens out = draw_number(length(), rng);
    const Tokens second = draw_number(length(), rng);
    out.push_back(kPlus);
    out.insert(out.end(), second.begin(), second.end());
    return out;
  }
  const std::uint32_t n = length();
  if (c.task == Task::dyck) return draw_brackets(c, n, rng);
  Tokens out(n);
  for (std::uint32_t& token : out) token = kFirst + rng.below(c.task == Task::parity ? 2 : c.symbols);
  if (c.task == Task::recall) std::fill(out.begin() + 1, out.end(), silence(c));
  return out;
}

/// Digits of a sum, added as on paper.
Tokens sum_of(std::span<const std::uint32_t> a, std::span<const std::uint32_t> b) {
  Tokens out;
  std::uint32_t carry = 0;
  for (std::size_t i = 0; i < std::max(a.size(), b.size()) || carry; ++i) {
    const auto digit = [i](std::span<const std::uint32_t> n) { return i < n.size() ? n[n.size() - 1 - i] - kFirst : 0; };
    const std::uint32_t sum = digit(a) + digit(b) + carry;
    out.push_back(kFirst + sum % 10);
    carry = sum / 10;
  }
  std::ranges::reverse(out);
  return out;
}

Tokens close_all(std::span<const std::uint32_t> question) {
  Tokens open;
  for (const std::uint32_t token : question) {
    const std::uint32_t bracket = token - kFirst;
    if (bracket % 2 == 0) {
      open.push_back(token + 1);
      continue;
    }
    require(!open.empty() && open.back() == token, "a bracket is closed that is not the last one opened");
    open.pop_back();
  }
  std::ranges::reverse(open);
  return open;
}

Tokens add_up(std::span<const std::uint32_t> question) {
  const auto plus = std::ranges::find(question, kPlus);
  require(plus != question.end(), "a sum needs a plus between two numbers");
  const std::span<const std::uint32_t> a(question.begin(), plus), b(plus + 1, question.end());
  for (const auto& number : {a, b})
    require(!number.empty() && std::ranges::find(number, kPlus) == number.end() && (number.size() == 1 || number[0] != kFirst),
            "a sum is two numbers of one digit or more, without leading zeros, and one plus");
  return sum_of(a, b);
}

}  // namespace

std::string_view sequence_task_name(SequenceTask task) { return kNames[static_cast<std::size_t>(task)]; }

SequenceTask sequence_task_from_name(std::string_view name) {
  const auto at = std::ranges::find(kNames, name);
  if (at == std::end(kNames))
    throw Error(ErrorCode::unknown_name,
                text("no task is called \"", name.substr(0, 80), "\"; there are copy, reverse, sort, add, parity, dyck, recall"));
  return static_cast<SequenceTask>(at - std::begin(kNames));
}

void SequenceConfig::validate() const {
  const bool brackets = task == Task::dyck, own = task == Task::add || task == Task::parity;
  require(own || (symbols >= (brackets ? 1 : 2) && symbols <= (brackets ? 4 : 64)),
          text("symbols is ", symbols, "; it must be ", brackets ? "1 to 4 for brackets" : "2 to 64"));
  const std::uint32_t most = task == Task::add ? 9 : 64;
  in_range("longest", longest, 1, most);
  require(shortest >= 1 && shortest <= longest, text("shortest is ", shortest, "; it must be 1 to the longest, ", longest));
}

std::vector<std::string> sequence_tokens(const SequenceConfig& c) {
  c.validate();
  std::vector<std::string> out{" ", "=", "."};
  for (std::uint32_t i = 0; i < own_tokens(c); ++i) {
    if (c.task == Task::dyck)
      out.emplace_back(1, kBrackets[i]);
    else if (c.task == Task::add && kFirst + i == kPlus)
      out.emplace_back("+");
    else if (c.task == Task::recall && kFirst + i == silence(c))
      out.emplace_back("-");
    else
      out.push_back(to_text(static_cast<std::int64_t>(i)));
  }
  return out;
}

std::uint32_t sequence_length(const SequenceConfig& c) {
  c.validate();
  switch (c.task) {
    case Task::add: return 2 * c.longest + 1 + 1 + c.longest + 1;
    case Task::parity:
    case Task::recall: return c.longest + 2;
    default: return 2 * c.longest + 1;
  }
}

Tokens sequence_answer(const SequenceConfig& c, std::span<const std::uint32_t> question) {
  c.validate();
  for (const std::uint32_t token : question)
    require(token >= kFirst && token - kFirst < own_tokens(c),
            text("token ", token, " is in the question; it may hold tokens ", kFirst, " to ", kFirst + own_tokens(c) - 1));
  require(!question.empty(), "the question is empty; give at least one token");
  Tokens out(question.begin(), question.end());
  switch (c.task) {
    case Task::copy: break;
    case Task::reverse: std::ranges::reverse(out); break;
    case Task::sort: std::ranges::sort(out); break;
    case Task::add: return add_up(question);
    case Task::parity: return {kFirst + static_cast<std::uint32_t>(std::ranges::count(question, kFirst + 1) % 2)};
    case Task::dyck: return close_all(question);
    case Task::recall:
      require(question[0] != silence(c) && std::ranges::count(question, silence(c)) == static_cast<std::ptrdiff_t>(question.size()) - 1,
              "recall asks for one symbol, then silence");
      return {question[0]};
  }
  return out;
}

SequenceExample sequence_example(const SequenceConfig& c, std::uint64_t seed, std::uint64_t index) {
  c.validate();
  require(index < 1ull << 40, text("puzzle ", index, " is asked for; their numbers are below 2^40"));
  Rng rng(seed, Stream::data, index << 10);  // a question takes far fewer than 4096 draws
  SequenceExample e;
  e.tokens = draw_question(c, rng);
  const Tokens answer = sequence_answer(c, e.tokens);
  e.tokens.push_back(kAsk);
  e.answer = static_cast<std::uint32_t>(e.tokens.size());
  e.tokens.insert(e.tokens.end(), answer.begin(), answer.end());
  e.tokens.push_back(kEnd);
  return e;
}

SequenceRows sequence_rows(const SequenceConfig& c, std::uint64_t seed, std::uint64_t first, std::uint32_t rows, std::uint32_t T) {
  const std::uint32_t least = sequence_length(c);
  require(T >= least && T <= 2048, text("T is ", T, "; these puzzles need ", least, " to 2048"));
  in_range("rows", rows, 1, 100000);
  require(first < 1ull << 40, text("puzzle ", first, " is asked for; their numbers are below 2^40"));
  SequenceRows out;
  out.ids.assign(std::size_t{rows} * T, static_cast<std::int32_t>(kPad));
  out.targets.assign(std::size_t{rows} * T, -1);
  for (std::uint32_t row = 0; row < rows; ++row) {
    const SequenceExample e = sequence_example(c, seed, first + row);
    const std::size_t begin = std::size_t{row} * T;
    for (std::size_t t = 0; t + 1 < e.tokens.size(); ++t) {
      out.ids[begin + t] = static_cast<std::int32_t>(e.tokens[t]);
      if (t + 1 >= e.answer) out.targets[begin + t] = static_cast<std::int32_t>(e.tokens[t + 1]);
    }
  }
  return out;
}

}  // namespace x2g
