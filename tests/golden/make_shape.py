#!/usr/bin/python3
"""Writes shape.txt with PyTorch, in double: the small ops (products, softmax, sums, moves of shape), label smoothing, and the
activations sign, ELU and softplus, each forward and backward.

    /usr/bin/python3 tests/golden/make_shape.py

Read by tests/core/ops/shape_golden_test.cpp; the layout of the file is that of make_golden.py.
"""
import platform

import torch
import torch.nn.functional as F

from make_golden import Writer, inputs

torch.manual_seed(40)
out = Writer("shape.txt")
out.lines[0] = f"# shape.txt, made by make_shape.py with PyTorch {torch.__version__}, Python {platform.python_version()}"


def case(name, parts, result):
    """NAME.0, NAME.1 … (inputs), NAME.y, NAME.dy, NAME.d0, NAME.d1 … (gradients)."""
    dy = inputs(*result.shape).detach()
    result.backward(dy)
    for i, part in enumerate(parts):
        out.add(f"{name}.{i}", part)
    out.add(f"{name}.y", result)
    out.add(f"{name}.dy", dy)
    for i, part in enumerate(parts):
        out.add(f"{name}.d{i}", part.grad)


a, b = inputs(2, 3, 4), inputs(2, 3, 4)
case("mul", [a, b], a * b)
a, b = inputs(2, 3, 4), inputs(3, 4)
case("mul_rows", [a, b], a * b)
a, b = inputs(2, 3, 4), inputs(4)
case("add_rows", [a, b], a + b)
x = inputs(3, 5)
case("scale", [x], 0.125 * x)
a, b = inputs(2, 3, 4, 5), inputs(2, 3, 5, 6)
case("matmul", [a, b], a @ b)
a, b = inputs(2, 4, 5), inputs(2, 3, 5)
case("matmul_transposed", [a, b], a @ b.transpose(-2, -1))
x = inputs(2, 3, 7, scale=3)
case("softmax", [x], x.softmax(-1))
x = inputs(2, 5, 5, scale=3)
case("softmax_causal", [x], x.masked_fill(torch.ones(5, 5).triu(1).bool(), -torch.inf).softmax(-1))
a, b, c = inputs(2, 3, 2), inputs(2, 1, 2), inputs(2, 4, 2)
case("concat", [a, b, c], torch.cat([a, b, c], 1))
x = inputs(3, 6, 2)
case("slice", [x], x[:, 1:4])
x = inputs(2, 3, 4, 5)
case("transpose", [x], x.permute(0, 2, 3, 1))
x = inputs(2, 3, 4)
case("reshape", [x], x.reshape(4, 6))
for axis in range(3):
    x = inputs(2, 3, 4)
    case(f"sum_{axis}", [x], x.sum(axis))
    x = inputs(2, 3, 4)
    case(f"mean_{axis}", [x], x.mean(axis))
# far from 0, so that the nine digits kept of each number are nine digits of the sum
for name, f in (("sum_all", torch.sum), ("mean_all", torch.mean)):
    x = (2 + inputs(2, 3, 4)).detach().float().double().requires_grad_()
    case(name, [x], f(x))

z, t = inputs(6, 5, scale=3), torch.tensor([0, 4, -1, 2, 2, -1])
out.add("smoothed.t", t)
case("smoothed", [z], F.cross_entropy(z, t, ignore_index=-1, label_smoothing=0.1))

points = torch.cat([torch.linspace(-8, 8, 65), torch.tensor([-20.0, -1e-3, 1e-3, 20.0])])
out.add("points", points)
for name, f in (("sign", torch.sign), ("elu", F.elu), ("softplus", F.softplus)):
    x = points.clone().requires_grad_()
    y = f(x)
    y.sum().backward()
    out.add(f"{name}.y", y)
    out.add(f"{name}.d", x.grad)
out.close()
