# Sourced by the benches that run everything on this machine: starts roles, and stops them all at the end. Wants $home; gives $work.
work=$(mktemp -d)
pids=()

stop_all() {
  for ((i = ${#pids[@]} - 1; i >= 0; i--)); do
    kill "${pids[i]}" 2>/dev/null || true
    wait "${pids[i]}" 2>/dev/null || true
  done
  rm -rf "$work"
}
trap stop_all EXIT

start() { # NAME FILE-TO-AWAIT ARGUMENTS
  local name=$1 file=$2
  shift 2
  "$home/swarm" "$@" >"$work/$name.log" 2>&1 &
  pids+=($!)
  eval "pid_$name=$!"
  for ((i = 0; i < 600; i++)); do
    [ -e "$file" ] && return
    kill -0 $! 2>/dev/null || break
    sleep 0.1
  done
  echo "$0: $name did not start; the end of its log:" >&2
  tail -n 5 "$work/$name.log" >&2
  exit 1
}

field() { sed -n "s/.*\"$2\" *: *\"\([^\"]*\)\".*/\1/p" "$1"; }

# Hub, coordinator and two workers of CAPACITY places, ready for a plan.
start_roles() { # TIME-SCALE CAPACITY
  "$home/swarm" version >/dev/null
  export SWARM_NO_BUILD=1
  start hub "$work/hub/hub.json" hub --dir "$work/hub" --port 0 --kube-port 0 --time-scale "$1"
  export KUBECONFIG=$work/hub/kubeconfig
  start coordinator "$work/coordinator/coordinator.json" coordinator --port 0 --http-port 0 --data "$work/coordinator"
  SWARM_COORDINATOR=$(field "$work/coordinator/coordinator.json" http)
  SWARM_JOIN=$(field "$work/coordinator/coordinator.json" pekko)
  export SWARM_COORDINATOR SWARM_JOIN
  for w in 1 2; do
    "$home/swarm" worker --port 0 --name "w$w" --capacity "$2" --data "$work/w$w" >"$work/w$w.log" 2>&1 &
    pids+=($!)
    eval "pid_w$w=$!"
  done
  for ((i = 0; i < 600; i++)); do
    [ "$("$home/swarm" get workers -o name | wc -l)" -eq 2 ] && break
    sleep 0.2
  done
}

# Live heap in KiB after a full collection.
live_heap() { # PID
  local java
  java=$(dirname "$(readlink -f "/proc/$1/exe")")
  "$java/jcmd" "$1" GC.run >/dev/null
  "$java/jcmd" "$1" GC.heap_info | sed -n 's/.* used \([0-9]*\)K.*/\1/p' | head -n 1
}

threads() { sed -n 's/^Threads:[[:space:]]*//p' "/proc/$1/status"; }
