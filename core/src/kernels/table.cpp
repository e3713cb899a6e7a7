// The kernels of one variant as a table: compiled with each of them (variant.hpp).
#include "kernels/dispatch.hpp"
#include "kernels/elementwise.hpp"
#include "kernels/gemm.hpp"
#include "kernels/gemv.hpp"
#include "kernels/math.hpp"

#define X2G_TEXT_OF(name) #name
#define X2G_NAME_OF(variant) X2G_TEXT_OF(variant)

namespace X2G_KERNELS {

extern const Table kTable;
constinit const Table kTable = {
    .name = X2G_NAME_OF(X2G_VARIANT),
    .exp = &exp<float>,
    .activation = &activation<float>,
    .activation_derivative = &activation_derivative<float>,
    .activation_backward = &activation_backward<float>,
    .add = &add<float>,
    .accumulate = &accumulate<float>,
    .scale_add = &scale_add<float>,
    .scale = &scale<float>,
    .fill = &fill<float>,
    .copy = &copy<float>,
    .sum = &sum<float>,
    .dot = &dot<float>,
    .sum_of_squares = &sum_of_squares<float>,
    .max = &max<float>,
    .all_finite = &all_finite<float>,
    .softmax = &softmax<float>,
    .mean_variance = &mean_variance<float>,
    .normalize = &normalize<float>,
    .normalize_backward = &normalize_backward<float>,
    .softmax_backward = &softmax_backward<float>,
    .adamw = &adamw<float>,
    .sgd = &sgd<float>,
    .gemm_tiles = &gemm_tiles,
    .gemm_tile = &gemm_tile,
    .gemm_tile_in_use = &gemm_tile_in_use,
    .use_gemm_tile = &use_gemm_tile,
    .gemm_scratch = &gemm_scratch,
    .gemm = &gemm<float>,
    .rows_times = &rows_times,
    .times_rows = &times_rows,
    .exp_one = &exp,
    .log_one = &log,
    .tanh_one = &tanh,
    .erf_one = &erf,
    .sigmoid_one = &sigmoid,
    .normal_cdf_one = &normal_cdf,
};

}  // namespace X2G_KERNELS
