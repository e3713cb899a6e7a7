# Fuzzing: builds the targets of tests/fuzz with Clang's libFuzzer, address and undefined-behavior sanitizers, and runs them one after the
# other. What they learn stays in build/fuzz/corpus, what breaks them in build/fuzz/found. Sourced by `lab`. Inputs are held to 4 kB, 64 MB
# at once and five seconds (by the wall clock: less would blame a busy machine). Where memory came from is not remembered, which doubles the
# speed: run a found input by itself to be told.

# The targets as tests/fuzz/targets.cmake lists them.
fuzz_targets() { sed -n 's/^  \([a-z_0-9]*\)$/\1/p' "$ROOT/tests/fuzz/targets.cmake"; }

# fuzz_target NAME: for SECONDS_EACH seconds, or RUNS inputs when that is given.
fuzz_target() {
  local name=$1 dir=$ROOT/build/fuzz log=$ROOT/build/logs/fuzz-$1.log options=() inputs speed found
  mkdir -p "$dir/corpus/$name" "$dir/found"
  # Weighing inputs by how rare what they reach is (-entropic) took 40 % of the time of the targets with most code.
  options=(-max_len=4096 -entropic=0 -timeout=5 -malloc_limit_mb=64 -rss_limit_mb=1024 -print_final_stats=1 "-artifact_prefix=$dir/found/$name-")
  case $name in json | safetensors | gpt_file | tokenizer_json) options+=("-dict=$ROOT/tests/fuzz/json.dict") ;; esac
  if [ -n "$RUNS" ]; then options+=("-runs=$RUNS"); else options+=("-max_total_time=$SECONDS_EACH"); fi
  step "fuzz-$name" "Fuzzing $name for $([ -n "$RUNS" ] && echo "$RUNS inputs" || duration "$SECONDS_EACH")" \
    "The input is in build/fuzz/found; run it:  build/fuzz/tests/fuzz/x2g_fuzz_$name FILE. Mend the reader and keep the input in tests/fuzz/corpus/$name." \
    env ASAN_OPTIONS=malloc_context_size=0:quarantine_size_mb=8 "$dir/tests/fuzz/x2g_fuzz_$name" "${options[@]}" "$dir/corpus/$name" "$ROOT/tests/fuzz/corpus/$name"
  found=$?
  inputs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log" | tail -n 1)
  speed=$(sed -n 's/^stat::average_exec_per_sec: *//p' "$log" | tail -n 1)
  if [ $found -eq 0 ]; then
    count "$name" 1 0
    note "$name: ${inputs:-?} inputs, ${speed:-?}/s, nothing found"
  else
    count "$name" 0 1
  fi
}

# fuzz [TARGET…] [--seconds N | --runs N]
run_fuzz() {
  local names=() name
  SECONDS_EACH=60 RUNS=
  while [ $# -gt 0 ]; do
    case $1 in
      --seconds) SECONDS_EACH=${2:-}; shift ;;
      --seconds=*) SECONDS_EACH=${1#*=} ;;
      --runs) RUNS=${2:-0}; shift ;;
      --runs=*) RUNS=${1#*=} ;;
      -*) fail "fuzz knows TARGETs, --seconds N and --runs N, not $1"; return 2 ;;
      *) names+=("$1") ;;
    esac
    [ $# -gt 0 ] && shift
  done
  case $SECONDS_EACH${RUNS:-1} in *[!0-9]* | '' | 0*) fail "--seconds and --runs want a number from 1"; return 2 ;; esac
  for name in "${names[@]}"; do
    fuzz_targets | grep -qx "$name" || { fail "there is no target '$name'; there are: $(fuzz_targets | tr '\n' ' ')"; return 2; }
  done
  [ ${#names[@]} -eq 0 ] && mapfile -t names < <(fuzz_targets)

  lock
  setup native fuzz || return 1
  title "Fuzzing"
  if [ ! -f "$ROOT/build/fuzz/build.ninja" ]; then
    step configure-fuzz "Configuring with Clang" "See the log; ./lab clean starts over." cmake --preset native -S "$ROOT" -B "$ROOT/build/fuzz" \
      -DCMAKE_CXX_COMPILER=clang++ -DCMAKE_CXX_FLAGS_RELEASE=-O2 -DX2G_FUZZ=ON -DX2G_TESTS=OFF -DX2G_CLI=OFF -DX2G_WERROR=OFF || return 1
  fi
  step build-fuzz "Compiling the targets" "Fix what the compiler reports; the full output is in the log." \
    cmake --build "$ROOT/build/fuzz" -j "$JOBS" -- -k 0 "${names[@]/#/x2g_fuzz_}" || return 1
  for name in "${names[@]}"; do fuzz_target "$name"; done
  test_summary
}
