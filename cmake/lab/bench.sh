# Measurements: native programs (build/native/tests/), the engines and the benchmarks' own module under Node and in Chromium, other
# libraries beside them (tests/bench/). One table and, with --json FILE, one document. Sourced by `lab`.

PEERS_DIR=$ROOT/tests/bench/peers

# What is measured beside us. Only this command installs it; without a registry the benchmarks run without peers.
setup_peers() {
  "$NODE" "$ROOT/cmake/lab/npm-fresh.mjs" "$PEERS_DIR" 2>/dev/null && return 0
  step peers "Installing the peers (tests/bench/peers)" "Is the npm registry reachable (npm ping)? The benchmarks go on without them." \
    npm ci --prefix "$PEERS_DIR" --ignore-scripts --no-audit --no-fund || note "Measuring without peers."
}

run_bench() {
  local list='' peers=1 in=node,chromium,native args=() names=()
  while [ $# -gt 0 ]; do
    case $1 in
      --json | --in)
        [ -n "${2:-}" ] || { fail "$1 wants a word after it"; return 2; }
        [ "$1" = --in ] && in=$2
        args+=("$1" "$2")
        shift
        ;;
      --json=*) args+=(--json "${1#*=}") ;;
      --in=*) in=${1#*=} args+=(--in "$in") ;;
      --list) list=1 ;;
      --quick) args+=("$1") ;;
      --no-peers) peers='' args+=("$1") ;;
      -*) fail "bench knows NAMEs, --json FILE, --in node,chromium,native, --no-peers, --quick and --list, not $1"; return 2 ;;
      *) names+=("$1") ;;
    esac
    shift
  done
  if [ -n "$list" ]; then
    setup_node && "$NODE" "$ROOT/tests/bench/run.mjs" --list
    return
  fi
  lock
  case $in in *chromium*) setup native wasm docs node browser bench ;; *) setup native wasm node bench ;; esac || return 1
  [ -z "$peers" ] || setup_peers
  title "Benchmarks"
  if [[ $in == *native* ]]; then
    if ! grep -q '^X2G_BENCH:BOOL=ON' "$ROOT/build/native/CMakeCache.txt" 2>/dev/null; then
      step configure-bench "Configuring native with benchmarks" "See the log." cmake --preset native -S "$ROOT" -DX2G_BENCH=ON || return 1
    fi
    build_preset native x2g_bench || return 1
  fi
  build_engine && build_preset wasm x2g_bench_modules || return 1
  if [[ $in == *chromium* ]]; then build_site || return 1; fi
  # Not through `step`: nothing else may run beside a measurement, and its rows are the output.
  CHROMIUM=$(find_browser) "$NODE" "$ROOT/tests/bench/run.mjs" "${args[@]}" "${names[@]}"
}
