#!/usr/bin/python3
"""Opens a folder made by export_hf() the way Hugging Face transformers does, and runs the model with PyTorch alone.

    /usr/bin/python3 tests/golden/check_hf_export.py DIR…            says what is in it; compares with DIR/x2g_logits.txt where it is
    /usr/bin/python3 tests/golden/check_hf_export.py --write DIR…    writes hf_export.txt for hf_export_test.cpp as well

How such folders are made: `x2g export --hf DIR FILE`, or, the two of the golden file, with x2g_logits.txt,
    X2G_HF_DIR=/somewhere build/native/tests/x2g_tests "the two folders of the golden file are written"
Nothing here is taken from transformers: the model is written from its description (GPT2LMHeadModel, Conv1D weights are (inputs, outputs)),
the safetensors reader from the format's. The golden file holds the logits that PyTorch computes in double, and a hash of the weights' bytes.
"""
import json
import math
import os
import struct
import sys

import torch


def read_safetensors(path):
    raw = open(path, "rb").read()
    (length,) = struct.unpack("<Q", raw[:8])
    header, data = json.loads(raw[8 : 8 + length]), raw[8 + length :]
    tensors = {}
    for name, entry in header.items():
        if name == "__metadata__":
            continue
        assert entry["dtype"] == "F32", name
        begin, end = entry["data_offsets"]
        tensors[name] = torch.frombuffer(bytearray(data[begin:end]), dtype=torch.float32).reshape(entry["shape"]).double()
    return tensors, data


def activation(name):
    if name == "gelu":  # exact
        return lambda x: x * 0.5 * (1 + torch.erf(x / math.sqrt(2)))
    assert name == "gelu_new", name
    return lambda x: 0.5 * x * (1 + torch.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)))


class Gpt2:
    def __init__(self, folder):
        c = self.config = json.load(open(os.path.join(folder, "config.json")))
        assert c["model_type"] == "gpt2" and c["architectures"] == ["GPT2LMHeadModel"] and c["tie_word_embeddings"]
        self.w, self.data = read_safetensors(os.path.join(folder, "model.safetensors"))
        self.act, self.used = activation(c["activation_function"]), set()
        assert self["wte.weight"].shape == (c["vocab_size"], c["n_embd"]) and self["wpe.weight"].shape == (c["n_positions"], c["n_embd"])

    def __getitem__(self, name):
        self.used.add("transformer." + name)
        return self.w["transformer." + name]

    def conv1d(self, name, x):
        return x @ self[name + ".weight"] + self[name + ".bias"]

    def norm(self, name, x):
        x = x - x.mean(-1, keepdim=True)
        x = x / torch.sqrt((x * x).mean(-1, keepdim=True) + self.config["layer_norm_epsilon"])
        return x * self[name + ".weight"] + self[name + ".bias"]

    def attention(self, name, x):
        B, T, C = x.shape
        heads = self.config["n_head"]
        q, k, v = (part.reshape(B, T, heads, C // heads).transpose(1, 2) for part in self.conv1d(name + ".c_attn", x).split(C, dim=2))
        scores = q @ k.transpose(2, 3) / math.sqrt(C // heads)
        scores = scores.masked_fill(torch.ones(T, T).tril() == 0, -math.inf)
        return self.conv1d(name + ".c_proj", (scores.softmax(-1) @ v).transpose(1, 2).reshape(B, T, C))

    def __call__(self, ids):
        x = self["wte.weight"][ids] + self["wpe.weight"][: ids.shape[1]]
        for layer in range(self.config["n_layer"]):
            h = f"h.{layer}"
            x = x + self.attention(h + ".attn", self.norm(h + ".ln_1", x))
            x = x + self.conv1d(h + ".mlp.c_proj", self.act(self.conv1d(h + ".mlp.c_fc", self.norm(h + ".ln_2", x))))
        logits = self.norm("ln_f", x) @ self["wte.weight"].T
        assert self.used == set(self.w), f"tensors nobody asked for: {set(self.w) - self.used}"
        return logits


def fnv1a(data):
    h = 0xCBF29CE484222325
    for b in data:
        h = ((h ^ b) * 0x100000001B3) % 2**64
    return h


def main():
    arguments = sys.argv[1:]
    write = "--write" in arguments
    lines, worst = [], 0.0
    for folder in (a for a in arguments if a != "--write"):
        model, name = Gpt2(folder), os.path.basename(os.path.normpath(folder))
        tokenizer = json.load(open(os.path.join(folder, "tokenizer.json")))
        vocabulary = tokenizer["model"]["vocab"]
        assert sorted(vocabulary.values()) == list(range(len(vocabulary))) and len(vocabulary) <= model.config["vocab_size"]
        V, T = model.config["vocab_size"], model.config["n_positions"]
        ids = torch.tensor([[(7 * t * t + 3 * t + 5 * b) % V for t in range(T)] for b in range(2)])
        logits = model(ids)
        print(f"{folder}: {len(model.w)} tensors, {sum(t.numel() for t in model.w.values())} numbers, vocabulary {len(vocabulary)}")
        ours = os.path.join(folder, "x2g_logits.txt")
        if os.path.exists(ours):
            numbers = torch.tensor([float(v) for v in open(ours).read().split()], dtype=torch.float64).reshape(logits.shape)
            difference = (numbers - logits).abs().max().item()
            worst = max(worst, difference)
            print(f"  largest difference from x2g's logits: {difference:.2e} (largest logit {logits.abs().max().item():.3f})")
        lines.append(f"{name}.logits {tuple(logits.shape)}")
        flat = logits.flatten().tolist()
        lines += [" " + " ".join(f"{v:.9g}" for v in flat[i : i + 10]) for i in range(0, len(flat), 10)]
        h = fnv1a(model.data)
        lines += [f"{name}.hash (4)", " " + " ".join(str((h >> s) & 0xFFFF) for s in (48, 32, 16, 0))]
    if write:
        path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "hf_export.txt")
        version = f"PyTorch {torch.__version__}, Python {sys.version.split()[0]}"
        open(path, "w").write(f"# hf_export.txt, made by check_hf_export.py with {version}: logits of exported folders, FNV-1a of their weights' bytes\n"
                              + "\n".join(lines) + "\n")
    return 1 if worst > 1e-4 else 0


if __name__ == "__main__":
    sys.exit(main())
