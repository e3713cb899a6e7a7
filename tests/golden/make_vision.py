#!/usr/bin/python3
"""Writes vision.txt with PyTorch in double precision: normalization, dropout, convolution and pooling, forward and backward, and
ten steps each of a small convolutional network and of a multilayer perceptron with BatchNorm, both with dropout.

    /usr/bin/python3 tests/golden/make_vision.py

Formats and made-up weights are those of make_golden.py. Dropout's masks are the core's own: the generator is written out again here,
from the paper, so that the masks are checked as well.
"""
import torch
import torch.nn.functional as F

from make_golden import Writer, inputs, made_up

torch.manual_seed(12)
STEPS, SEED = 10, 0x0123456789ABCDEF


# --- Philox4x32-10 (Salmon et al. 2011) and the mask of ops/dropout.hpp ---------------------------

def philox(counter, key):
    c, k = list(counter), list(key)
    for _ in range(10):
        a, b = 0xD2511F53 * c[0], 0xCD9E8D57 * c[2]
        c = [(b >> 32) ^ c[1] ^ k[0], b & 0xFFFFFFFF, (a >> 32) ^ c[3] ^ k[1], a & 0xFFFFFFFF]
        k = [(k[0] + 0x9E3779B9) & 0xFFFFFFFF, (k[1] + 0xBB67AE85) & 0xFFFFFFFF]
    return c


