# How `lab` talks: one line per step with its time, progress for long ones, and on failure what failed, where the log
# is and what to do. Sourced by `lab`. Knows nothing of what the steps do.

if [ -t 1 ] && [ -z "${NO_COLOR:-}" ]; then
  BOLD=$'\e[1m' DIM=$'\e[2m' RED=$'\e[31m' GREEN=$'\e[32m' PLAIN=$'\e[0m'
else
  BOLD='' DIM='' RED='' GREEN='' PLAIN=''
fi

say() { printf '%s\n' "$*"; }
note() { printf '%s\n' "  $DIM$*$PLAIN"; }
title() { printf '\n%s\n' "$BOLD$*$PLAIN"; }
fail() { printf '%s\n' "${RED}error:$PLAIN $*" >&2; }

# 75 -> "1 min 15 s"
duration() {
  if [ "$1" -ge 60 ]; then printf '%d min %02d s' $(($1 / 60)) $(($1 % 60)); else printf '%d s' "$1"; fi
}

STEP_PID=
# An interrupted `lab` takes its running step (and that step's children) with it.
stop_step() { [ -n "$STEP_PID" ] && kill -TERM -- "-$STEP_PID" 2>/dev/null; }
trap 'stop_step; exit 130' INT
trap 'stop_step; exit 143' TERM

# step NAME "what it does" "what to do when it fails" COMMAND…
# Runs the command with its output in build/logs/NAME.log; returns the command's status.
step() {
  local name=$1 what=$2 advice=$3 log begin now said line status
  shift 3
  log=$ROOT/build/logs/$name.log
  mkdir -p "$ROOT/build/logs"
  begin=$(date +%s) said=0
  set -m
  ("$@") >"$log" 2>&1 </dev/null &
  STEP_PID=$!
  set +m
  while kill -0 "$STEP_PID" 2>/dev/null; do
    now=$(($(date +%s) - begin))
    if [ -t 1 ]; then
      line=$(tail -n 1 "$log" 2>/dev/null | tr -d '\r\033' | cut -c "1-$((${COLUMNS:-100} > 60 ? ${COLUMNS:-100} - 50 : 20))")
      printf '\r\033[K  %s … %s  %s' "$what" "$(duration "$now")" "$DIM$line$PLAIN"
    elif [ $((now - said)) -ge 20 ]; then
      said=$now
      note "$what … $(duration "$now"): $(tail -n 1 "$log" 2>/dev/null | cut -c 1-100)"
    fi
    if [ "$now" -lt 3 ]; then sleep 0.1; else sleep 0.5; fi
  done
  wait "$STEP_PID"
  status=$?
  STEP_PID=
  now=$(($(date +%s) - begin))
  [ -t 1 ] && printf '\r\033[K'
  if [ $status -eq 0 ]; then
    say "  ${GREEN}done$PLAIN  $what  $DIM$(duration "$now")$PLAIN"
  else
    say "  ${RED}FAILED$PLAIN  $what  $DIM$(duration "$now")$PLAIN"
    say "  last lines of $log:"
    tail -n 40 "$log" | sed 's/^/    /'
    say "  ${BOLD}What to do:$PLAIN $advice"
  fi
  return $status
}

# Hash of the contents and names of files under the given paths (relative to ROOT; missing ones are skipped).
hash_of() {
  (cd "$ROOT" && find "$@" -type f ! -path '*/node_modules/*' ! -path '*/.astro/*' -print0 2>/dev/null |
    LC_ALL=C sort -z | xargs -0 -r sha256sum | sha256sum | cut -d ' ' -f 1)
}

# stamped NAME HASH: was NAME done with exactly these inputs?   stamp NAME HASH: it is now.
stamped() { [ "$(cat "$ROOT/build/stamps/$1" 2>/dev/null)" = "$2" ]; }
stamp() { mkdir -p "$ROOT/build/stamps" && printf '%s\n' "$2" >"$ROOT/build/stamps/$1"; }

# version_at_least 3.1.69 3.1.60
version_at_least() { [ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n 1)" = "$2" ]; }
