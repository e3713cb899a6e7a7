#!/usr/bin/python3
"""Writes recurrent.txt with PyTorch, in double precision: see make_golden.py for the format.

    /usr/bin/python3 tests/golden/make_recurrent.py

Each recurrent layer forward and backward on small inputs, with every gradient (torch.nn.RNN, LSTM, GRU), and ten AdamW
steps of two language models: an LSTM of two layers, a GRU with a tied head. Their weights and tokens are `made_up` from names.
"""
import sys

sys.dont_write_bytecode = True
import torch
import torch.nn.functional as F

from make_golden import STEPS, Writer, inputs, made_up

B, T, I, H = 2, 5, 3, 4
V, CHANNELS, LENGTH = 9, 6, 7


KINDS = {"rnn": torch.nn.RNN, "lstm": torch.nn.LSTM, "gru": torch.nn.GRU}


def write_cells(out):
    for prefix, kind, more in (("rnn_tanh", "rnn", {"nonlinearity": "tanh"}), ("rnn_relu", "rnn", {"nonlinearity": "relu"}),
                               ("lstm", "lstm", {}), ("gru", "gru", {})):
        cell = KINDS[kind](I, H, batch_first=True, **more)
        tensors = {"x": inputs(B, T, I)}
        for name, own in (("W_ih", "weight_ih_l0"), ("W_hh", "weight_hh_l0"), ("b_ih", "bias_ih_l0"), ("b_hh", "bias_hh_l0")):
            parameter = getattr(cell, own)
            with torch.no_grad():
                parameter.copy_(inputs(*parameter.shape))
            tensors[name] = parameter
        tensors["h0"] = inputs(B, H)
        if kind == "lstm":
            tensors["c0"] = inputs(B, H)
        state = (tensors["h0"][None], tensors["c0"][None]) if kind == "lstm" else tensors["h0"][None]
        y, _ = cell(tensors["x"], state)
        dy = inputs(B, T, H).detach()
        y.backward(dy)
        for name, value in tensors.items():
            out.add(f"{prefix}.{name}", value)
        out.add(f"{prefix}.y", y)
        out.add(f"{prefix}.dy", dy)
        for name, value in tensors.items():
            out.add(f"{prefix}.d{name}", value.grad)


def write_model(out, kind, layers, hidden, tied, lr):
    prefix, gates = kind, {"lstm": 4, "gru": 3}[kind]
    out.comment(f"{kind}: V {V}, channels {CHANNELS}, hidden {hidden}, layers {layers}, tied {tied}, B {B}, T {LENGTH}; "
                f"AdamW lr {lr}, betas 0.9 0.95, eps 1e-8, decay 0.1 on matrices and embeddings")
    shapes = {"wte": (V, CHANNELS)}
    for i in range(layers):
        shapes |= {f"layers.{i}.weight_ih": (gates * hidden, hidden if i else CHANNELS),
                   f"layers.{i}.weight_hh": (gates * hidden, hidden),
                   f"layers.{i}.bias_ih": (gates * hidden,), f"layers.{i}.bias_hh": (gates * hidden,)}
    if not tied:
        shapes |= {"head.weight": (V, hidden)}
    shapes |= {"head.bias": (V,)}
    p = {name: (0.5 * made_up(name, *shape)).requires_grad_() for name, shape in shapes.items()}
    def loss_of(ids, targets):
        x = F.embedding(ids, p["wte"])
        for i in range(layers):
            weights = [p[f"layers.{i}.{part}"] for part in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")]
            zero = torch.zeros(1, B, hidden)
            # biases, one layer, no dropout, training, one direction, batch first
            x = (torch.lstm(x, (zero, zero), weights, True, 1, 0.0, True, False, True) if kind == "lstm"
                 else torch.gru(x, zero, weights, True, 1, 0.0, True, False, True))[0]
        logits = F.linear(x, p["wte"] if tied else p["head.weight"], p["head.bias"])
        return F.cross_entropy(logits.reshape(-1, V), targets.reshape(-1))

    optimizer = torch.optim.AdamW(
        [dict(params=[v for v in p.values() if v.dim() >= 2], weight_decay=0.1),
         dict(params=[v for v in p.values() if v.dim() < 2], weight_decay=0.0)], lr=lr, betas=(0.9, 0.95), eps=1e-8)
    losses = []
    for step in range(STEPS):
        tokens = ((made_up(f"tokens.{step}", B, LENGTH + 1) + 1) / 2 * V).floor().long()
        loss = loss_of(tokens[:, :-1], tokens[:, 1:])
        optimizer.zero_grad()
        loss.backward()
        if step == 0:
            for name, value in p.items():
                out.add(f"{prefix}.d.{name}", value.grad)
        optimizer.step()
        losses.append(loss.item())
    digits, out.digits = out.digits, 12
    out.add(f"{prefix}.losses", losses)
    for name, value in p.items():
        out.add(f"{prefix}.after.{name}", value.norm())  # ‖weights‖ after the last step
    out.digits = digits


if __name__ == "__main__":
    file = Writer("recurrent.txt")
    file.lines[0] = file.lines[0].replace("make_golden.py", "make_recurrent.py")
    write_cells(file)
    write_model(file, "lstm", layers=2, hidden=5, tied=False, lr=2**-6)
    write_model(file, "gru", layers=1, hidden=CHANNELS, tied=True, lr=2**-6)
    file.close()
