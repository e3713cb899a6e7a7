# Brings Emscripten into .toolchain/ without root and without touching the system: Debian 13's packages, fetched by
# apt-get with a state of its own and unpacked (not installed). Sourced by `lab`; it is not a script to run by itself.
# The mirror is the one this machine's apt already uses; its address is read, never written down here.

EMSCRIPTEN_MIN=3.1.60
# Where the system says what it is (tests point these elsewhere).
APT_ETC=${APT_ETC:-/etc/apt}
OS_RELEASE=${OS_RELEASE:-/etc/os-release}
TRIXIE_PACKAGES=(
  emscripten clang-19 lld-19 llvm-19 llvm-19-linker-tools libllvm19 libclang-cpp19 libclang-common-19-dev libclang1-19 binaryen
  libc6 libstdc++6 libgcc-s1 zlib1g libxml2 libedit2 libffi8 libzstd1 libtinfo6 libz3-4 libbsd0 libmd0 libicu76 liblzma5
  node-acorn clang-format-19 clang-tidy-19
)

# Prints "suite<TAB>URI<TAB>signed-by" of every archive with component main that this machine's apt is set to
# (deb822 and one-line forms).
apt_archives() {
  local file
  for file in "$APT_ETC"/sources.list.d/*.sources; do
    [ -r "$file" ] || continue
    # Comment lines may stand inside a stanza: drop them, then read paragraph by paragraph.
    sed '/^#/d' "$file" | awk '
      function flush() { if (uri != "" && enabled && main) print suite "\t" uri "\t" key; uri = key = suite = ""; enabled = 1; main = 0 }
      BEGIN { enabled = 1 }
      /^[ \t]*$/ { flush(); next }
      { name = tolower($1) }
      name == "uris:" { uri = $2 }
      name == "suites:" { suite = $2 }
      name == "components:" { for (i = 2; i <= NF; i++) if ($i == "main") main = 1 }
      name == "signed-by:" { key = $2 }
      name == "enabled:" { if (tolower($2) == "no" || tolower($2) == "false") enabled = 0 }
      END { flush() }'
  done
  for file in "$APT_ETC"/sources.list "$APT_ETC"/sources.list.d/*.list; do
    [ -r "$file" ] || continue
    awk '
      $1 == "deb" {
        key = ""; n = 2
        if ($2 ~ /^\[/) {
          for (; n <= NF; n++) {
            option = $n; gsub(/[][]/, "", option)
            if (option ~ /^signed-by=/) { key = option; sub(/^signed-by=/, "", key) }
            if ($n ~ /\]$/) { n++; break }
          }
        }
        main = 0
        for (i = n + 2; i <= NF; i++) if ($i == "main") main = 1
        if (main) print $(n + 1) "\t" $n "\t" key
      }' "$file"
  done
}

# Of those, the Debian archive itself: third parties may use the suite's name and `main`, too, so one that is signed by
# Debian's keyring or ends in /debian goes first. Prints "URI<TAB>keyring"; nothing on other distributions.
debian_mirror() {
  local codename
  grep -qs '^ID=debian' "$OS_RELEASE" || return 0
  codename=$(sed -n 's/^VERSION_CODENAME=//p' "$OS_RELEASE")
  apt_archives | awk -F '\t' -v codename="$codename" -v keyring=/usr/share/keyrings/debian-archive-keyring.gpg '
    $1 != codename && $1 !~ /^(stable|oldstable|testing|unstable|sid)$/ { next }
    { sure = $3 ~ /debian-archive/ || $2 ~ /\/debian\/?$/ || $2 ~ /\/archive\/debian\// }
    sure || first == "" { line = $2 "\t" ($3 ~ /^\// ? $3 : keyring) }
    sure { print line; found = 1; exit }
    first == "" { first = line }
    END { if (!found && first != "") print first }'
}

# apt-get that knows trixie only and sees nothing as installed.
trixie_apt() {
  local state=$TOOLCHAIN/apt
  apt-get -qq -o Dir::State="$state" -o Dir::State::status="$state/status" -o Dir::Cache="$state/cache" \
    -o Dir::Etc::SourceList="$state/sources.list" -o Dir::Etc::SourceParts=/dev/null -o Dir::Etc::Preferences=/dev/null \
    -o Dir::Etc::PreferencesParts=/dev/null -o APT::Sandbox::User=root -o Acquire::Languages=none "$@"
}

trixie_update() {
  local state=$TOOLCHAIN/apt uri key
  [ -f "$state/updated" ] && return 0
  IFS=$'\t' read -r uri key < <(debian_mirror)
  if [ -z "$uri" ]; then
    echo "No Debian archive with component main in /etc/apt/sources.list or /etc/apt/sources.list.d."
    return 1
  fi
  mkdir -p "$state/lists/partial" "$state/cache/archives/partial"
  : >"$state/status"
  printf 'deb%s [signed-by=%s] %s trixie main\n' '' "$key" "$uri" -src "$key" "$uri" >"$state/sources.list"
  trixie_apt update && touch "$state/updated"
}

# Catch2 3.7.1: its headers and the amalgamated source (cmake/dependencies.cmake builds the latter once per preset);
# and the headers of xsimd 13, in a folder of their own.
fetch_headers() {
  local dir=$TOOLCHAIN/catch2 tmp=$TOOLCHAIN/tmp-headers
  trixie_update || return 1
  rm -rf "$tmp" "$dir" "$TOOLCHAIN/include" && mkdir -p "$tmp" "$TOOLCHAIN/include"
  (cd "$tmp" && trixie_apt download libxsimd-dev && dpkg-deb -x libxsimd-dev_*.deb . && mv usr/include/xsimd "$TOOLCHAIN/include/") || return 1
  (cd "$tmp" && trixie_apt source --download-only catch2 &&
    tar -xf catch2_*.orig.tar.* --wildcards '*/extras/catch_amalgamated.*' '*/LICENSE.txt' '*/src/catch2/*.hpp*') || return 1
  mv "$tmp"/Catch2-*/ "$dir" && rm -rf "$tmp"
}

