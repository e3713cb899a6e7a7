# What must be there before anything is built: system packages, Emscripten, Node, npm packages. Sourced by `lab`.
# Everything that is new enough on PATH is used as it is; what is brought along goes into .toolchain/ and node_modules/.

NODE_MIN=22.12.0
NODE_PIN=24.21.0
NPM_PIN=11.21.2

# Debian packages for a purpose that this system lacks.
missing_packages() {
  local purpose
  for purpose in "$@"; do
    case $purpose in
      native)
        command -v cmake >/dev/null || echo cmake
        command -v ninja >/dev/null || echo ninja-build
        command -v c++ >/dev/null || command -v g++ >/dev/null || echo g++
        found_header eigen3/Eigen/Core || found_header Eigen/Core || echo libeigen3-dev
        found_header CLI/CLI.hpp || echo libcli11-dev
        [ -e /etc/ssl/certs/ca-certificates.crt ] || echo ca-certificates
        ;;
      wasm)
        command -v python3 >/dev/null || echo python3
        have_emcc || command -v patchelf >/dev/null || echo patchelf
        ;;
      docs) command -v doxygen >/dev/null || echo doxygen ;;
      node) [ -x "$TOOLCHAIN/node/bin/npm" ] || command -v npm >/dev/null || echo npm ;;
      browser)
        find_browser >/dev/null || browser_package
        ls /usr/share/fonts/opentype/noto/NotoSansCJK* >/dev/null 2>&1 || echo fonts-noto-cjk
        ;;
      fuzz) have_libfuzzer || echo clang libclang-rt-dev ;;
      bench) found_header benchmark/benchmark.h || echo libbenchmark-dev ;;
    esac
  done
}

found_header() {
  local dir
  for dir in /usr/include /usr/local/include /opt/homebrew/include; do [ -e "$dir/$1" ] && return 0; done
  return 1
}

