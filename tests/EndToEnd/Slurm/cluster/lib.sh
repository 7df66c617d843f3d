# Sourced by up, down and node: where the test cluster lives, and how its processes are started, told apart from others and ended.
# shellcheck shell=bash disable=SC2034

SLURM_TEST_DIR=${SLURM_TEST_DIR:-/tmp/hpcfit-slurm}   # everything the cluster writes; an absolute path without blanks, at most 70 characters
SLURM_TEST_NODES=${SLURM_TEST_NODES:-4}              # n1..nN
SLURM_TEST_PORT=${SLURM_TEST_PORT:-26820}            # ctld +0, dbd +1, mariadb +2, slurmd n<i> +10+i
SLURM_TEST_SACCT=${SLURM_TEST_SACCT:-1}              # 0: no slurmdbd and no MariaDB, so that sacct has nothing to say
SLURM_TEST_PIDNS=${SLURM_TEST_PIDNS:-auto}           # auto | 1 | 0: one PID namespace per node
SLURM_TEST_REQUEUE_DELAY=${SLURM_TEST_REQUEUE_DELAY:-20}  # s before a requeued job may restart (Slurm: 120)
SLURM_TEST_READY=${SLURM_TEST_READY:-60}             # s allowed for the whole cluster to become ready

export PATH=$PATH:/usr/sbin:/sbin
export LC_ALL=C
ETC=$SLURM_TEST_DIR/etc RUN=$SLURM_TEST_DIR/run LOG=$SLURM_TEST_DIR/log
SPOOL=$SLURM_TEST_DIR/spool STATE=$SLURM_TEST_DIR/state DBDIR=$SLURM_TEST_DIR/db
export SLURM_CONF=$ETC/slurm.conf

say() { printf '%s: %s\n' "${0##*/}" "$*" >&2; }
die() { say "ERROR: $*"; exit 1; }

now_ms() { local t=${EPOCHREALTIME//[.,]/}; echo $((t / 1000)); }

need_root() {
    [ "$(id -u)" = 0 ] || die "must run as root"
    case $SLURM_TEST_DIR in /?*) ;; *) die "SLURM_TEST_DIR must be an absolute path" ;; esac
    case $SLURM_TEST_DIR in *[[:space:]]*) die "SLURM_TEST_DIR must not contain blanks" ;; esac
    [ ${#SLURM_TEST_DIR} -le 70 ] || die "SLURM_TEST_DIR is too long for unix sockets (70 characters at most)"
}

# Start time of a live, non-zombie process: distinguishes a pid from its later reuse.
start_time() {
    local s
    { s=$(<"/proc/$1/stat"); } 2>/dev/null || return 1
    # shellcheck disable=SC2086
    set -- ${s##*) }
    case $1 in Z | X) return 1 ;; esac
    echo "${20}"
}

# pid of daemon $1 if the process that we started is still there.
pid_of() {
    local pid st
    [ -r "$RUN/$1.pid" ] && read -r pid st <"$RUN/$1.pid" || return 1
    [ -n "$st" ] && [ "$(start_time "$pid")" = "$st" ] && echo "$pid"
}

# launch NAME CMD...: detached from terminal, session and stdin; pid recorded.
launch() {
    local name=$1 pid i
    shift
    rm -f "$RUN/$name.pid" "$RUN/$name.raw"
    (
        trap '' HUP
        cd / || exit 1
        for fd in "/proc/$BASHPID/fd"/*; do # keep no lock or pipe of the caller open
            fd=${fd##*/}
            if [ "$fd" -gt 2 ] && [ "$fd" -lt 255 ]; then eval "exec $fd>&-"; fi
        done
        # shellcheck disable=SC2016
        exec setsid bash -c 'echo $$ >"$1"; shift; exec "$@"' _ "$RUN/$name.raw" "$@"
    ) </dev/null >>"$LOG/$name.out" 2>&1 &
    disown
    for ((i = 0; i < 100; i++)); do
        [ -s "$RUN/$name.raw" ] && break
        sleep 0.05
    done
    pid=$(cat "$RUN/$name.raw" 2>/dev/null) || return 1
    rm -f "$RUN/$name.raw"
    printf '%s %s\n' "$pid" "$(start_time "$pid")" >"$RUN/$name.pid"
}

# launch_first NAME CMD...: as launch, before other processes. Where the kernel groups tasks by session, a niceness counts within the session
# only, and the session has one of its own. A machine that permits neither starts the command all the same.
launch_first() {
    local name=$1
    shift
    # shellcheck disable=SC2016
    launch "$name" sh -c '{ echo -10 >/proc/self/autogroup; } 2>/dev/null; exec nice -n -10 "$@"' _ "$@"
}

