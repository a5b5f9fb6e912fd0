package io.assistedswarm.worker.runtime.container;

import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.LogIds;
import io.assistedswarm.protocol.WorkerCommand.SwarmClosed;
import io.assistedswarm.worker.process.Processes.Exit;
import io.assistedswarm.worker.process.Processes.ProcessFailed;
import io.assistedswarm.worker.process.Processes.Running;
import io.assistedswarm.worker.process.Workspace;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;

/**
 * A host that the combined agent plays. It has a marker file of its own: the API can take an agent off its list but not end it, and
 * what ends it is its marker. When the host itself has made it, the one that its siblings look at is made, too.
 *
 * @param id of the agent in the combined agent's list
 * @param ownMarker what the agent takes for its reboot marker
 */
record CombinedHost(
        HostId host,
        long id,
        Path ownMarker,
        Workspace workspace,
        Path logFile,
        Instant startedAt,
        CompletableFuture<Exit> exit,
        CompletableFuture<Done> gone,
        CombinedAgent agent)
        implements Running {
    private static final int BROKE_OFF = 1;

    /** Of what is logged about it. */
    Map<String, String> ids() {
        return LogIds.of(host);
    }

    @Override
    public long pid() {
        return 0;
    }

    @Override
    public String label() {
        return "agent " + id + " of the combined agent";
    }

    @Override
    public Map<String, Long> had() {
        return Map.of(SwarmClosed.COMBINED_HOST, 1L);
    }

    @Override
    public CompletionStage<Done> stop() {
        return agent.stop(this);
    }

    /** The program is not the host's alone to kill. */
    @Override
    public CompletionStage<Done> kill() {
        return stop();
    }

    @Override
    public CompletionStage<Done> suspend() {
        return cannot("stand still");
    }

    @Override
    public CompletionStage<Done> resume() {
        return CompletableFuture.completedFuture(Done.getInstance());
    }

    @Override
    public CompletionStage<Integer> killDescendants(Set<String> programs) {
        return cannot("lose its installer");
    }

    private <T> CompletionStage<T> cannot(String what) {
        return CompletableFuture.failedFuture(new ProcessFailed(
                "the combined agent cannot let one host " + what + ": try that fault with another runtime", null));
    }

    /** Makes it end within a second or two, as soon as it has registered. */
    void makeOwnMarker() {
        try {
            Files.createFile(ownMarker);
        } catch (FileAlreadyExistsException e) {
            // It has come to its fake reboot by itself.
        } catch (IOException e) {
            throw new ProcessFailed("cannot end agent of " + host + ": " + e.getMessage(), e);
        }
    }

    /** Tells the siblings of its reboot. */
    void relayMarker() {
        if (Files.exists(ownMarker) && !workspace.hasMarker(host)) {
            workspace.makeMarker(host);
        }
    }

    void ended(boolean requested) {
        exit.complete(new Exit(requested || Files.exists(ownMarker) ? 0 : BROKE_OFF, requested));
        gone.complete(Done.getInstance());
    }

    void brokeOff(Exit exitOfProgram) {
        exit.complete(
                new Exit(exitOfProgram.status() == 0 ? BROKE_OFF : exitOfProgram.status(), exitOfProgram.requested()));
        gone.complete(Done.getInstance());
    }
}
