# The tests: each part runs, also after a failed one; counts come from the tools' own machine-readable reports
# (one test case = one). Ends with a line "N passed, N failed". Sourced by `lab`.

PASSED=0
FAILED=0

# count PART PASSED FAILED
count() {
  PASSED=$((PASSED + $2)) FAILED=$((FAILED + $3))
  if [ "$3" = 0 ]; then say "  ${GREEN}ok$PLAIN      $1: $2 passed"; else say "  ${RED}FAILED$PLAIN  $1: $2 passed, $3 failed"; fi
}

# A part that did not get as far as counting is one failure.
broken() { count "$1 (did not run)" 0 1; }

# What has passed with exactly these files is not run again: `./lab test --again` does it all the same.
# again NAME HASH: false when NAME passed with HASH; then it is counted as it was.   passed NAME HASH COUNT: remember it.
AGAIN=
again() {
  local kept count
  kept=$(cat "$ROOT/build/stamps/test-$1" 2>/dev/null) || return 0
  count=${kept#* }
  if [ -n "$AGAIN" ] || [ "${kept%% *}" != "$2" ] || [ -z "$2" ]; then rm -f "$ROOT/build/stamps/test-$1"; return 0; fi
  note "Nothing has changed since these passed (./lab test --again runs them all the same)."
  count "$1" "$count" 0
  return 1
}
passed() { [ "$4" = 0 ] && stamp "test-$1" "$2 $3"; return 0; }
# Everything that is or could be committed, and the engine.
hash_of_all() {
  (cd "$ROOT" && { git ls-files -co --exclude-standard -z 2>/dev/null || find . \( -name node_modules -o -path ./build -o -path ./.toolchain -o -path ./dist \) -prune -o -type f -print0; } |
    LC_ALL=C sort -z | xargs -0 -r sha256sum 2>/dev/null | cat - <(hash_of web/engine) | sha256sum | cut -d ' ' -f 1)
}

# check NAME "what" "advice" COMMAND… : a check that either holds or not counts as one test.
check() {
  local name=$1
  if step "$@"; then count "$name" 1 0; else count "$name" 0 1; fi
}

# figures FILE…: of what the tests measured, the worst of each promise ("1 gradient in double, norm: lstm: 3e-10 of 1e-07 …").
figures() {
  [ -f "$1" ] || return 0
  local file
  awk -F ': ' '{ split($3, f, " of "); r = f[1] / (f[2] + 0); n[$1]++; if (!($1 in w) || r > w[$1]) { w[$1] = r; t[$1] = f[1] " of " f[2] + 0 " (" $2 ")" } }
    END { for (p in t) print "  promise " p ": worst of " n[p] " is " t[p] }' "$@" | LC_ALL=C sort
  for file in "$@"; do note "all figures: ${file#"$ROOT"/}"; done
}

# sum_cases WORD REPORT…: the sum over the closing lines of XML reports; nothing when one has no such line, because its program died in the middle.
sum_cases() {
  local word=$1
  shift
  sed -n 's/.*<OverallResultsCases .*'"$word"'="\([0-9]*\)".*/\1/p' "$@" 2>/dev/null | awk -v reports=$# '{ n++; s += $1 } END { if (n == reports) print s }'
}

# test_preset PRESET PROGRAM [NAME]: runs a Catch2 program in the parts that CTest knows; their XML reports hold the number of test cases.
test_preset() {
  local dir=build/$1 program=$2 preset=${3:-$1} passed failed hash
  build_preset "$1" "$program" || { broken "$preset"; return; }
  hash=$(cd "$ROOT" && find "$dir/tests" -maxdepth 1 \( -name "$program" -o -name "$program.*" \) -type f -print0 | sort -z | xargs -0 sha256sum | cat - <(hash_of tests/golden) | sha256sum | cut -d ' ' -f 1)
  again "$preset" "$hash" || return 0
  rm -f "$ROOT/$dir/$program"_[0-9].xml "$ROOT/$dir/${program}_figures_"*
  step "test-$preset" "Running the C++ tests ($preset)" "The failed assertions are in the log; run one test: $dir/tests/$program \"its name\"." \
    ctest --test-dir "$ROOT/$dir" -R "^${program}_[0-9]\$" -j "$JOBS" --output-on-failure --verbose
  passed=$(sum_cases successes "$ROOT/$dir/$program"_{0..3}.xml)
  failed=$(sum_cases failures "$ROOT/$dir/$program"_{0..3}.xml)
  if [ -z "$passed" ]; then broken "$preset"; else
    count "$preset" "$passed" "$failed"
    figures "$ROOT/$dir/${program}_figures_"*
    passed "$preset" "$hash" "$passed" "$failed"
  fi
}

test_native() { title "C++ tests, native"; test_preset native x2g_tests; }
test_debug() { title "C++ tests, with address and undefined-behavior sanitizers"; test_preset native x2g_tests_sanitized native-debug; }
test_wasm() { title "C++ tests, as WebAssembly under Node"; test_preset wasm x2g_tests; test_preset wasm x2g_tests_relaxed wasm-relaxed; }

test_web() {
  local report=$ROOT/build/vitest.json counts hash
  title "Web tests"
  build_engine && build_preset native x2g || { broken web; return; }
  hash=$(hash_of_all)
  again web "$hash" || return 0
  rm -f "$report"
  step vitest "Running Vitest" "The failed assertions are in the log; run one file: npx vitest run FILE." \
    npx --prefix "$ROOT" vitest run --root "$ROOT" --reporter=default --reporter=json --outputFile.json="$report"
  # Files that failed to load hold no test: each is one failure.
  counts=$("$NODE" -e '
    const r = JSON.parse(require("node:fs").readFileSync(process.argv[1], "utf8"));
    const broken = r.testResults.filter((f) => f.status === "failed" && f.assertionResults.length === 0).length;
    console.log(r.numPassedTests, r.numFailedTests + broken);' "$report" 2>/dev/null)
  # shellcheck disable=SC2086  # two numbers on purpose
  if [ -z "$counts" ]; then broken web; else count web $counts && passed web "$hash" $counts; fi
}

test_browser() {
  local hash
  title "Browser tests"
  build_engine && build_site || { broken browser; return; }
  hash=$(hash_of dist tests/browser web/tools)
  again browser "$hash" || return 0
  counted_script browser "Driving Chromium through the built site" "The log names the failed checks; pictures are in build/browser/." \
    env CHROMIUM="$(find_browser)" "$NODE" "$ROOT/tests/browser/run.mjs"
  [ -z "$SCRIPT_COUNTS" ] || passed browser "$hash" $SCRIPT_COUNTS
  # Checks that a busy machine made late are named even when all is well in the end.
  sed -n '/^only at the second try:/,/^[0-9]* passed/p' "$ROOT/build/logs/browser.log" | sed '$d; s/^/  /'
}

cpp_files() { (cd "$ROOT" && git ls-files -co --exclude-standard -- 'core/*.[ch]pp' 'wasm/*.[ch]pp' 'tests/*.[ch]pp'); }
find_tool() { if [ -x "$TOOLCHAIN/em/usr/lib/llvm-19/bin/$1" ]; then echo "$TOOLCHAIN/em/usr/lib/llvm-19/bin/$1"; else command -v "$1-19" || command -v "$1"; fi; }

check_format() { cd "$ROOT" && cpp_files | xargs "$(find_tool clang-format)" --dry-run -Werror; }

# Half of clang-tidy's time, nearly all of it spent in the standard library's headers, for faults that compilers mostly warn of, too.
SLOW_CHECKS=-bugprone-multiple-statement-macro,-bugprone-not-null-terminated-result,-bugprone-reserved-identifier,-bugprone-standalone-empty
SLOW_CHECKS+=,-bugprone-stringview-nullptr,-bugprone-suspicious-string-compare,-bugprone-unchecked-optional-access
SLOW_CHECKS+=,-bugprone-unused-return-value,-misc-unused-using-decls,-readability-redundant-inline-specifier

# check_tidy CHECKS: with these added to .clang-tidy's, or taken away. It takes minutes for all of core: files that passed with the same
# headers and rules are not read again.
check_tidy() {
  local tidy common checks=$1 status=0
  tidy=$(find_tool clang-tidy)
  common="$checks $(hash_of .clang-tidy core/include $(cd "$ROOT" && find core/src -name '*.hpp'))"
  mkdir -p "$ROOT/build/tidy"
  "$NODE" "$ROOT/cmake/lab/tidy-database.mjs" "$ROOT/build" || return 1
  export ROOT tidy common checks
  find "$ROOT/core/src" -name '*.cpp' -print0 | xargs -0 -n 1 -P "$JOBS" bash -c '
    key=$(printf "%s %s" "$common" "$(sha256sum <"$1")" | sha256sum | cut -c 1-32)
    [ -f "$ROOT/build/tidy/$key" ] && exit 0
    echo "${1#"$ROOT"/}"
    "$tidy" --quiet "--checks=$checks" --extra-arg=-Wno-unknown-warning-option -p "$ROOT/build/tidy" "$1" 2>/dev/null && touch "$ROOT/build/tidy/$key"' _ || status=1
  return $status
}

# Scripts that print one line per check and end with "N passed, N failed"; both numbers stay in SCRIPT_COUNTS.
SCRIPT_COUNTS=
counted_script() {
  local name=$1 what=$2 advice=$3
  shift 3
  step "$name" "$what" "$advice" "$@"
  SCRIPT_COUNTS=$(sed -n 's/^\([0-9]*\) passed, \([0-9]*\) failed$/\1 \2/p' "$ROOT/build/logs/$name.log" | tail -n 1)
  # shellcheck disable=SC2086  # two numbers on purpose
  if [ -z "$SCRIPT_COUNTS" ]; then broken "$name"; else count "$name" $SCRIPT_COUNTS; fi
}

# All checks of clang-tidy, also those that follow every path through a function: ten minutes and more.
run_analyze() {
  setup native wasm || return 1
  title "Analyzing core"
  [ -f "$ROOT/build/native/build.ninja" ] || step configure-native "Configuring native" "See the log." cmake --preset native -S "$ROOT" || return 1
  step analyze "Following every path (clang-tidy, with clang-analyzer-*)" "Fix what it reports, or make the code say why it cannot be." check_tidy 'clang-analyzer-*'
}

test_lint() {
  title "Linters, arrows, sizes"
  check format "C++ layout (clang-format)" "Run ./lab format." check_format
  [ -f "$ROOT/build/native/build.ninja" ] || step configure-native "Configuring native" "See the log." cmake --preset native -S "$ROOT"
  check tidy "C++ faults (clang-tidy)" "Fix what it reports, or say in .clang-tidy why a check does not fit." check_tidy "$SLOW_CHECKS"
  check prettier "Layout of web sources (prettier)" "Run ./lab format." npx --prefix "$ROOT" prettier --check "$ROOT"
  check eslint "Faults in web sources (eslint)" "Fix what it reports." env -C "$ROOT" npx eslint .
  build_engine || broken engine
  check types "Types (tsc)" "Fix what the compiler reports." npx --prefix "$ROOT" tsc -p "$ROOT/tsconfig.json"
  counted_script arrows "Arrows between the folders" "core <- wasm <- web <- lessons: move the code, or turn the arrow." "$NODE" "$ROOT/tests/tools/arrows.mjs"
  build_site || broken site
  counted_script sizes "Size budget" "Look where the bytes went; the budget is in tests/tools/sizes.mjs." "$NODE" "$ROOT/tests/tools/sizes.mjs"
}

test_summary() {
  say ""
  say "$PASSED passed, $FAILED failed"
  [ "$FAILED" = 0 ]
}

# Which lines of core the C++ tests run: a build of its own, without optimization that would move lines.
run_coverage() {
  setup native node || return 1
  local dir=$ROOT/build/coverage
  title "Coverage of core"
  step configure-coverage "Configuring" "See the log." cmake --preset native -S "$ROOT" -B "$dir" \
    -DCMAKE_BUILD_TYPE=Debug -DCMAKE_CXX_FLAGS_DEBUG=-O1 -DX2G_COVERAGE=ON -DX2G_WERROR=OFF || return 1
  step build-coverage "Compiling x2g_tests" "Fix what the compiler reports." cmake --build "$dir" --target x2g_tests -j "$JOBS" || return 1
  find "$dir" -name '*.gcda' -delete
  step test-coverage "Running the C++ tests" "The failed assertions are in the log." "$dir/tests/x2g_tests" || return 1
  "$NODE" "$ROOT/tests/tools/coverage.mjs" "$dir"
}