def dropout_mask(shape, p, step, node, seed=SEED):
    """0 or 1 / (1 - p)."""
    size, words = torch.Size(shape).numel(), []
    for block in range((size + 3) // 4):
        words += philox((block, node, 2, step & 0xFFFFFFFF), (seed & 0xFFFFFFFF, seed >> 32))
    return torch.tensor([1 / (1 - p) if (w >> 8) / 2**24 >= p else 0.0 for w in words[:size]]).reshape(shape)


# --- ops ------------------------------------------------------------------------------------------

def rms_norm(x, w, eps):
    return x / torch.sqrt((x * x).mean(-1, keepdim=True) + eps) * w


def write_ops(out):
    def case(prefix, named_inputs, result, more=()):
        dy = inputs(*result.shape).detach()
        result.backward(dy)
        for name, value in list(named_inputs.items()) + list(more):
            out.add(f"{prefix}.{name}", value)
        out.add(f"{prefix}.y", result)
        out.add(f"{prefix}.dy", dy)
        for name, value in named_inputs.items():
            out.add(f"{prefix}.d{name}", value.grad)

    x, w = inputs(4, 9, scale=2), inputs(9)
    case("rmsnorm", {"x": x, "w": w}, rms_norm(x, w, 1e-6))

    out.comment("batchnorm: momentum 0.1, eps 1e-5; before and after are the running mean and variance")
    for prefix, shape, training in (("bn_rows", (6, 5), True), ("bn_maps", (3, 4, 3, 2), True), ("bn_answer", (3, 4, 3, 2), False)):
        x, w, b = inputs(*shape, scale=2), inputs(shape[1]), inputs(shape[1])
        mean, var = inputs(shape[1]).detach(), inputs(shape[1]).detach() ** 2 + 0.5
        var = var.float().double()
        before = [("before_mean", mean.clone()), ("before_var", var.clone())]
        y = F.batch_norm(x, mean, var, w, b, training, 0.1, 1e-5)
        case(prefix, {"x": x, "w": w, "b": b}, y, before + [("after_mean", mean), ("after_var", var)])

    out.comment("dropout: p 0.3, step 4294967299 (only its low 32 bits count), node 7")
    x = inputs(3, 11)
    mask = dropout_mask((3, 11), 0.3, 2**32 + 3, 7)
    case("dropout", {"x": x}, x * mask, [("mask", mask)])

    out.comment("conv2d: stride (2, 1), padding (1, 2), dilation (1, 2); conv1d: stride 2, padding 3, dilation 2; each with bias")
    x, W, b = inputs(2, 3, 7, 6), inputs(4, 3, 3, 2), inputs(4)
    case("conv2d", {"x": x, "W": W, "b": b}, F.conv2d(x, W, b, (2, 1), (1, 2), (1, 2)))
    x, W, b = inputs(2, 3, 11), inputs(4, 3, 4), inputs(4)
    case("conv1d", {"x": x, "W": W, "b": b}, F.conv1d(x, W, b, 2, 3, 2))

    out.comment("pooling: kernel (3, 2), stride (2, 2), padding (1, 1) in two dimensions; kernel 4, stride 3, padding 2 in one")
    x = inputs(2, 2, 6, 7)
    y, index = F.max_pool2d(x, (3, 2), (2, 2), (1, 1), return_indices=True)
    case("max2d", {"x": x}, y, [("argmax", index.double())])
    x = inputs(2, 2, 6, 7)
    case("avg2d", {"x": x}, F.avg_pool2d(x, (3, 2), (2, 2), (1, 1)))
    x = inputs(2, 3, 10)
    y, index = F.max_pool1d(x, 4, 3, 2, return_indices=True)
    case("max1d", {"x": x}, y, [("argmax", index.double())])
    x = inputs(2, 3, 10)
    case("avg1d", {"x": x}, F.avg_pool1d(x, 4, 3, 2))


# --- training runs --------------------------------------------------------------------------------

def parameters(prefix, shapes):
    """By name: near 1 for the weights of norms, within 1/2 of 0 for the rest."""
    return {name: (0.5 * made_up(f"{prefix}.{name}", *shape) + (1.0 if name.endswith("bn.weight") else 0.0)).requires_grad_()
            for name, shape in shapes.items()}


class BatchNorm:
    def __init__(self, p, name, channels):
        self.name, self.w, self.b = name, p[name + ".weight"], p[name + ".bias"]
        self.mean, self.var = torch.zeros(channels), torch.ones(channels)

    def __call__(self, x):
        return F.batch_norm(x, self.mean, self.var, self.w, self.b, True, 0.1, 1e-5)

    def write(self, out, prefix):
        out.add(f"{prefix}.after.{self.name}.running_mean", self.mean)
        out.add(f"{prefix}.after.{self.name}.running_var", self.var)


def train(out, prefix, p, norms, optimizer, logits_of, t):
    losses = []
    for step in range(STEPS):
        loss = F.cross_entropy(logits_of(step), t)
        optimizer.zero_grad()
        loss.backward()
        losses.append(loss.item())
        if step == 0:
            for name, value in p.items():
                out.add(f"{prefix}.d.{name}", value.grad)
        optimizer.step()
    digits, out.digits = out.digits, 14
    out.add(f"{prefix}.losses", losses)
    out.digits = digits
    for name, value in p.items():
        out.add(f"{prefix}.after.{name}", value)
    for norm in norms:
        norm.write(out, prefix)


def write_cnn(out):
    out.comment("cnn: 6 images (1, 10, 9), filters 3 and 4, kernel 3, padding 1, max pooling by 2, hidden 8, 3 classes, batchnorm,")
    out.comment("dropout 0.25 at node 11; AdamW lr 2^-6, betas 0.9 0.999, decay 0.125 on matrices and kernels")
    p = parameters("cnn", {
        "conv1.weight": (3, 1, 3, 3), "conv1.bn.weight": (3,), "conv1.bn.bias": (3,), "conv2.weight": (4, 3, 3, 3),
        "conv2.bn.weight": (4,), "conv2.bn.bias": (4,), "fc1.weight": (8, 16), "fc1.bias": (8,), "head.weight": (3, 8), "head.bias": (3,)})
    norms = [BatchNorm(p, "conv1.bn", 3), BatchNorm(p, "conv2.bn", 4)]
    x = made_up("cnn.x", 6, 1, 10, 9)

    def logits_of(step):
        h = x
        for name, norm in zip(("conv1", "conv2"), norms):
            h = F.max_pool2d(F.relu(norm(F.conv2d(h, p[name + ".weight"], padding=1))), 2)
        h = F.relu(F.linear(h.flatten(1), p["fc1.weight"], p["fc1.bias"]))
        return F.linear(h * dropout_mask((6, 8), 0.25, step, 11), p["head.weight"], p["head.bias"])

    optimizer = torch.optim.AdamW(
        [dict(params=[v for v in p.values() if v.dim() >= 2], weight_decay=0.125),
         dict(params=[v for v in p.values() if v.dim() < 2], weight_decay=0.0)], lr=2**-6, betas=(0.9, 0.999), eps=1e-8)
    train(out, "cnn", p, norms, optimizer, logits_of, torch.tensor([0, 1, 2, 0, 1, 2]))


def write_mlp(out):
    out.comment("mlp: 8 rows of 5, linear 7 without bias, batchnorm, tanh, dropout 0.5 at node 3, linear 4; SGD lr 0.25, momentum 0.75")
    p = parameters("bnmlp", {"fc.weight": (7, 5), "bn.weight": (7,), "bn.bias": (7,), "head.weight": (4, 7), "head.bias": (4,)})
    norm = BatchNorm(p, "bn", 7)
    x = made_up("bnmlp.x", 8, 5)

    def logits_of(step):
        h = torch.tanh(norm(F.linear(x, p["fc.weight"])))
        return F.linear(h * dropout_mask((8, 7), 0.5, step, 3), p["head.weight"], p["head.bias"])

    optimizer = torch.optim.SGD(p.values(), lr=0.25, momentum=0.75)
    train(out, "bnmlp", p, [norm], optimizer, logits_of, torch.tensor([0, 1, 2, 3, 0, 1, 2, 3]))


if __name__ == "__main__":
    vision = Writer("vision.txt")
    vision.lines[0] = vision.lines[0].replace("make_golden.py", "make_vision.py")
    write_ops(vision)
    write_cnn(vision)
    write_mlp(vision)
    vision.close()
