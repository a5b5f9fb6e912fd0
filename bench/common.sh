# shellcheck shell=bash
# Sourced by the benches: a rehearsal hub, a coordinator and workers, each a JVM, in a folder that goes with the bench.

home=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
work=$(mktemp -d)
bench=$(basename "$0")
pids=()
# By role: hub, coordinator, the workers' names.
declare -A pid

stop_all() {
  for ((i = ${#pids[@]} - 1; i >= 0; i--)); do
    kill "${pids[i]}" 2>/dev/null || true
    wait "${pids[i]}" 2>/dev/null || true
  done
  pids=()
  rm -rf "$work"
}
trap stop_all EXIT

# Ends the bench unless the command succeeds within 60 s; ROLE's end is a failure.
await() { # ROLE COMMAND...
  local role=$1
  shift
  for ((i = 0; i < 600; i++)); do
    "$@" && return
    kill -0 "${pid[$role]}" 2>/dev/null || break
    sleep 0.1
  done
  echo "$bench: $role did not start; the end of its log:" >&2
  tail -n 5 "$work/$role.log" >&2
  exit 1
}

start() { # ROLE ARGUMENTS...
  local role=$1
  shift
  "$home/swarm" "$@" >"$work/$role.log" 2>&1 &
  pid[$role]=$!
  pids+=($!)
}

# A text of a flat JSON file.
field() { sed -n "s/.*\"$2\" *: *\"\([^\"]*\)\".*/\1/p" "$1"; }

# A number of what `swarm get swarm NAME -o json` says.
of_swarm() { "$home/swarm" get swarm "$1" -o json | sed -n "s/.*\"$2\" *: *\([0-9]*\).*/\1/p" | head -n 1; }

start_hub() { # TIME-SCALE [ARGUMENTS...]
  local scale=$1
  shift
  start hub hub --dir "$work/hub" --port 0 --kube-port 0 --time-scale "$scale" "$@"
  await hub test -e "$work/hub/hub.json"
  kube_api=$(field "$work/hub/hub.json" kubeApi)
  service_config=$work/hub/service-config.yaml
  export KUBECONFIG=$work/hub/kubeconfig
}

start_coordinator() {
  start coordinator coordinator --port 0 --http-port 0 --data "$work/coordinator"
  await coordinator test -e "$work/coordinator/coordinator.json"
  SWARM_COORDINATOR=$(field "$work/coordinator/coordinator.json" http)
  export SWARM_COORDINATOR
}

start_worker() { # NAME CAPACITY
  start "$1" worker --join "$(field "$work/coordinator/coordinator.json" pekko)" --port 0 --name "$1" --capacity "$2" \
    --data "$work/$1"
}

workers_are() { [ "$("$home/swarm" get workers -o name | wc -l)" -eq "$1" ]; }

# w1, w2 and so on.
start_workers() { # COUNT CAPACITY
  for ((w = 1; w <= $1; w++)); do start_worker "w$w" "$2"; done
  await coordinator workers_are "$1"
}

# How many hosts of a swarm are in a phase now.
hosts_in() { # SWARM PHASE
  curl -sS "$SWARM_COORDINATOR/api/v1/swarms/$1" | sed 's/.*"hosts":{\([^}]*\)}.*/\1/' | tr ',' '\n' |
    sed -n "s/\"$2\"://p" | awk '{ sum += $1 } END { print sum + 0 }'
}

# The hub's service config with the hosts played within the workers.
hollow() { # HOLLOW-SETTINGS...
  sed 's/"runtime".*/"runtime": /; /"runtime"/q' "$work/hub/service-config.yaml" >"$work/hub/hollow.yaml"
  printf '{"hollow": {%s}}}}\n' "$*" >>"$work/hub/hollow.yaml"
  service_config=$work/hub/hollow.yaml
}

# What lives on the heap in KiB, counted in a full collection. GC.heap_info afterwards would count what has been allocated since.
live_heap() { # PID
  local jcmd
  jcmd=$(dirname "$(readlink -f "/proc/$1/exe")")/jcmd
  "$jcmd" "$1" GC.class_histogram | awk '/^Total/ { printf "%d", $3 / 1024 }'
}

threads() { sed -n 's/^Threads:[[:space:]]*//p' "/proc/$1/status"; } # PID

# CPU that the process itself has used, in milliseconds, without its children.
cpu_ms() { # PID
  sed 's/^.*) //' "/proc/$1/stat" | awk -v hz="$(getconf CLK_TCK)" '{ printf "%d", ($12 + $13) * 1000 / hz }'
}

# Requests to the Kubernetes API whose labels match a pattern, as the hub counts them.
kube_requests() { # PATTERN
  curl -sS "$kube_api/metrics" | grep "^apiserver_request_total" | grep -E "$1" | awk '{ sum += $NF } END { printf "%d", sum }'
}

"$home/swarm" version >/dev/null
export SWARM_NO_BUILD=1
