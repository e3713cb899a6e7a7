// Sinusoidal positions (Vaswani et al. 2017, section 3.5): a table that is computed, not learned.
//
//   P[t, 2i] = sin(t / 10000^(2i/C))     P[t, 2i+1] = cos(t / 10000^(2i/C))     P (rows, C); with odd C the last column is a sine
//
// The table lies in a buffer of the graph and is added by add_positions.
#pragma once

#include <cstddef>
#include <span>

#include "x2g/graph/graph.hpp"

namespace x2g {

/// Fills P, which holds rows × C numbers. Error(shape_mismatch) when it does not.
template <class T>
void sinusoidal(std::span<T> P, std::size_t rows, std::size_t C);

/// Fills every buffer of the graph that is called "sinusoids" or "….sinusoids"; returns how many. To be called after each
/// Graph::initialize (a reset of the trainer too), which leaves the buffers at zero.
template <class T>
std::size_t fill_sinusoids(Graph<T>& graph);

}  // namespace x2g
