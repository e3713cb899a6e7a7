#include "x2g/graph/shape.hpp"

#include "x2g/base/error.hpp"
#include "x2g/base/text.hpp"

namespace x2g {

Shape::Shape(std::initializer_list<std::uint32_t> d) : Shape(std::span(d.begin(), d.size())) {}

Shape::Shape(std::span<const std::uint32_t> d) {
  if (d.size() > dims.size())
    throw Error(ErrorCode::invalid_argument, x2g::text("a shape has ", d.size(), " dimensions; it may have 0 to 4"));
  std::uint64_t total = 1;
  for (const std::uint32_t dim : d) {
    total *= dim;
    dims[rank++] = dim;
    if (dim == 0 || total > (1ull << 31))
      throw Error(
          ErrorCode::invalid_argument,
          x2g::text("shape ", text(), " is not allowed; every dimension must be at least 1 and all together at most 2^31 elements"));
  }
}

std::uint64_t Shape::size() const {
  std::uint64_t total = 1;
  for (std::uint32_t i = 0; i < rank; ++i) total *= dims[i];
  return total;
}

Shape Shape::with_last(std::uint32_t width) const {
  Shape out = *this;
  if (out.rank == 0) out.rank = 1;
  out.dims[out.rank - 1] = width;
  return out;
}

std::string Shape::text() const {
  std::string out = "(";
  for (std::uint32_t i = 0; i < rank; ++i) {
    if (i) out += ", ";
    out += to_text(static_cast<std::int64_t>(dims[i]));
  }
  return out + ")";
}

}  // namespace x2g
