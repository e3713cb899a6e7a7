// Sinusoidal positions (Vaswani et al. 2017, section 3.5): a table that is computed, not learned.
//
//   P[t, 2i] = sin(t / 10000^(2i/C))     P[t, 2i+1] = cos(t / 10000^(2i/C))     P (rows, C); with odd C the last column is a sine
//
// In a graph the table is a buffer (or, to be trained from there, a parameter) that starts as Init::Kind::sinusoidal and is added by
// add_positions: Graph::initialize calls what stands here.
#pragma once

#include <cstddef>
#include <span>

namespace x2g {

/// Fills P, which holds rows × C numbers. Error(shape_mismatch) when it does not.
template <class T>
void sinusoidal(std::span<T> P, std::size_t rows, std::size_t C);

}  // namespace x2g