# stop NAME [SECONDS]: TERM, then KILL; only the recorded process.
stop() {
    local name=$1 secs=${2:-10} pid i
    if pid=$(pid_of "$name"); then
        kill -TERM "$pid" 2>/dev/null
        for ((i = 0; i < secs * 10; i++)); do
            pid_of "$name" >/dev/null || break
            sleep 0.1
        done
        pid_of "$name" >/dev/null && kill -KILL "$pid" 2>/dev/null
    fi
    rm -f "$RUN/$name.pid"
}

port_open() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

all_nodes() { local i; for ((i = 1; i <= SLURM_TEST_NODES; i++)); do echo "n$i"; done; }

use_pidns() {
    case $SLURM_TEST_PIDNS in 0) return 1 ;; 1) return 0 ;; esac
    unshare --pid --fork --kill-child --mount-proc --propagation slave \
        sh -c '[ $$ = 1 ]' 2>/dev/null && [ -r "/proc/$$/task/$$/children" ]
}

# A node is a slurmd; with PID namespaces its init (pid 1) is a small bash, so
# that killing that one process takes the daemon, its steps and their
# processes away at once, as a power cut does.
start_node() {
    local n=$1 pid kids i
    pid_of "$n" >/dev/null && return 0
    mkdir -p "$SPOOL/$n"
    rm -f "$RUN/$n.outer.pid"
    if use_pidns; then
        # shellcheck disable=SC2016
        launch_first "$n.outer" unshare --pid --fork --kill-child --mount-proc --propagation slave \
            bash -c 'trap "kill -TERM \$c 2>/dev/null" TERM
                     "$@" & c=$!
                     while kill -0 $c 2>/dev/null; do wait $c; done' _ \
            slurmd -D -N "$n" -f "$SLURM_CONF" || return 1
        for ((i = 0; i < 100; i++)); do
            pid=$(pid_of "$n.outer") || return 1
            kids=$(cat "/proc/$pid/task/$pid/children" 2>/dev/null)
            [ -n "${kids// /}" ] && break
            sleep 0.05
        done
        pid=${kids%% *}
        printf '%s %s\n' "$pid" "$(start_time "$pid")" >"$RUN/$n.pid"
    else
        launch_first "$n" slurmd -D -N "$n" -f "$SLURM_CONF"
    fi
}

# Processes of node $1 where there is no namespace: daemon and steps have the
# node's log open, tasks have this cluster's SLURM_CONF and their node's name.
node_procs() {
    local f p
    {
        find /proc/[0-9]*/fd -maxdepth 1 -lname "$LOG/$1.log" 2>/dev/null | while IFS=/ read -r _ _ p _; do
            case $(cat "/proc/$p/comm" 2>/dev/null) in slurmd | slurmstepd) echo "$p" ;; esac
        done
        for f in /proc/[0-9]*/environ; do
            p=${f#/proc/} p=${p%/environ}
            grep -qzFx "SLURM_CONF=$SLURM_CONF" "$f" 2>/dev/null &&
                grep -qzFx "SLURMD_NODENAME=$1" "$f" 2>/dev/null && echo "$p"
        done
    } | sort -un | while read -r p; do
        if start_time "$p" >/dev/null; then echo "$p"; fi
    done
}

# kill_node NAME: power cut, nothing is told to the controller.
kill_node() {
    local n=$1 pid i
    if [ -e "$RUN/$n.outer.pid" ]; then
        pid=$(pid_of "$n") && kill -KILL "$pid" 2>/dev/null
        for ((i = 0; i < 50; i++)); do
            pid_of "$n.outer" >/dev/null || break
            sleep 0.1
        done
        pid=$(pid_of "$n.outer") && kill -KILL "$pid" 2>/dev/null
    else
        # all are stopped before any is killed: no step may report the end of its tasks
        for ((i = 0; i < 20; i++)); do
            pid="$(node_procs "$n") $(pid_of "$n")"
            [ -n "${pid//[[:space:]]/}" ] || break
            # shellcheck disable=SC2086
            kill -STOP $pid 2>/dev/null
            # shellcheck disable=SC2086
            [ "$i" = 0 ] || kill -KILL $pid 2>/dev/null
        done
    fi
    rm -f "$RUN/$n.pid" "$RUN/$n.outer.pid"
}

stop_node() {
    local n=$1
    [ -e "$RUN/$n.pid" ] || return 0
    local pid i
    if pid=$(pid_of "$n"); then
        kill -TERM "$pid" 2>/dev/null
        for ((i = 0; i < 50; i++)); do
            pid_of "$n" >/dev/null || break
            sleep 0.1
        done
    fi
    kill_node "$n"
}
