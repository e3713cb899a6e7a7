#!/usr/bin/python3
"""Writes the golden figures of this folder with PyTorch (Debian: apt-get install python3-torch), in double precision.

    /usr/bin/python3 tests/golden/make_golden.py

ops.txt           every op, forward and backward, on small inputs
activations.txt   every activation and its slope on a table of points
mlp.txt           ten steps of a 2-3-1 net by SGD with momentum and decay, and of a 2-3-2 net by plain SGD
gpt_tanh.txt      ten AdamW steps of a tiny GPT without biases, constant rate, no clipping
gpt_erf_bias.txt  ten AdamW steps of a tiny GPT with biases, exact GELU, warm-up, cosine decay and clipping

A file is a list of tensors: a line "name (shape)", then its numbers in row-major order. Lines with # are comments.
Inputs are numbers that a float holds exactly. The weights of models are not in the files: `made_up` below and
golden.hpp make the same numbers from a tensor's name.
"""
import math
import pathlib
import platform

import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)
torch.manual_seed(20)
HERE = pathlib.Path(__file__).parent


class Writer:
    def __init__(self, name, digits=9):
        self.path, self.digits = HERE / name, digits
        self.lines = [f"# {name}, made by make_golden.py with PyTorch {torch.__version__}, Python {platform.python_version()}"]

    def comment(self, text):
        self.lines.append(f"# {text}")

    def add(self, name, tensor):
        tensor = torch.as_tensor(tensor, dtype=torch.float64).detach()
        shape = ", ".join(str(n) for n in tensor.shape)
        self.lines.append(f"{name} ({shape})")
        numbers = [f"{v:.{self.digits}g}" for v in tensor.flatten().tolist()]
        for i in range(0, len(numbers), 10):
            self.lines.append(" " + " ".join(numbers[i : i + 10]))

    def close(self):
        self.path.write_text("\n".join(self.lines) + "\n")
        print(f"{self.path.name}: {self.path.stat().st_size} bytes")


def inputs(*shape, scale=1.0):
    """Normal random numbers, rounded to float."""
    return (scale * torch.randn(shape)).float().double().requires_grad_()


def made_up(name, *shape):
    """Numbers in [-1, 1) from a tensor's name, multiples of 2^-23: the 32-bit hash of (name, index), written out in golden.hpp too."""
    basis = 0x811C9DC5
    for byte in name.encode():  # FNV-1a
        basis = ((basis ^ byte) * 0x01000193) & 0xFFFFFFFF
    out = []
    for i in range(math.prod(shape)):
        h = (basis + i * 0x9E3779B1) & 0xFFFFFFFF
        h ^= h >> 15
        h = (h * 0x2C1B3C6D) & 0xFFFFFFFF
        h ^= h >> 12
        h = (h * 0x297A2D39) & 0xFFFFFFFF
        h ^= h >> 15
        out.append(((h >> 8) - 2**23) / 2**23)
    return torch.tensor(out).reshape(shape)


# --- ops ------------------------------------------------------------------------------------------

