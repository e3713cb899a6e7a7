#!/usr/bin/env python3
"""Writes core/src/text/unicode_table.hpp: where the letters (L*) and the numbers (N*) of Unicode lie.

Needs the Python package `regex` (2026.5.9 was used, Unicode 17). What Unicode 17 added is left out: the tokenizers in use today
(Hugging Face tokenizers 0.23) know Unicode 16, and a letter they take for a symbol is cut differently.
tests/core/text/split_test.cpp compares the class of every code point with theirs.
"""
import pathlib

import regex

VERSION = "16.0"
# Letters and numbers that Unicode 17 added (its blocks Sidetic, Tolong Siki, Beria Erfe, Tai Yo, CJK Extension J, and single letters).
LATER = (
    (0x88F, 0x88F), (0xC5C, 0xC5C), (0xCDC, 0xCDC), (0xA7CE, 0xA7CF), (0xA7D2, 0xA7D2), (0xA7D4, 0xA7D4), (0xA7F1, 0xA7F1),
    (0x10940, 0x10959), (0x10EC5, 0x10EC7), (0x11DB0, 0x11DDB), (0x11DE0, 0x11DE9), (0x16EA0, 0x16EB8), (0x16EBB, 0x16ED3),
    (0x16FF2, 0x16FF6), (0x187F8, 0x187FF), (0x18D09, 0x18D1E), (0x18D80, 0x18DF2), (0x1E6C0, 0x1E6DE), (0x1E6E0, 0x1E6E2),
    (0x1E6E4, 0x1E6E5), (0x1E6E7, 0x1E6ED), (0x1E6F0, 0x1E6F4), (0x1E6FE, 0x1E6FF), (0x2B73A, 0x2B73F), (0x2CEA2, 0x2CEAD),
    (0x323B0, 0x33479),
)
later = {c for first, last in LATER for c in range(first, last + 1)}


def edges(category):
    """Code points where membership changes: the first one inside, the first one outside, and so on."""
    inside = regex.compile(category)
    out, was = [], False
    for c in range(0x110000):
        s = chr(c)
        now = not 0xD800 <= c < 0xE000 and bool(inside.match(s)) and c not in later
        if now != was:
            out.append(c)
            was = now
    return out


def rows(name, values, comment):
    lines, line = [], "   "
    for v in values:
        word = f" {v:#x},"
        if len(line) + len(word) > 138:
            lines.append(line)
            line = "   "
        line += word
    lines.append(line)
    kind = "std::uint16_t" if all(v < 65536 for v in values) else "std::uint32_t"
    return f"constexpr {kind} {name}[] = {{  // {comment}\n" + "\n".join(lines) + "\n};\n"


text = f"""// Written by tests/golden/make_unicode.py: do not edit. Letters and numbers of Unicode {VERSION}.
// Each table lists, ascending, where a range begins and where the next one ends (the first code point outside), in turn.
// clang-format off
#pragma once

#include <cstdint>

namespace x2g {{

"""
for name, category in (("Letters", r"\p{L}"), ("Numbers", r"\p{N}")):
    all_edges = edges(category)
    basic = [c for c in all_edges if c < 0x10000]
    first = [c - 0x10000 for c in all_edges if 0x10000 <= c < 0x20000]
    rest = [c for c in all_edges if c >= 0x20000]
    assert len(basic) % 2 == 0 and len(first) % 2 == 0 and len(rest) % 2 == 0
    text += rows(f"k{name}", basic, "up to U+FFFF")
    text += rows(f"k{name}1", first, "from U+10000, which is taken off, to U+1FFFF")
    if rest:
        text += rows(f"k{name}2", rest, "from U+20000")
text += "\n}  // namespace x2g\n"
target = pathlib.Path(__file__).resolve().parents[2] / "core/src/text/unicode_table.hpp"
target.write_text(text)
