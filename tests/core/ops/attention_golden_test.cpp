// Attention in parts, padded attention and rotary positions against figures from PyTorch in double (tests/golden/make_attention.py,
// make_padding.py).
#include <catch2/catch_template_test_macros.hpp>

#include "core/ops/op_check.hpp"
#include "golden/golden.hpp"
#include "x2g/ops/attend.hpp"
#include "x2g/ops/rope.hpp"

namespace x2g {
namespace {

using namespace test;

// The file holds nine digits.
template <class T>
constexpr double kBound = sizeof(T) == 4 ? 2e-6 : 1e-8;

const golden::File& file() {
  static const golden::File file("attention.txt");
  return file;
}
const Doubles& data(const std::string& name) { return file()[name].data; }
std::size_t dim(const std::string& name, std::size_t axis) { return file()[name].shape.at(axis); }

struct Variant {
  const char* name;
  std::size_t groups;
  double scale;
  Mask mask = Mask::causal;
  Score score = Score::dot;
  bool alibi = false;
};

AttendShape shape_of(const Variant& c) {
  const std::string n = c.name;
  const std::size_t H = dim(n + ".att", 1);
  return {dim(n + ".q", 0),     dim(n + ".q", 1), dim(n + ".k", 1), H,       c.groups, dim(n + ".q", 2) / H,
          dim(n + ".y", 2) / H, c.scale,          c.mask,           c.score, c.alibi};
}

}  // namespace

TEMPLATE_TEST_CASE("attend agrees with PyTorch in all its variants", "[ops][attend][golden]", float, double) {
  using T = TestType;
  using V = std::vector<T>;
  const double half = std::sqrt(0.5);
  for (const Variant& c :
       {Variant{"attend_plain", 2, 1 / std::sqrt(3.0)}, Variant{"attend_gqa", 2, half}, Variant{"attend_mqa", 1, 1, Mask::none},
        Variant{"attend_cross", 2, 0.5, Mask::none}, Variant{"attend_alibi", 6, half, Mask::causal, Score::dot, true},
        Variant{"attend_wrong", 2, half, Mask::wrong}, Variant{"attend_negated", 2, half, Mask::causal, Score::negated},
        Variant{"attend_squared", 1, 0.5, Mask::causal, Score::squared}}) {
    const std::string n = c.name;
    CAPTURE(n);
    const AttendShape s = shape_of(c);
    const V q = as<T>(data(n + ".q")), k = as<T>(data(n + ".k")), v = as<T>(data(n + ".v")), dout = as<T>(data(n + ".dy"));
    V scores(data(n + ".scores").size()), att(scores.size()), out(dout.size()), dq(q.size()), dk(k.size()), dv(v.size());
    V scratch(attend_scratch(s)), tiled(out.size()), tiles(attend_tiled_scratch(s, 2, 3));
    attend_forward<T>(s, q, k, v, scores, att, out, scratch);
    attend_backward<T>(s, q, k, v, att, dout, dq, dk, dv, scratch);
    attend_tiled_forward<T>(s, 2, 3, q, k, v, tiled, {}, tiles);
    CHECK(distance(scores, data(n + ".scores")) < kBound<T>);
    CHECK(distance(att, data(n + ".att")) < kBound<T>);
    CHECK(distance(out, data(n + ".y")) < kBound<T>);
    CHECK(distance(tiled, data(n + ".y")) < kBound<T>);
    CHECK(distance(dq, data(n + ".dq")) < kBound<T>);
    CHECK(distance(dk, data(n + ".dk")) < kBound<T>);
    CHECK(distance(dv, data(n + ".dv")) < kBound<T>);
  }
}

TEMPLATE_TEST_CASE("attend hides padding as PyTorch's own multi-head attention does", "[ops][attend][golden][padding]", float, double) {
  using T = TestType;
  using V = std::vector<T>;
  const golden::File padding("padding.txt");
  for (const std::string n : {"encoder", "decoder", "cross"}) {
    CAPTURE(n);
    const auto data = [&](const char* part) { return as<T>(padding[n + "." + part].data); };
    const auto dims = [&](const char* part) { return padding[n + "." + part].shape; };
    const std::size_t H = dims("att")[1], D = dims("q")[2] / H;
    const AttendShape s{dims("q")[0],
                        dims("q")[1],
                        dims("k")[1],
                        H,
                        H,
                        D,
                        D,
                        1 / std::sqrt(static_cast<double>(D)),
                        n == "decoder" ? Mask::causal : Mask::none};
    const V q = data("q"), k = data("k"), v = data("v"), dy = data("dy"), lengths = data("lengths");
    V scores(s.B * H * s.T * s.S), att(scores.size()), out(dy.size()), dq(q.size()), dk(k.size()), dv(v.size());
    V scratch(attend_scratch(s)), tiles(attend_tiled_scratch(s, 2, 3)), tiled(out.size());
    attend_forward<T>(s, q, k, v, scores, att, out, scratch, lengths);
    attend_backward<T>(s, q, k, v, att, dy, dq, dk, dv, scratch, lengths);
    attend_tiled_forward<T>(s, 2, 3, q, k, v, tiled, {}, tiles, lengths);
    CHECK(distance(att, padding[n + ".att"].data) < kBound<T>);
    CHECK(distance(out, padding[n + ".y"].data) < kBound<T>);
    CHECK(distance(tiled, padding[n + ".y"].data) < kBound<T>);
    CHECK(distance(dq, padding[n + ".dq"].data) < kBound<T>);
    CHECK(distance(dk, padding[n + ".dk"].data) < kBound<T>);
    CHECK(distance(dv, padding[n + ".dv"].data) < kBound<T>);
  }
}

TEMPLATE_TEST_CASE("rope agrees with PyTorch", "[ops][rope][golden]", float, double) {
  using T = TestType;
  const RopeShape s{dim("rope.x", 0), dim("rope.x", 1), dim("rope.x", 2), 2};
  const auto x = as<T>(data("rope.x")), dy = as<T>(data("rope.dy"));
  std::vector<T> table(s.T * s.C / s.H), y(x.size()), dx(x.size());
  rope_table<T>(s, table);
  rope_forward<T>(s, x, table, y);
  rope_backward<T>(s, table, dy, dx);
  CHECK(distance(y, data("rope.y")) < kBound<T>);
  CHECK(distance(dx, data("rope.dx")) < kBound<T>);
}

}  // namespace x2g
