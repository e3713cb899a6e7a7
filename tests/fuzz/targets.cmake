# The fuzz targets: tests/fuzz/NAME_fuzz.cpp with tests/fuzz/corpus/NAME/, listed once more in corpus_test.cpp.
set(X2G_FUZZ_TARGETS
  calls
  checkpoint
  csv
  gpt_file
  idx
  json
  safetensors
  tokenizer_json
)
