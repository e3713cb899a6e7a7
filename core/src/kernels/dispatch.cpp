// Natively on x86-64: chooses a variant of the kernels once, and goes on to it from the functions that the headers declare. Nothing is
// computed here; double is compiled once and has no table.
#include "kernels/dispatch.hpp"

#include <array>
#include <atomic>
#include <cstdlib>
#include <string>

#include "kernels/gemv.hpp"
#include "kernels/math.hpp"
#include "x2g/base/error.hpp"

namespace x2g::kernels {

namespace sse {
extern const Table kTable;
}
namespace avx2 {
extern const Table kTable;
}
namespace avx512 {
extern const Table kTable;
}

namespace {

// Written once, by whoever comes first; all would write the same.
constinit std::atomic<const Table*> chosen = nullptr;

/// How many of the three can run; the compiler's question covers the system's saving of the registers, too.
std::size_t count_usable() {
  __builtin_cpu_init();
  if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma")) return 1;
  const bool wide = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512cd") &&
                    __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
  return wide ? 3 : 2;
}

[[gnu::noinline, gnu::cold]] const Table& choose() {
  const char* const wanted = std::getenv("X2G_SIMD");  // NOLINT(concurrency-mt-unsafe): nothing of ours changes the environment
  const Table& found = wanted == nullptr || *wanted == '\0' ? *tables().back() : table_of(wanted);
  use(found);
  return found;
}

}  // namespace

std::span<const Table* const> tables() {
  static constexpr std::array<const Table*, 3> kAll = {&sse::kTable, &avx2::kTable, &avx512::kTable};
  return std::span(kAll).first(count_usable());
}

const Table& table_of(std::string_view name) {
  std::string known;
  for (const Table* t : tables()) {
    if (t->name == name) return *t;
    known += (known.empty() ? "" : ", ") + std::string(t->name);
  }
  throw Error(ErrorCode::invalid_argument,
              "X2G_SIMD is \"" + std::string(name) + "\"; this machine has " + known + ": name one of them or leave it unset");
}

const Table& table() {
  const Table* const t = chosen.load(std::memory_order_relaxed);
  return t != nullptr ? *t : choose();
}

void use(const Table& table) { chosen.store(&table, std::memory_order_relaxed); }

using In = std::span<const float>;
using Out = std::span<float>;

template <>
void exp<float>(In x, Out y) {
  table().exp(x, y);
}
template <>
void activation<float>(Activation f, In x, Out y) {
  table().activation(f, x, y);
}
template <>
void activation_derivative<float>(Activation f, In x, Out d) {
  table().activation_derivative(f, x, d);
}
template <>
void activation_backward<float>(Activation f, In x, In y, In dy, Out dx) {
  table().activation_backward(f, x, y, dy, dx);
}
template <>
void add<float>(In a, In b, Out y) {
  table().add(a, b, y);
}
template <>
void accumulate<float>(In a, Out y) {
  table().accumulate(a, y);
}
template <>
void scale_add<float>(float s, In a, Out y) {
  table().scale_add(s, a, y);
}
template <>
void scale<float>(float s, Out y) {
  table().scale(s, y);
}
template <>
void fill<float>(float value, Out y) {
  table().fill(value, y);
}
template <>
void copy<float>(In x, Out y) {
  table().copy(x, y);
}
template <>
float sum<float>(In x) {
  return table().sum(x);
}
template <>
float dot<float>(In a, In b) {
  return table().dot(a, b);
}
template <>
double sum_of_squares<float>(In x) {
  return table().sum_of_squares(x);
}
template <>
float max<float>(In x) {
  return table().max(x);
}
template <>
bool all_finite<float>(In x) {
  return table().all_finite(x);
}
template <>
void softmax<float>(In x, float scale, Out y) {
  table().softmax(x, scale, y);
}
template <>
void mean_variance<float>(In x, float& mean, float& variance) {
  table().mean_variance(x, mean, variance);
}
template <>
void normalize<float>(In x, float mean, float rstd, In w, In b, Out y) {
  table().normalize(x, mean, rstd, w, b, y);
}
template <>
void normalize_backward<float>(In x, float mean, float rstd, In w, In dy, Out dx, Out dw) {
  table().normalize_backward(x, mean, rstd, w, dy, dx, dw);
}
template <>
void softmax_backward<float>(In p, float scale, Out d) {
  table().softmax_backward(p, scale, d);
}
template <>
void adamw<float>(const AdamWStep& s, Out p, In g, Out m, Out v) {
  table().adamw(s, p, g, m, v);
}
template <>
void sgd<float>(const SgdStep& s, Out p, In g, Out m) {
  table().sgd(s, p, g, m);
}

std::size_t gemm_tiles() { return table().gemm_tiles(); }
GemmTile gemm_tile(std::size_t i) { return table().gemm_tile(i); }
std::size_t gemm_tile_in_use() { return table().gemm_tile_in_use(); }
void use_gemm_tile(std::size_t i) { table().use_gemm_tile(i); }
std::size_t gemm_scratch(std::size_t M, std::size_t N, std::size_t K) { return table().gemm_scratch(M, N, K); }
template <>
void gemm<float>(std::size_t M, std::size_t N, std::size_t K, Matrix<float> A, Matrix<float> B, float* C, std::size_t ldc, bool accumulate,
                 const float* bias, Out scratch, Causal causal) {
  table().gemm(M, N, K, A, B, C, ldc, accumulate, bias, scratch, causal);
}
void rows_times(std::size_t O, std::size_t I, const float* W, std::size_t ld, const float* x, const float* bias, float* y) {
  table().rows_times(O, I, W, ld, x, bias, y);
}
void times_rows(std::size_t K, std::size_t N, const float* a, const float* B, std::size_t ld, float* y) {
  table().times_rows(K, N, a, B, ld, y);
}

float exp(float x) { return table().exp_one(x); }
float log(float x) { return table().log_one(x); }
float tanh(float x) { return table().tanh_one(x); }
float erf(float x) { return table().erf_one(x); }
float sigmoid(float x) { return table().sigmoid_one(x); }
float normal_cdf(float x) { return table().normal_cdf_one(x); }

}  // namespace x2g::kernels
