// Small puzzles as token sequences, on which a model's memory and attention can be seen to work: the question, "=", the answer, ".".
//
//   copy     3 1 2 = 3 1 2 .        reverse  3 1 2 = 2 1 3 .        sort    3 1 2 = 1 2 3 .       recall  3 - - - - = 3 .
//   add      4 7 + 1 5 = 6 2 .      parity   1 0 1 1 = 1 .          dyck    ( [ ] ( = ) ) .
//
// add: two numbers without leading zeros, base 10. parity: 1 where the count of ones is odd. dyck: the brackets that close what is open,
// innermost first. recall: the first symbol after a silence of length − 1. Only the answer and its "." count in the loss: every other target is −1.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace x2g {

/// The puzzles at the head of this file.
enum class SequenceTask : std::uint8_t { copy, reverse, sort, add, parity, dyck, recall };
std::string_view sequence_task_name(SequenceTask task);       ///< "copy", …, "recall"
SequenceTask sequence_task_from_name(std::string_view name);  ///< else Error(unknown_name)

/// A task and its size.
struct SequenceConfig {
  SequenceTask task = SequenceTask::copy;  ///< see SequenceTask
  /// Different symbols of copy, reverse, sort, recall: 2 … 64; kinds of brackets of dyck: 1 … 4. add and parity have their own.
  std::uint32_t symbols = 8;
  /// Length of the question, drawn evenly: 1 ≤ shortest ≤ longest ≤ 64. add: digits of each number, at most 9.
  std::uint32_t shortest = 1;
  std::uint32_t longest = 6;  ///< see shortest
  void validate() const;      ///< throws Error(invalid_argument)
};

/// The vocabulary: token i is written so. 0 is padding (" "), 1 "=", 2 ".", then those of the task.
std::vector<std::string> sequence_tokens(const SequenceConfig& c);

/// Tokens of the longest example less one: T of a model that sees whole examples.
std::uint32_t sequence_length(const SequenceConfig& c);

/// One puzzle, all of it: question, "=", answer, ".".
struct SequenceExample {
  std::vector<std::uint32_t> tokens;  ///< indices into sequence_tokens()
  std::uint32_t answer = 0;           ///< index of the answer's first token
};

/// Puzzle number `index` of the seed; index below 2^40. Different tasks, lengths and symbols are different puzzles.
SequenceExample sequence_example(const SequenceConfig& c, std::uint64_t seed, std::uint64_t index);

/// The answer's tokens to any question of the task, as solved here: what a model's answer is compared with, "." not included.
/// Error(invalid_argument) for tokens that are no question of the task.
std::vector<std::uint32_t> sequence_answer(const SequenceConfig& c, std::span<const std::uint32_t> question);

/// Inputs and targets (rows, T) of puzzles first … first + rows − 1, padded at the end: ids[t] = token t, targets[t] = token t + 1 where that
/// belongs to the answer, else −1. T must be at least sequence_length(c).
struct SequenceRows {
  std::vector<std::int32_t> ids;      ///< (rows, T), 0 where padded
  std::vector<std::int32_t> targets;  ///< (rows, T), −1 where nothing is asked
};
/// rows 1 … 100 000, T up to 2048; else Error(invalid_argument).
SequenceRows sequence_rows(const SequenceConfig& c, std::uint64_t seed, std::uint64_t first, std::uint32_t rows, std::uint32_t T);

}  // namespace x2g
