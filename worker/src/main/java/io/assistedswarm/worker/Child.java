package io.assistedswarm.worker;

import io.assistedswarm.protocol.Description.ProcessState;
import io.assistedswarm.worker.process.Processes.Exit;
import io.assistedswarm.worker.process.Processes.Running;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;

/** The one process that an actor keeps: the agent of a host, the controller of a cluster. */
public final class Child {
    private Optional<Running> running = Optional.empty();
    /** Also after it has ended: what it left behind may still be there. */
    private Optional<Running> last = Optional.empty();

    private int crashes;
    private int crashesInARow;

    /** A new generation: nothing has been started for it, and nothing has crashed. */
    public void renew() {
        running = Optional.empty();
        crashes = 0;
        crashesInARow = 0;
    }

    public void started(Running process) {
        running = Optional.of(process);
        last = running;
    }

    /** Whether it is news that this process has ended: it is the current one, and nobody had asked it to. It is let go of then. */
    public boolean endedByItself(Running process, Exit exit) {
        boolean news = running.filter(process::equals).isPresent() && !exit.requested();
        if (news) {
            running = Optional.empty();
        }
        return news;
    }

    /**
     * Counts an end that should not have been.
     *
     * @param lasting a process that lived longer than this did not crash because the one before it did
     * @return how many crashed in a row, this one included
     */
    public int crashed(Running process, Instant now, Duration lasting) {
        crashes++;
        boolean lasted = Duration.between(process.startedAt(), now).compareTo(lasting) > 0;
        crashesInARow = lasted ? 1 : crashesInARow + 1;
        return crashesInARow;
    }

    /** Of this generation. */
    public int crashes() {
        return crashes;
    }

    /** Ends the process and what is left of it; completes when nothing is. Its end is no news any more. */
    public CompletionStage<Done> stop() {
        running = Optional.empty();
        return last.map(Running::stop).orElseGet(() -> CompletableFuture.completedFuture(Done.getInstance()));
    }

    /** As {@link #stop}, with no time for a farewell. */
    public CompletionStage<Done> kill() {
        running = Optional.empty();
        return last.map(Running::kill).orElseGet(() -> CompletableFuture.completedFuture(Done.getInstance()));
    }

    public CompletionStage<Done> suspend() {
        return running.map(Running::suspend).orElseGet(() -> CompletableFuture.completedFuture(Done.getInstance()));
    }

    public CompletionStage<Done> resume() {
        return running.map(Running::resume).orElseGet(() -> CompletableFuture.completedFuture(Done.getInstance()));
    }

    /** @return how many of its descendants ran one of the programs; they are killed */
    public CompletionStage<Integer> killDescendants(Set<String> programs) {
        return running.map(process -> process.killDescendants(programs))
                .orElseGet(() -> CompletableFuture.completedFuture(0));
    }

    public Optional<ProcessState> state() {
        return running.map(process -> new ProcessState(
                process.pid(), process.startedAt(), crashes, process.logFile().toString()));
    }
}