def attention(qkv, heads, causal):
    """(out, att) of qkv (B, T, 3C)."""
    B, T, C = qkv.shape[0], qkv.shape[1], qkv.shape[2] // 3
    q, k, v = (part.view(B, T, heads, C // heads).transpose(1, 2) for part in qkv.split(C, dim=2))
    score = q @ k.transpose(-2, -1) / math.sqrt(C // heads)
    if causal:
        score = score.masked_fill(torch.ones(T, T).triu(1).bool(), -math.inf)
    att = score.softmax(-1)
    return (att @ v).transpose(1, 2).reshape(B, T, C), att


def write_ops():
    out = Writer("ops.txt")

    def case(prefix, named_inputs, result, more=()):
        """Writes inputs, result, dy and the gradients of every input that wants one."""
        dy = inputs(*result.shape).detach()
        result.backward(dy)
        for name, value in named_inputs.items():
            out.add(f"{prefix}.{name}", value)
        for name, value in more:
            out.add(f"{prefix}.{name}", value)
        out.add(f"{prefix}.y", result)
        out.add(f"{prefix}.dy", dy)
        for name, value in named_inputs.items():
            if value.requires_grad:
                out.add(f"{prefix}.d{name}", value.grad)

    x, W, b = inputs(5, 7), inputs(3, 7), inputs(3)
    case("linear", {"x": x, "W": W, "b": b}, F.linear(x, W, b))

    x, w, b = inputs(4, 9, scale=2), inputs(9), inputs(9)
    case("layernorm", {"x": x, "w": w, "b": b}, F.layer_norm(x, (9,), w, b, 1e-5))

    ids, W = torch.tensor([3.0, 0, 3, 5, 1]), inputs(6, 4)
    case("embedding", {"ids": ids, "W": W}, F.embedding(ids.long(), W))

    x, P = inputs(2, 3, 4), inputs(5, 4)
    case("positions", {"x": x, "P": P}, x + P[:3])

    for prefix, causal in (("attention", True), ("attention_full", False)):
        qkv = inputs(2, 5, 18)
        result, att = attention(qkv, 3, causal)
        case(prefix, {"qkv": qkv}, result, [("att", att)])

    z, t = inputs(6, 5, scale=3), torch.tensor([0.0, 4, -1, 2, 2, -1])
    case("softmax_xent", {"z": z, "t": t}, F.cross_entropy(z, t.long(), ignore_index=-1), [("p", z.softmax(-1))])

    z, t = inputs(11, scale=3), (torch.arange(11) % 2).double()
    case("bce_logits", {"z": z, "t": t}, F.binary_cross_entropy_with_logits(z, t), [("p", z.sigmoid())])

    y, t = inputs(13), inputs(13).detach()
    case("mse", {"x": y, "t": t}, F.mse_loss(y, t))
    out.close()


ACTIVATIONS = {
    "identity": lambda x: x * 1,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "relu": F.relu,
    "leaky_relu": lambda x: F.leaky_relu(x, 0.01),
    "gelu_erf": F.gelu,
    "gelu_tanh": lambda x: F.gelu(x, approximate="tanh"),
    "silu": F.silu,
}


def write_activations():
    out = Writer("activations.txt")
    points = torch.cat([torch.linspace(-8, 8, 65), torch.tensor([-20.0, -1e-3, 1e-3, 20.0])])
    out.add("x", points)
    out.add("step.y", torch.heaviside(points, torch.tensor(1.0)))
    out.add("step.d", torch.zeros_like(points))  # by convention
    for name, f in ACTIVATIONS.items():
        x = points.clone().requires_grad_()
        y = f(x)
        y.sum().backward()
        out.add(f"{name}.y", y)
        out.add(f"{name}.d", x.grad)
    out.close()


# --- models ---------------------------------------------------------------------------------------

STEPS = 10


def write_mlp():
    out = Writer("mlp.txt")
    x = torch.tensor([[0.0, 0], [0, 1], [1, 0], [1, 1]])
    for prefix, sizes, hidden, loss_of, t, options in (
        ("bce", (2, 3, 1), torch.tanh, F.binary_cross_entropy_with_logits, torch.tensor([[0.0], [1], [1], [0]]),
         dict(lr=0.5, momentum=0.75, weight_decay=0.0625)),
        ("half_mse", (2, 3, 2), torch.sigmoid, lambda z, t: 0.5 * F.mse_loss(torch.sigmoid(z), t),
         torch.tensor([[0.0, 1], [1, 0], [1, 0], [0, 1]]), dict(lr=2.0)),
    ):
        out.comment(f"{prefix}: sizes {sizes}, SGD {options}; decay on W1, W2 only")
        shapes = {"W1": (sizes[1], sizes[0]), "b1": (sizes[1],), "W2": (sizes[2], sizes[1]), "b2": (sizes[2],)}
        p = {k: made_up(f"{prefix}.{k}", *s).requires_grad_() for k, s in shapes.items()}
        decay = options.pop("weight_decay", 0.0)
        optimizer = torch.optim.SGD(
            [dict(params=[p["W1"], p["W2"]], weight_decay=decay), dict(params=[p["b1"], p["b2"]])], **options)
        losses = []
        for step in range(STEPS):
            z = F.linear(hidden(F.linear(x, p["W1"], p["b1"])), p["W2"], p["b2"])
            loss = loss_of(z, t)
            optimizer.zero_grad()
            loss.backward()
            losses.append(loss.item())
            if step == 0:
                for name, value in p.items():
                    out.add(f"{prefix}.d{name}", value.grad)
            optimizer.step()
        out.add(f"{prefix}.losses", losses)
        for name, value in p.items():
            out.add(f"{prefix}.{name}.after", value)
    out.close()


V, LAYERS, HEADS, C, CONTEXT, B = 11, 2, 2, 16, 8, 3


def gpt_parameters(bias):
    """name -> start value, by the names of nn/models.hpp. Norms start near 1, all else within 1/4 of 0."""
    shapes = {"wte": (V, C), "wpe": (CONTEXT, C), "lnf.weight": (C,)}
    for i in range(LAYERS):
        for name, shape in (("ln1", (C,)), ("attn.qkv", (3 * C, C)), ("attn.proj", (C, C)), ("ln2", (C,)),
                            ("mlp.fc", (4 * C, C)), ("mlp.proj", (C, 4 * C))):
            shapes[f"blocks.{i}.{name}.weight"] = shape
            if bias:
                shapes[f"blocks.{i}.{name}.bias"] = shape[:1]
    if bias:
        shapes["lnf.bias"] = (C,)
    return {name: (0.25 * made_up(name, *shape) + (1.0 if ".ln" in "." + name and name.endswith("weight") else 0.0))
            .float().double().requires_grad_() for name, shape in shapes.items()}


def gpt_loss(p, ids, targets, erf):
    T = ids.shape[1]
    get = p.get

    def norm(x, name):
        return F.layer_norm(x, (C,), p[name + ".weight"], get(name + ".bias"), 1e-5)

    def linear(x, name):
        return F.linear(x, p[name + ".weight"], get(name + ".bias"))

    x = F.embedding(ids, p["wte"]) + p["wpe"][:T]
    for i in range(LAYERS):
        block = f"blocks.{i}."
        x = x + linear(attention(linear(norm(x, block + "ln1"), block + "attn.qkv"), HEADS, True)[0], block + "attn.proj")
        h = linear(norm(x, block + "ln2"), block + "mlp.fc")
        x = x + linear(F.gelu(h) if erf else F.gelu(h, approximate="tanh"), block + "mlp.proj")
    logits = norm(x, "lnf") @ p["wte"].T
    return F.cross_entropy(logits.view(-1, V), targets.reshape(-1))


def write_gpt(file, bias, erf, lr, clip=0.0, warmup=0, total=0, min_lr=0.0):
    out = Writer(file, digits=6)
    out.comment(f"V {V}, layers {LAYERS}, heads {HEADS}, C {C}, context {CONTEXT}, B {B}; bias {bias}, exact GELU {erf}")
    out.comment(f"AdamW: lr {lr}, betas 0.9 0.95, eps 1e-8, decay 0.1 on matrices and embeddings; clip {clip}, "
                f"warmup {warmup}, total {total}, min_lr {min_lr}")
    p = gpt_parameters(bias)
    optimizer = torch.optim.AdamW(
        [dict(params=[v for v in p.values() if v.dim() >= 2], weight_decay=0.1),
         dict(params=[v for v in p.values() if v.dim() < 2], weight_decay=0.0)], lr=lr, betas=(0.9, 0.95), eps=1e-8)
    losses, rates, norms = [], [], []
    for step in range(STEPS):
        # tokens of step s: made_up("tokens.s") scaled to 0 … V-1; targets are the tokens one further on
        tokens = ((made_up(f"tokens.{step}", B, CONTEXT + 1) + 1) / 2 * V).floor().long()
        loss = gpt_loss(p, tokens[:, :-1], tokens[:, 1:], erf)
        optimizer.zero_grad()
        loss.backward()
        if step == 0:
            for name, value in p.items():
                out.add(f"d.{name}", value.grad)
        norm = math.sqrt(sum((v.grad**2).sum().item() for v in p.values()))
        if clip > 0 and norm > clip:
            for v in p.values():
                v.grad *= clip / norm
        rate = lr
        if step < warmup:
            rate = lr * (step + 1) / (warmup + 1)
        elif total > 0:
            rate = min_lr + 0.5 * (1 + math.cos(math.pi * (step - warmup) / (total - warmup))) * (lr - min_lr)
        for group in optimizer.param_groups:
            group["lr"] = rate
        optimizer.step()
        losses.append(loss.item()), rates.append(rate), norms.append(norm)
    out.digits = 12
    out.add("losses", losses)
    out.add("rates", rates)
    out.add("norms", norms)
    for name, value in p.items():
        out.add(f"after.{name}", value.norm())  # ‖weights‖ after the last step
    out.close()


if __name__ == "__main__":
    write_ops()
    write_activations()
    write_mlp()
    write_gpt("gpt_tanh.txt", bias=False, erf=False, lr=2**-7)
    write_gpt("gpt_erf_bias.txt", bias=True, erf=True, lr=2**-6, clip=0.5, warmup=2, total=12, min_lr=2**-9)
