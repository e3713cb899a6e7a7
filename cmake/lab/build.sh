# Builds: the C++ presets, the engine's two modules and the site. Sourced by `lab`. Ninja and the hash stamps decide what is
# left to do; a second run does nothing that is done.

JOBS=$(nproc 2>/dev/null || sysctl -n hw.ncpu 2>/dev/null || echo 2)

# build_preset PRESET TARGET
build_preset() {
  local preset=$1 target=$2 dir=$ROOT/build/$1
  if [ ! -f "$dir/build.ninja" ]; then
    step "configure-$preset" "Configuring $preset" "See the log; ./lab clean starts over." cmake --preset "$preset" -S "$ROOT" || return 1
  fi
  step "build-$preset-$target" "Compiling $target ($preset)" "Fix what the compiler reports; the full output is in the log." \
    cmake --build "$dir" --target "$target" -j "$JOBS" -- -k 0
}

# The modules, put into web/engine/ (only when changed, so that nothing after it is done for naught).
build_engine() {
  build_preset wasm x2g_modules || return 1
  step engine "Putting the engines into web/engine" "See the log; ./lab clean starts over." \
    "$NODE" "$ROOT/wasm/one-glue.mjs" "$ROOT/build/wasm/wasm" "$ROOT/web/engine"
}

build_site() { build_pages && build_reference; }

build_pages() {
  local hash
  hash=$(hash_of web lessons package-lock.json tsconfig.base.json)
  if stamped site "$hash" && [ -f "$ROOT/dist/index.html" ]; then
    note "The site in dist/ is up to date."
    return 0
  fi
  step site "Building the site into dist/" "Fix what the build reports; the full output is in the log." \
    npm run build -w web --prefix "$ROOT" || return 1
  stamp site "$hash"
}

# The references of both languages: made into build/reference when what they tell has changed, and put beside the pages, whose build
# empties dist/.
build_reference() {
  local hash made=$ROOT/build/reference dist=$ROOT/dist/reference
  hash=$(hash_of core/include web/src/lab web/src/elements web/src/styles/tokens.css web/tools/reference package-lock.json)
  if ! stamped reference "$hash" || [ ! -f "$made/js/index.html" ]; then
    step reference "Making the C++ and JavaScript references" "Fix the comment that it names; the full output is in the log." \
      "$NODE" "$ROOT/web/tools/reference/make.mjs" "$made" || return 1
    stamp reference "$hash"
  fi
  [ "$(cat "$dist/made-from" 2>/dev/null)" = "$hash" ] && return 0
  rm -rf "$dist" && cp -R "$made" "$dist" && printf '%s\n' "$hash" >"$dist/made-from"
}

build_all() {
  title "Build"
  build_engine && build_site
}

# Serves dist/ and builds again whenever a source changes. A failed build leaves the last good site up.
serve_watching() {
  local port=$1 server mark=$ROOT/build/watch-mark
  touch "$mark"
  "$NODE" "$ROOT/web/tools/serve.mjs" "$ROOT/dist" --port "$port" &
  server=$!
  trap 'stop_step; kill "$server" 2>/dev/null; exit 130' INT
  trap 'stop_step; kill "$server" 2>/dev/null; exit 143' TERM
  while kill -0 "$server" 2>/dev/null; do
    sleep 1
    [ -z "$(find "$ROOT/core" "$ROOT/wasm" "$ROOT/web" "$ROOT/lessons" "$ROOT/package-lock.json" \
      \( -name node_modules -o -name .astro -o -path "$ROOT/web/engine" \) -prune -o -type f -newer "$mark" -print -quit)" ] && continue
    touch "$mark"
    lock
    build_all && say "  Reload the page to see it."
    unlock
  done
  wait "$server"
}
