// Which parts of the core an engine of the web has: X2G_ENGINE is 1 for the first lessons' engine, 2 for the language models', 3 (and
// natively) for the whole one, 4 for graphs of the first lessons' ops. Files that read this are compiled once for each engine (wasm/CMakeLists.txt). What the lessons' engines
// leave out is refused by name, never done wrongly: all in double (only gradient checks need it), the rarer optimizers, schedules,
// starting weights, and 16-bit precision; a GPT's also the losses and activations that no GPT has.
#pragma once

#ifndef X2G_ENGINE
#define X2G_ENGINE 3
#endif
#define X2G_WHOLE_ENGINE (X2G_ENGINE == 3)
#define X2G_ANY_GRAPH (X2G_ENGINE >= 3)  // graphs of one's own; else ready models alone, right by construction once their config is checked
#define X2G_IN_DOUBLE (X2G_ENGINE >= 3)  // ops in double as well: gradients can be checked
