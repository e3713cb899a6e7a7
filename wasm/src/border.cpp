#include "border.hpp"

#include <cmath>

#include "x2g/base/error.hpp"
#include "x2g/base/text.hpp"

namespace x2g::border {
namespace {

std::size_t checked_length(std::string_view name, const val& array, std::size_t most) {
  const double length = array.isNull() || array.isUndefined() ? NAN : array["length"].as<double>();
  if (!(length >= 0)) throw Error(ErrorCode::invalid_argument, text(name, " is not an array; give an array of numbers"));
  if (length > static_cast<double>(most))
    throw Error(ErrorCode::out_of_memory, text(name, " has ", length, " elements; at most ", most, " are allowed"));
  return static_cast<std::size_t>(length);
}

template <class T>
std::vector<T> copy_in(std::string_view name, const val& array, std::size_t most) {
  std::vector<T> out(checked_length(name, array, most));
  if (!out.empty()) val(emscripten::typed_memory_view(out.size(), out.data())).call<void>("set", array);
  return out;
}

template <class T>
val copy_out(std::span<const T> values) {
  return val(emscripten::typed_memory_view(values.size(), values.data())).call<val>("slice");
}

template <class T>
void check_finite(std::string_view name, std::span<const T> values) {
  for (std::size_t i = 0; i < values.size(); ++i)
    if (!std::isfinite(values[i]))
      throw Error(ErrorCode::invalid_argument,
                  text(name, "[", i, "] is ", static_cast<double>(values[i]), "; every value must be a finite number"));
}

/// One at a time: raise_fault() follows at once, on the only thread.
struct {
  std::string_view code;
  std::string message;
} fault;

}  // namespace

void keep_fault() noexcept {
  try {
    throw;
  } catch (const Error& error) {
    fault = {error_code_name(error.code()), error.message()};
  } catch (const std::bad_alloc&) {
    fault = {"out_of_memory", "there is not enough memory for this; choose a smaller model, a shorter text or a smaller batch"};
  } catch (const std::exception& error) {
    fault = {"engine_failed", error.what()};
  }
}

void raise_fault() {
  val error = val::object();
  error.set("code", std::string(fault.code));
  error.set("message", std::exchange(fault.message, {}));
  error.throw_();
}

std::uint64_t whole(std::string_view name, double value, double low, double high) {
  if (!(value >= low && value <= high) || value != std::trunc(value))
    throw Error(ErrorCode::invalid_argument, text(name, " is ", value, "; it must be a whole number from ", low, " to ", high));
  return static_cast<std::uint64_t>(value);
}

std::vector<float> floats(std::string_view name, const val& array, std::size_t most) { return copy_in<float>(name, array, most); }
std::vector<double> doubles(std::string_view name, const val& array, std::size_t most) { return copy_in<double>(name, array, most); }
std::vector<std::uint8_t> bytes(const val& array, std::size_t most) { return copy_in<std::uint8_t>("bytes", array, most); }
std::vector<std::uint32_t> ids(std::string_view name, const val& array, std::size_t most) {
  return copy_in<std::uint32_t>(name, array, most);
}

void require_finite(std::string_view name, std::span<const float> values) { check_finite(name, values); }
void require_finite(std::string_view name, std::span<const double> values) { check_finite(name, values); }

val to_js(std::span<const float> values) { return copy_out(values); }
val to_js(std::span<const double> values) { return copy_out(values); }
val to_js(std::span<const std::uint8_t> values) { return copy_out(values); }
val to_js(std::span<const std::uint32_t> values) { return copy_out(values); }

}  // namespace x2g::border
