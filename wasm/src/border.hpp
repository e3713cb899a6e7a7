// What every binding shares: errors become JavaScript objects {code, message}, arrays cross as typed arrays, numbers are checked.
// The core throws x2g::Error; nothing else is ever meant to leave a bound function.
#pragma once

#include <emscripten/val.h>

#include <cstdint>
#include <new>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace x2g::border {

using emscripten::val;

/// Called inside a catch block: keeps code and sentence of whatever is being handled.
void keep_fault() noexcept;
/// Throws what was kept as the JavaScript object {code, message}.
[[noreturn]] void raise_fault();

/// Runs f; a C++ exception leaves as a JavaScript one, thrown outside of the catch block so that nothing is left half-handled.
template <class F>
auto guarded(F&& f) -> decltype(f()) {
  try {
    return f();
  } catch (...) {
    keep_fault();
  }
  raise_fault();
}

/// `on<&Run::work>` is the guarded form of a member or free function, as the table in bindings.cpp wants it.
template <auto F>
struct Guard;
template <class R, class... A, R (*F)(A...)>
struct Guard<F> {
  static R call(A... a) {
    return guarded([&]() -> R { return F(std::forward<A>(a)...); });
  }
};
template <class C, class R, class... A, R (C::*F)(A...)>
struct Guard<F> {
  static R call(C& self, A... a) {
    return guarded([&]() -> R { return (self.*F)(std::forward<A>(a)...); });
  }
};
template <class C, class R, class... A, R (C::*F)(A...) const>
struct Guard<F> {
  static R call(const C& self, A... a) {
    return guarded([&]() -> R { return (self.*F)(std::forward<A>(a)...); });
  }
};
template <auto F>
inline constexpr auto on = &Guard<F>::call;

/// A guarded constructor: JavaScript owns the result and calls delete().
template <class C, class... A>
C* make(A... a) {
  return guarded([&] { return new C(std::forward<A>(a)...); });
}

// Numbers of a config are doubles on the border; these check kind and range and name the field in the error.
std::uint64_t whole(std::string_view name, double value, double low, double high);
inline std::uint32_t count(std::string_view name, double value, double low = 0, double high = 4294967295.0) {
  return static_cast<std::uint32_t>(whole(name, value, low, high));
}
inline std::uint64_t seed_of(double value) { return whole("seed", value, 0, 9007199254740991.0); }

// Arrays in: copies of a typed array or an array of numbers; at most `most` elements.
std::vector<float> floats(std::string_view name, const val& array, std::size_t most = 64u << 20);
std::vector<double> doubles(std::string_view name, const val& array, std::size_t most = 1u << 20);
std::vector<std::uint8_t> bytes(const val& array, std::size_t most = 256u << 20);
/// Token ids; JavaScript has checked that they are whole numbers below 2³².
std::vector<std::uint32_t> ids(std::string_view name, const val& array, std::size_t most = 16u << 20);
/// Error(invalid_argument) naming the first element that is NaN or infinite.
void require_finite(std::string_view name, std::span<const float> values);
void require_finite(std::string_view name, std::span<const double> values);

// Arrays out: always copies (wasm memory may move when it grows).
val to_js(std::span<const float> values);          ///< Float32Array
val to_js(std::span<const double> values);         ///< Float64Array
val to_js(std::span<const std::uint8_t> values);   ///< Uint8Array
val to_js(std::span<const std::uint32_t> values);  ///< Uint32Array

}  // namespace x2g::border
