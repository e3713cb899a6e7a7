#!/usr/bin/python3
"""Writes padding.txt with PyTorch's own multi-head attention, in double precision: sequences of different lengths, padded at their end.

    /usr/bin/python3 tests/golden/make_padding.py

The projections of nn.MultiheadAttention are set to identity, so that what is left is attention of q, k, v under key_padding_mask (and
attn_mask for the causal case). The format is that of make_golden.py, whose helpers this uses.
"""
import sys

sys.dont_write_bytecode = True
import torch

from make_golden import Writer, inputs

torch.manual_seed(22)

# name: (B, T, S, heads, head size, lengths, causal)
CASES = {
    "encoder": (3, 5, 5, 2, 3, [5, 2, 1], False),
    "decoder": (2, 6, 6, 1, 4, [4, 6], True),
    "cross": (3, 2, 7, 3, 2, [1, 7, 4], False),
}


def attention(heads, C):
    module = torch.nn.MultiheadAttention(C, heads, bias=False, batch_first=True)
    with torch.no_grad():
        module.in_proj_weight.copy_(torch.eye(C).repeat(3, 1))
        module.out_proj.weight.copy_(torch.eye(C))
    return module


if __name__ == "__main__":
    out = Writer("padding.txt")
    out.lines[0] = out.lines[0].replace("make_golden.py", "make_padding.py")
    for name, (B, T, S, H, D, lengths, causal) in CASES.items():
        out.comment(f"{name}: heads {H}, scale 1/sqrt({D}), lengths {lengths}, causal {causal}")
        q, k, v = inputs(B, T, H * D), inputs(B, S, H * D), inputs(B, S, H * D)
        padded = torch.arange(S)[None] >= torch.tensor(lengths)[:, None]
        hidden = torch.ones(T, S).triu(1).bool() if causal else None
        y, att = attention(H, H * D)(q, k, v, key_padding_mask=padded, attn_mask=hidden, average_attn_weights=False)
        dy = inputs(*y.shape).detach()
        y.backward(dy)
        out.add(f"{name}.lengths", lengths)
        for key, value in (("q", q), ("k", k), ("v", v)):
            out.add(f"{name}.{key}", value)
            out.add(f"{name}.d{key}", value.grad)
        out.add(f"{name}.att", att)
        out.add(f"{name}.y", y)
        out.add(f"{name}.dy", dy)
    out.close()
