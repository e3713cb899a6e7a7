#!/usr/bin/python3
"""Writes attention.txt with PyTorch, in double precision: attention in parts, rotary positions, and ten steps of nanoGPT's laptop model.

    /usr/bin/python3 tests/golden/make_attention.py

attend, rope   every variant, forward and backward, on small inputs; written with einsum from the papers' formulas
nanogpt        4 layers, 4 heads, 128 channels, context 64, vocabulary 65, no bias, batch 2: the losses of ten AdamW steps, and of every
               parameter's gradient in the first step the norm, 32 elements spread over it, and its product with made-up numbers

The format is that of make_golden.py, whose helpers this uses; the weights come from the tensors' names.
"""
import math
import sys

sys.dont_write_bytecode = True
import torch
import torch.nn.functional as F

from make_golden import Writer, attention, inputs, made_up

torch.manual_seed(21)


# --- attention in parts -----------------------------------------------------------------------------

def slopes(heads):
    """ALiBi, by the authors' rule."""
    def of_power(n):
        start = 2 ** (-(2 ** -(math.log2(n) - 3)))
        return [start * start**i for i in range(n)]
    if math.log2(heads).is_integer():
        return of_power(heads)
    power = 2 ** math.floor(math.log2(heads))
    return of_power(power) + slopes(2 * power)[0::2][: heads - power]