# Unpacks the packages and keeps what compiling and linking for the web needs (2 GB of prebuilt variants go).
fetch_emscripten() {
  local em=$TOOLCHAIN/em debs=$TOOLCHAIN/debs deb
  rm -rf "$em" "$debs" && mkdir -p "$em" "$debs"
  trixie_update || return 1
  (cd "$debs" && trixie_apt download "${TRIXIE_PACKAGES[@]}") || return 1
  for deb in "$debs"/*.deb; do
    dpkg-deb --fsys-tarfile "$deb" | tar -x -C "$em" \
      --exclude='./usr/share/doc' --exclude='./usr/share/man' --exclude='./usr/share/locale' --exclude='./etc' \
      --exclude='*/wasm32-emscripten/lto*' --exclude='*/wasm32-emscripten/pic' --exclude='*/emscripten/test' \
      --exclude='*/emscripten/ChangeLog*' --exclude='*/emscripten/media' --exclude='./usr/share/nodejs/@types' \
      --exclude='*/wasm32-emscripten/lib*-mt*' --exclude='*/wasm32-emscripten/lib*-ww*' \
      --exclude='*/wasm32-emscripten/lib*asan*' --exclude='*/wasm32-emscripten/lib*lsan*' \
      --exclude='*/wasm32-emscripten/libGL-*emu*' --exclude='*/wasm32-emscripten/libwasmfs*' \
      --exclude='*/wasm32-emscripten/libwebgpu*' --exclude='*/wasm32-emscripten/libsanitizer*' || return 1
  done
  rm -rf "$debs"
  prune_emscripten
}

# The compiler, the linker, the object tools and Binaryen's wasm-opt and friends; no other program, no host headers.
prune_emscripten() {
  local em=$TOOLCHAIN/em file
  for file in "$em"/usr/lib/llvm-19/bin/*; do
    case ${file##*/} in
      clang | clang++ | clang-19 | lld | wasm-ld | llvm-ar | llvm-nm | llvm-objcopy | llvm-ranlib | llvm-strip | llvm-dwarfdump | \
        llvm-objdump | llvm-cxxfilt | llvm-symbolizer | clang-format | clang-tidy) ;;
      *) rm -f "$file" ;;
    esac
  done
  for file in "$em"/usr/bin/*; do
    case ${file##*/} in
      wasm-opt | wasm-emscripten-finalize | wasm-metadce | wasm-ctor-eval | wasm-split | wasm2js | wasm-as | wasm-dis) ;;
      *) rm -f "$file" ;;
    esac
  done
  rm -rf "$em/usr/include" "$em/usr/lib/llvm-19/include" "$em"/usr/lib/*-linux-gnu/gconv "$em"/usr/lib/*-linux-gnu/perl* \
    "$em"/usr/sbin "$em"/usr/share/zsh "$em"/usr/share/bash-completion "$em"/usr/share/lintian "$em"/usr/lib/llvm-19/share \
    "$em"/usr/lib/llvm-19/build "$em"/usr/lib/llvm-19/cmake "$em"/usr/lib/cmake
  ln -sfn ../nodejs "$em/usr/share/emscripten/node_modules"
  # Emscripten's scripts are CommonJS; without this Node would take the type of our own package.json.
  echo '{ "type": "commonjs" }' >"$em/package.json"
}

# The unpacked programs look for the loader and the libraries of the system they were built for: point them at the
# unpacked ones. The loader's path is absolute, so a moved checkout runs this again.
patch_emscripten() {
  local node=$1 em=$TOOLCHAIN/em file lib loader
  lib=$(cd "$em"/usr/lib/*-linux-gnu && pwd) || return 1
  loader=$(echo "$lib"/ld-linux-*.so.*)
  for file in "$em"/usr/lib/llvm-19/bin/* "$em"/usr/bin/*; do
    [ -L "$file" ] && continue
    # A script (llvm-* has some) is no ELF file.
    [ "$(head -c 4 "$file" | tail -c 3)" = ELF ] || continue
    patchelf --set-interpreter "$loader" "$file" && patchelf --force-rpath --set-rpath "$lib" "$file" || return 1
  done
  cat >"$em/usr/share/emscripten/.emscripten" <<CONFIG
# Written by \`lab setup\`.
LLVM_ROOT = '$em/usr/lib/llvm-19/bin'
BINARYEN_ROOT = '$em/usr'
NODE_JS = '$node'
FROZEN_CACHE = True
CONFIG
}
