package io.assistedswarm.worker.process;

import io.assistedswarm.protocol.LogIds;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A small shell beside the worker that knows every process group, sends them signals, and kills them all when the worker is
 * gone, however it went: the end of its standard input tells it. It costs no poll, and no fork per signal.
 *
 * <p>Not thread-safe: used from the one thread that starts processes. What it logs is about all of them, whichever it was told of.
 */
final class Watchdog {
    /** In the environment of every child: what is left of a worker is found by it, even where it has left its session. */
    static final String INCARNATION = "SWARM_INCARNATION";

    /**
     * The sweep is for descendants that made sessions of their own: they still carry the environment. It repeats because one may
     * fork between being listed and being killed, and looks twice where there is none, because one may be in the moment of an exec, in which
     * the kernel shows no environment.
     */
    private static final String SCRIPT = """
            trap '' HUP INT TERM
            declare -A groups
            end=
            over=
            killAll() {
              for group in "${!groups[@]}"; do kill -s KILL -- "-$group" 2>/dev/null; done
              none=
              for round in 1 2 3 4 5; do
                left=$(grep -lszx "$1" /proc/[0-9]*/environ)
                if [ -n "$left" ]; then
                  none=
                else
                  [ -z "$none" ] || break
                  none=yes
                fi
                for file in $left; do pid=${file#/proc/}; kill -s KILL "${pid%/environ}" 2>/dev/null; done
              done
            }
            while true; do
              if [ -n "$end" ]; then
                read -r now rest </proc/uptime
                seconds=$((end - ${now%.*}))
                if [ "$seconds" -gt 0 ]; then
                  read -r -t "$seconds" verb group
                else
                  [ -n "$over" ] || killAll "$1"
                  over=yes
                  read -r verb group
                fi
              else
                read -r verb group
              fi
              code=$?
              [ "$code" -le 128 ] || continue
              [ "$code" -eq 0 ] || break
              case $verb in
                lease) [ "$group" -le "${end:-0}" ] || { end=$group; over=; } ;;
                +) groups[$group]=yes; [ -z "$over" ] || kill -s KILL -- "-$group" 2>/dev/null ;;
                -) unset "groups[$group]" ;;
                *) kill -s "$verb" -- "-$group" 2>/dev/null ;;
              esac
            done
            killAll "$1"
            """;

    private static final Logger log = LoggerFactory.getLogger(Watchdog.class);
    private final ProcessTools tools;
    private final String incarnation;
    private final Executor executor;
    private final Set<Long> groups = new LinkedHashSet<>();
    private Process shell;
    private OptionalLong leaseEnd = OptionalLong.empty();
    private boolean closed;

    /** @param executor the thread that calls the methods */
    Watchdog(ProcessTools tools, String incarnation, Executor executor) throws IOException {
        this.tools = tools;
        this.incarnation = incarnation;
        this.executor = executor;
        this.shell = launch();
    }

    long pid() {
        return shell.pid();
    }

    void add(long group) {
        groups.add(group);
        tell("+ " + group);
    }

    void remove(long group) {
        groups.remove(group);
        tell("- " + group);
    }

    /** From then on, by {@link BootClock}, every group is killed at once; a later end given before or after lets new ones live again. */
    void lease(long end) {
        leaseEnd = OptionalLong.of(end);
        tell("lease " + end);
    }

    /** @param name {@code TERM} or {@code KILL} */
    void signal(String name, long group) {
        tell(name + " " + group);
    }

    /** Lets the shell kill what is left; false if it did not end in time. */
    boolean close(long timeout, TimeUnit unit) {
        closed = true;
        try {
            shell.getOutputStream().close();
            return shell.waitFor(timeout, unit);
        } catch (IOException e) {
            log.warn("the watchdog's pipe is broken: {}", e.getMessage());
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void tell(String line) {
        if (closed) {
            // It has killed all it knew; another one would outlive this worker's processes for nothing.
            return;
        }
        try {
            write(shell.getOutputStream(), line);
        } catch (IOException e) {
            // It died; the one that takes its place is told of every group, but not of this signal.
            LogIds.without(this::relaunch);
            try {
                write(shell.getOutputStream(), line);
            } catch (IOException again) {
                LogIds.without(() -> log.error("the watchdog ends as soon as it is started: {}", again.getMessage()));
            }
        }
    }

    private static void write(OutputStream pipe, String line) throws IOException {
        pipe.write((line + "\n").getBytes(StandardCharsets.US_ASCII));
        pipe.flush();
    }

    private Process launch() throws IOException {
        ProcessBuilder builder = new ProcessBuilder(List.of(
                        tools.setsid().toString(),
                        tools.bash().toString(),
                        "-c",
                        SCRIPT,
                        "swarm-watchdog",
                        INCARNATION + "=" + incarnation))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        Process launched = builder.start();
        CompletionStage<Void> unused = launched.onExit().thenRunAsync(() -> ended(launched), executor);
        return launched;
    }

    private void ended(Process ended) {
        if (!closed && ended.pid() == shell.pid()) {
            relaunch();
        }
    }

    private void relaunch() {
        log.warn("the watchdog [{}] has died; starting another for [{}] process groups", shell.pid(), groups.size());
        try {
            shell = launch();
            if (leaseEnd.isPresent()) {
                write(shell.getOutputStream(), "lease " + leaseEnd.getAsLong());
            }
            for (long group : groups) {
                write(shell.getOutputStream(), "+ " + group);
            }
        } catch (IOException e) {
            log.error(
                    "cannot start a watchdog: {}. Should this worker be killed, some processes may survive it.",
                    e.getMessage());
        }
    }
}