def attend(q, k, v, heads, groups, scale, mask, score, alibi):
    B, T, S = q.shape[0], q.shape[1], k.shape[1]
    q = q.view(B, T, heads, -1)
    k = k.view(B, S, groups, -1).repeat_interleave(heads // groups, dim=2)
    v = v.view(B, S, groups, -1).repeat_interleave(heads // groups, dim=2)
    if score == "squared":
        z = -((q[:, :, None] - k[:, None]) ** 2).sum(-1).permute(0, 3, 1, 2)
    else:
        z = torch.einsum("bthd,bshd->bhts", q, k) * (-1 if score == "negated" else 1)
    z = z * scale
    here, there = torch.arange(T)[:, None] + S - T, torch.arange(S)[None]
    if alibi:
        z = z - torch.tensor(slopes(heads)).view(1, -1, 1, 1) * (here - there).abs()
    hidden = {"causal": there > here, "none": torch.zeros(T, S).bool(), "wrong": there < here}[mask]
    att = z.masked_fill(hidden, -math.inf).softmax(-1)
    return torch.einsum("bhts,bshd->bthd", att, v).reshape(B, T, -1), z, att


def rope(x, heads, base):
    """As Su et al. 2021, equation 34: x cos + (rotated x) sin, pairs (2i, 2i+1)."""
    B, T, C = x.shape
    D = C // heads
    angle = (torch.arange(T)[:, None] * base ** (-2.0 * torch.arange(D // 2) / D)).repeat_interleave(2, dim=1)
    x = x.view(B, T, heads, D)
    turned = torch.stack([-x[..., 1::2], x[..., 0::2]], dim=-1).reshape(x.shape)
    return (x * angle.cos()[:, None] + turned * angle.sin()[:, None]).reshape(B, T, C)


# name: (B, T, S, heads, groups, D, Dv, scale, mask, score, alibi)
CASES = {
    "attend_plain": (2, 4, 4, 2, 2, 3, 3, 3**-0.5, "causal", "dot", False),
    "attend_gqa": (1, 4, 6, 4, 2, 2, 3, 2**-0.5, "causal", "dot", False),
    "attend_mqa": (2, 3, 3, 3, 1, 2, 2, 1.0, "none", "dot", False),
    "attend_cross": (1, 5, 3, 2, 2, 4, 2, 0.5, "none", "dot", False),
    "attend_alibi": (1, 5, 5, 6, 6, 2, 1, 2**-0.5, "causal", "dot", True),
    "attend_wrong": (1, 4, 4, 2, 2, 2, 2, 2**-0.5, "wrong", "dot", False),
    "attend_negated": (1, 4, 4, 2, 2, 2, 2, 2**-0.5, "causal", "negated", False),
    "attend_squared": (1, 4, 5, 2, 1, 3, 2, 0.5, "causal", "squared", False),
}


def write_ops(out):
    def case(name, named, result, more=()):
        dy = inputs(*result.shape).detach()
        result.backward(dy)
        for key, value in named.items():
            out.add(f"{name}.{key}", value)
            out.add(f"{name}.d{key}", value.grad)
        for key, value in more:
            out.add(f"{name}.{key}", value)
        out.add(f"{name}.y", result)
        out.add(f"{name}.dy", dy)

    for name, (B, T, S, H, G, D, Dv, scale, mask, score, alibi) in CASES.items():
        out.comment(f"{name}: heads {H}, key/value heads {G}, scale {scale:.6g}, mask {mask}, score {score}, ALiBi {alibi}")
        q, k, v = inputs(B, T, H * D), inputs(B, S, G * D), inputs(B, S, G * Dv)
        result, scores, att = attend(q, k, v, H, G, scale, mask, score, alibi)
        case(name, {"q": q, "k": k, "v": v}, result, [("scores", scores), ("att", att)])
    x = inputs(2, 5, 12)
    case("rope", {"x": x}, rope(x, 2, 10000.0))


# --- nanoGPT's laptop model -------------------------------------------------------------------------

V, LAYERS, HEADS, C, CONTEXT, B, STEPS, SAMPLES = 65, 4, 4, 128, 64, 2, 10, 32


def parameters():
    """name -> start value, by the names of nn/models.hpp: norms near 1, matrices within 1/8 of 0."""
    shapes = {"wte": (V, C), "wpe": (CONTEXT, C), "lnf.weight": (C,)}
    for i in range(LAYERS):
        for name, shape in (("ln1", (C,)), ("attn.qkv", (3 * C, C)), ("attn.proj", (C, C)), ("ln2", (C,)),
                            ("mlp.fc", (4 * C, C)), ("mlp.proj", (C, 4 * C))):
            shapes[f"blocks.{i}.{name}.weight"] = shape
    return {name: (0.125 * made_up(name, *shape) + (1.0 if len(shape) == 1 else 0.0)).requires_grad_()
            for name, shape in shapes.items()}


def model_loss(p, ids, targets):
    x = F.embedding(ids, p["wte"]) + p["wpe"]
    for i in range(LAYERS):
        b = f"blocks.{i}."
        h = F.layer_norm(x, (C,), p[b + "ln1.weight"])
        x = x + F.linear(attention(F.linear(h, p[b + "attn.qkv.weight"]), HEADS, True)[0], p[b + "attn.proj.weight"])
        h = F.gelu(F.linear(F.layer_norm(x, (C,), p[b + "ln2.weight"]), p[b + "mlp.fc.weight"]))  # nanoGPT: the exact GELU
        x = x + F.linear(h, p[b + "mlp.proj.weight"])
    logits = F.layer_norm(x, (C,), p["lnf.weight"]) @ p["wte"].T
    return F.cross_entropy(logits.view(-1, V), targets.reshape(-1))


def write_model(out):
    out.comment(f"nanogpt: V {V}, layers {LAYERS}, heads {HEADS}, C {C}, context {CONTEXT}, B {B}; AdamW lr 1e-3, betas 0.9 0.99, eps 1e-8, "
                "decay 0.1 on matrices and embeddings")
    p = parameters()
    optimizer = torch.optim.AdamW(
        [dict(params=[v for v in p.values() if v.dim() >= 2], weight_decay=0.1),
         dict(params=[v for v in p.values() if v.dim() < 2], weight_decay=0.0)], lr=1e-3, betas=(0.9, 0.99), eps=1e-8)
    losses = []
    for step in range(STEPS):
        tokens = ((made_up(f"tokens.{step}", B, CONTEXT + 1) + 1) / 2 * V).floor().long()
        loss = model_loss(p, tokens[:, :-1], tokens[:, 1:])
        optimizer.zero_grad()
        loss.backward()
        losses.append(loss.item())
        if step == 0:
            for name, value in p.items():
                g = value.grad.flatten()
                at = torch.arange(SAMPLES) * 2654435761 % g.numel()  # spread by the golden ratio
                out.add(f"nanogpt.{name}.norm", g.norm())
                out.add(f"nanogpt.{name}.sample", g[at])
                out.add(f"nanogpt.{name}.product", g @ made_up("projection." + name, g.numel()))
        optimizer.step()
    out.digits = 12
    out.add("nanogpt.losses", losses)
    print("losses", losses)


if __name__ == "__main__":
    writer = Writer("attention.txt")
    writer.lines[0] = writer.lines[0].replace("make_golden.py", "make_attention.py")
    write_ops(writer)
    write_model(writer)
    writer.close()
