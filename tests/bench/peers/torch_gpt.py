# PyTorch's side of gpt-train, natively on one thread: python3 torch_gpt.py FILE SECONDS reads a recipe, our weights, our batches and our
# losses, trains the same steps, checks the losses, then measures whole steps. Prints one line of JSON. It needs PyTorch and nothing else.
import json
import math
import sys
import time

try:
    import torch
    from torch.nn import functional as F
except ImportError:
    print(json.dumps({"missing": "this Python has no torch (Debian: python3-torch)"}))
    sys.exit(0)

TOLERANCE = 2e-4
torch.set_num_threads(1)


def blas():
    """Which BLAS this process works with, by its file; the reference one takes ten times as long and would be no fair peer."""
    try:
        with open("/proc/self/maps", encoding="utf-8") as file:
            names = {line.split()[-1] for line in file if "blas" in line or "mkl" in line}
    except OSError:
        return "unknown"
    if any("/blas/libblas" in name for name in names):
        return "reference"
    return next((kind for kind in ("openblas", "mkl", "blis", "atlas") if any(kind in name for name in names)), "unknown")


def read(path):
    """{recipe, vocab, weights: {name: {shape, data}}, steps: [{ids, targets, loss}]}"""
    with open(path, encoding="utf-8") as file:
        given = json.load(file)
    weights = {name: torch.tensor(w["data"], dtype=torch.float32).reshape(w["shape"]) for name, w in given["weights"].items()}
    return given["recipe"], weights, given["steps"]


def forward(W, recipe, ids, targets, mask):
    B, T, C, H = (recipe[key] for key in ("batch", "context", "channels", "heads"))

    def norm(x, name):
        return F.layer_norm(x, (C,), W[name + ".weight"])

    def heads(x):
        return x.view(B, T, H, C // H).transpose(1, 2)

    x = F.embedding(ids, W["wte"]) + W["wpe"]
    for layer in range(recipe["layers"]):
        at = f"blocks.{layer}."
        q, k, v = map(heads, F.linear(norm(x, at + "ln1"), W[at + "attn.qkv.weight"]).split(C, 2))
        scores = (q @ k.transpose(-2, -1)) * (1 / math.sqrt(C // H)) + mask
        mixed = (F.softmax(scores, -1) @ v).transpose(1, 2).reshape(B, T, C)
        x = x + F.linear(mixed, W[at + "attn.proj.weight"])
        wide = F.gelu(F.linear(norm(x, at + "ln2"), W[at + "mlp.fc.weight"]), approximate="tanh")
        x = x + F.linear(wide, W[at + "mlp.proj.weight"])
    logits = F.linear(norm(x, "lnf"), W["wte"])
    return F.cross_entropy(logits.view(B * T, -1), targets.view(-1))


def main():
    torch.ones(8, 8) @ torch.ones(8, 8)
    if blas() == "reference":
        print(json.dumps({"missing": "its BLAS is the slow reference one; install libopenblas0-pthread beside python3-torch"}))
        return
    recipe, W, steps = read(sys.argv[1])
    seconds = float(sys.argv[2])
    o = recipe["optimizer"]
    for w in W.values():
        w.requires_grad_()
    groups = [
        {"params": [w for w in W.values() if w.dim() > 1], "weight_decay": o["weightDecay"]},
        {"params": [w for w in W.values() if w.dim() == 1], "weight_decay": 0.0},
    ]
    optimizer = torch.optim.AdamW(groups, lr=o["lr"], betas=(o["beta1"], o["beta2"]), eps=o["eps"], foreach=True)
    T = recipe["context"]
    mask = torch.full((T, T), float("-inf")).triu(1)
    shape = (recipe["batch"], T)
    batches = [tuple(torch.tensor(s[k]).view(shape) for k in ("ids", "targets")) for s in steps]

    def step(ids, targets):
        loss = forward(W, recipe, ids, targets, mask)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(W.values(), o["clip"])
        optimizer.step()
        return loss.item()

    worst = max(abs(step(*batch) - s["loss"]) / s["loss"] for batch, s in zip(batches, steps))
    if not worst <= TOLERANCE:
        print(json.dumps({"missing": f"its losses differ by {worst:.2e}, more than {TOLERANCE:.0e}: not the same work"}))
        return
    times = []
    end = time.perf_counter() + seconds
    while time.perf_counter() < end or len(times) < 5:
        begin = time.perf_counter()
        step(*batches[len(times) % len(batches)])
        times.append(time.perf_counter() - begin)
    times.sort()
    print(json.dumps({"ms": 1000 * times[len(times) // 2], "version": f"{torch.__version__} {blas()}", "agreement": worst}))


main()
