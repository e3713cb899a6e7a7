// One row per op, by the op's name. A row is linked only into engines whose table (graph/op_table.cpp) lists it.
#pragma once

#include "graph/op_table.hpp"

namespace x2g::table {

// dense.cpp
extern const OpEntry linear, activation;
// text.cpp
extern const OpEntry add, add_positions, embedding, attention;
// attention.cpp
extern const OpEntry rope, attend;
// norm.cpp
extern const OpEntry layernorm, rmsnorm, batchnorm, dropout;
// conv.cpp
extern const OpEntry conv1d, conv2d, max_pool, avg_pool;
// shape.cpp
extern const OpEntry concat, slice, transpose, reshape;
// algebra.cpp
extern const OpEntry mul, scale, sin, matmul, softmax, sum, mean;
// loss.cpp
extern const OpEntry softmax_xent, bce_logits, mse;
// recurrent.cpp
extern const OpEntry rnn, lstm, gru;

}  // namespace x2g::table
