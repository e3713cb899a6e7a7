# Measurements: Google Benchmark natively (build/native/…/x2g_bench) and scripts under Node (tests/bench/*.mjs), merged into
# one table and, with --json FILE, into rows {bench, case, who, where, threads, variant, value, unit}. Sourced by `lab`.

run_bench() {
  local file='' list='' names=()
  while [ $# -gt 0 ]; do
    case $1 in
      --json) file=${2:-}; shift ;;
      --json=*) file=${1#*=} ;;
      --list) list=1 ;;
      -*) fail "bench knows NAMEs, --json FILE and --list, not $1"; return 2 ;;
      *) names+=("$1") ;;
    esac
    shift
  done
  if [ -n "$list" ]; then
    setup_node && "$NODE" "$ROOT/tests/bench/run.mjs" --list
    return
  fi
  lock
  setup native wasm node bench || return 1
  title "Benchmarks"
  if ! grep -q '^X2G_BENCH:BOOL=ON' "$ROOT/build/native/CMakeCache.txt" 2>/dev/null; then
    step configure-bench "Configuring native with benchmarks" "See the log." cmake --preset native -S "$ROOT" -DX2G_BENCH=ON || return 1
  fi
  build_preset native x2g_bench && build_engine || return 1
  # Not through `step`: nothing else may run beside a measurement, and its rows are the output.
  "$NODE" "$ROOT/tests/bench/run.mjs" ${file:+--json "$file"} "${names[@]}"
}