# Clang with the runtime of its fuzzer, which some packages of it lack.
have_libfuzzer() {
  local runtime
  command -v clang++ >/dev/null || return 1
  runtime=$(clang++ -print-resource-dir)
  ls "$runtime"/lib/*/libclang_rt.fuzzer*.a >/dev/null 2>&1
}

# The browser without a window, where there is one: the same pages for two thirds of the processor time.
find_browser() { command -v chromium-headless-shell || command -v chromium || command -v chromium-browser || command -v google-chrome; }
browser_package() { if grep -qs '^ID=debian' /etc/os-release; then echo chromium-headless-shell; else echo chromium; fi; }

as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }

install_packages() {
  if [ -z "$(find /var/lib/apt/lists -name '*_Packages*' 2>/dev/null | head -n 1)" ]; then as_root apt-get update || return 1; fi
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@" && return 0
  # Lists older than the mirror name packages that are gone: read them anew, once.
  as_root apt-get update && as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@"
}

setup_packages() {
  local packages
  packages=$(missing_packages "$@" | sort -u | tr '\n' ' ')
  [ -z "${packages// /}" ] && return 0
  if ! command -v apt-get >/dev/null; then
    say_missing "$packages"
    return 1
  fi
  say "  Debian packages to install: $packages"
  if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || { fail "root rights are needed: as root, run  apt-get install $packages"; return 1; }
    sudo -v || return 1
  fi
  # shellcheck disable=SC2086  # a list of words on purpose
  step packages "Installing $packages" "Run  apt-get update && apt-get install $packages  as root and read what it says." install_packages $packages
}

say_missing() {
  fail "this system has no apt-get; install by hand what stands for these Debian packages: $1"
  say "  cmake (3.25 or newer), ninja, a C++20 compiler, Eigen 3.4, CLI11 2:   brew install cmake ninja eigen cli11"
  say "  Emscripten $EMSCRIPTEN_MIN or newer, with emcc on PATH:             brew install emscripten"
  say "      or the emsdk:  emsdk install 3.1.69 && emsdk activate 3.1.69"
  say "  Node $NODE_MIN or newer with npm:                             brew install node"
  say "  for the reference pages, Doxygen 1.9 or newer:   brew install doxygen"
  say "  for the tests, Chromium or Chrome; for ./lab bench, Google Benchmark:   brew install google-benchmark"
  say "  Then run the same command again."
}

emcc_version() { "$1" --version 2>/dev/null | sed -n '1s/.* \([0-9]*\.[0-9]*\.[0-9]*\).*/\1/p'; }

# Is there an Emscripten on PATH that is new enough?
have_emcc() {
  local version
  command -v emcc >/dev/null || return 1
  version=$(emcc_version emcc)
  [ -n "$version" ] && version_at_least "$version" "$EMSCRIPTEN_MIN"
}

# Catch2 and xsimd for every build. Where Debian's archive is out of reach, CMake downloads them (cmake/dependencies.cmake).
setup_headers() {
  [ -f "$TOOLCHAIN/catch2/extras/catch_amalgamated.cpp" ] && [ -d "$TOOLCHAIN/include/xsimd" ] && return 0
  if ! command -v apt-get >/dev/null || [ -z "$(debian_mirror)" ]; then
    note "Catch2 and xsimd: no Debian archive here, CMake will download them."
    return 0
  fi
  step headers "Unpacking Catch2 3.7 and xsimd 13 into .toolchain" "Is the Debian mirror of this machine reachable?" fetch_headers
}

setup_emscripten() {
  local want=$TOOLCHAIN/em/setup-done mark
  have_emcc && return 0
  command -v emcc >/dev/null && note "emcc on PATH is older than $EMSCRIPTEN_MIN and is not used."
  if [ ! -f "$want" ]; then
    step emscripten "Unpacking Emscripten 3.1.69 into .toolchain (330 MB to fetch)" \
      "Is the Debian mirror of this machine reachable? Otherwise install the emsdk ($EMSCRIPTEN_MIN or newer) and put emcc on PATH." fetch_emscripten || return 1
  fi
  # The unpacked programs hold absolute paths: of the loader and of Node.
  mark="$TOOLCHAIN $NODE"
  if [ "$(cat "$want" 2>/dev/null)" != "$mark" ]; then
    step patch "Fitting Emscripten to this folder" "Remove .toolchain/em and try again." patch_emscripten "$NODE" || return 1
    printf '%s\n' "$mark" >"$want"
  fi
}

fetch_node() {
  local arch tmp=$TOOLCHAIN/tmp-node
  case $(uname -s)-$(uname -m) in
    Linux-x86_64) arch=x64 ;;
    Linux-aarch64) arch=arm64 ;;
    *) echo "no prebuilt Node for $(uname -s) $(uname -m): install Node $NODE_MIN or newer"; return 1 ;;
  esac
  rm -rf "$tmp" "$TOOLCHAIN/node" && mkdir -p "$tmp" "$TOOLCHAIN/node/bin" "$TOOLCHAIN/node/lib/node_modules" || return 1
  echo '{ "private": true }' >"$tmp/package.json"
  (cd "$tmp" && npm install --no-save --ignore-scripts --no-audit --no-fund "node-linux-$arch@$NODE_PIN" "npm@$NPM_PIN") || return 1
  mv "$tmp/node_modules/node-linux-$arch/bin/node" "$TOOLCHAIN/node/bin/node" && chmod +x "$TOOLCHAIN/node/bin/node" || return 1
  mv "$tmp/node_modules/npm" "$TOOLCHAIN/node/lib/node_modules/npm" || return 1
  ln -s ../lib/node_modules/npm/bin/npm-cli.js "$TOOLCHAIN/node/bin/npm"
  ln -s ../lib/node_modules/npm/bin/npx-cli.js "$TOOLCHAIN/node/bin/npx"
  rm -rf "$tmp"
  "$TOOLCHAIN/node/bin/node" --version
}

# Sets NODE, and puts a brought-along Node first on PATH.
setup_node() {
  local version
  if [ ! -x "$TOOLCHAIN/node/bin/npm" ]; then
    version=$(node --version 2>/dev/null | tr -d v)
    if [ -n "$version" ] && version_at_least "$version" "$NODE_MIN" && command -v npm >/dev/null; then
      NODE=$(command -v node)
      return 0
    fi
    step node "Unpacking Node $NODE_PIN into .toolchain" "Is the npm registry reachable (npm ping)? Otherwise put Node $NODE_MIN or newer on PATH." fetch_node || return 1
  fi
  PATH=$TOOLCHAIN/node/bin:$PATH
  NODE=$TOOLCHAIN/node/bin/node
}

# The installed packages are those of the lockfile, whoever installed them.
npm_packages_fresh() {
  [ -f "$ROOT/node_modules/.package-lock.json" ] && "$NODE" "$ROOT/cmake/lab/npm-fresh.mjs" "$ROOT"
}

setup_npm() {
  npm_packages_fresh && return 0
  step npm "Installing the npm packages of package-lock.json" "Is the npm registry reachable (npm ping)?" npm ci --prefix "$ROOT" --no-audit --no-fund
}
