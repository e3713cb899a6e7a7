#!/usr/bin/python3
"""Writes optim.txt, the golden figures of update rules and schedules, with PyTorch (Debian: python3-torch) in double precision.

    /usr/bin/python3 tests/golden/make_optim.py

Each case is ten steps of a 2-3-1 tanh net on XOR with binary cross-entropy, decay on W1 and W2 only: the rates, the losses before each
step and the weights after the last one. The start is made_up("optim.W1") and so on. The cases' settings stand here and in
tests/core/optim/optim_golden_test.cpp.
"""
import torch
import torch.nn.functional as F
from torch.optim import lr_scheduler

from make_golden import Writer, made_up

STEPS = 10
SHAPES = {"W1": (3, 2), "b1": (3,), "W2": (1, 3), "b2": (1,)}
X = torch.tensor([[0.0, 0], [0, 1], [1, 0], [1, 1]])
T = torch.tensor([[0.0], [1], [1], [0]])

CASES = {
    "sgd": (torch.optim.SGD, dict(lr=0.5)),
    "momentum": (torch.optim.SGD, dict(lr=0.5, momentum=0.75, decay=0.0625)),
    "nesterov": (torch.optim.SGD, dict(lr=0.5, momentum=0.75, nesterov=True, decay=0.0625)),
    "rmsprop": (torch.optim.RMSprop, dict(lr=0.03, decay=0.0625)),
    "rmsprop_momentum": (torch.optim.RMSprop, dict(lr=0.03, alpha=0.9, momentum=0.5, eps=1e-6)),
    "adagrad": (torch.optim.Adagrad, dict(lr=0.3, eps=1e-10, decay=0.0625)),
    "adam": (torch.optim.Adam, dict(lr=0.1, betas=(0.8, 0.95))),
    "adam_l2": (torch.optim.Adam, dict(lr=0.1, betas=(0.8, 0.95), decay=0.0625)),
    "adamw": (torch.optim.AdamW, dict(lr=0.1, betas=(0.8, 0.95), decay=0.0625)),
    "clip_norm": (torch.optim.Adam, dict(lr=0.1, decay=0.0625, clip=0.05)),
    "clip_value": (torch.optim.AdamW, dict(lr=0.1, decay=0.0625, clip_value=0.02)),
    "clip_value_sgd": (torch.optim.SGD, dict(lr=0.5, momentum=0.75, clip_value=0.02)),
    "step_decay": (torch.optim.SGD, dict(lr=0.5, schedule=lambda o: lr_scheduler.StepLR(o, 3, gamma=0.5))),
    "one_cycle": (torch.optim.AdamW, dict(lr=0.1, decay=0.0625, schedule=lambda o: lr_scheduler.OneCycleLR(
        o, max_lr=0.1, total_steps=10, pct_start=0.4, div_factor=5, final_div_factor=20, cycle_momentum=False))),
    "cosine": (torch.optim.SGD, dict(lr=0.5, schedule=lambda o: lr_scheduler.CosineAnnealingLR(o, 12, eta_min=0.125))),
    "warmup": (torch.optim.SGD, dict(lr=0.5, schedule=lambda o: lr_scheduler.LambdaLR(o, lambda s: min(1, (s + 1) / 5)))),
}


def run(out, name, kind, options):
    options = dict(options)
    decay, schedule = options.pop("decay", 0.0), options.pop("schedule", None)
    clip, clip_value = options.pop("clip", 0), options.pop("clip_value", 0)
    p = {k: made_up(f"optim.{k}", *s).requires_grad_() for k, s in SHAPES.items()}
    groups = [dict(params=[p["W1"], p["W2"]], weight_decay=decay), dict(params=[p["b1"], p["b2"]], weight_decay=0.0)]
    optimizer = kind(groups, **options)
    scheduler = schedule(optimizer) if schedule else None
    losses, rates = [], []
    for _ in range(STEPS):
        z = F.linear(torch.tanh(F.linear(X, p["W1"], p["b1"])), p["W2"], p["b2"])
        loss = F.binary_cross_entropy_with_logits(z, T)
        optimizer.zero_grad()
        loss.backward()
        if clip:  # clip_grad_norm_ adds 1e-6 to the norm; the definition does not
            norm = torch.sqrt(sum((v.grad**2).sum() for v in p.values()))
            for v in p.values():
                v.grad *= min(1.0, clip / norm.item())
        if clip_value:
            torch.nn.utils.clip_grad_value_(list(p.values()), clip_value)
        losses.append(loss.item()), rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        if scheduler:
            scheduler.step()
    out.add(f"{name}.rates", rates)
    out.add(f"{name}.losses", losses)
    for key, value in p.items():
        out.add(f"{name}.{key}", value)


if __name__ == "__main__":
    writer = Writer("optim.txt", digits=13)
    writer.lines[0] = writer.lines[0].replace("make_golden.py", "make_optim.py")
    for case, (optimizer_kind, settings) in CASES.items():
        run(writer, case, optimizer_kind, settings)
    writer.close()
