package io.assistedswarm.coordinator.cli;

import io.assistedswarm.coordinator.api.Views.SwarmView;
import io.assistedswarm.coordinator.cli.Coordinator.Unreachable;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Looks at a swarm until something holds of it, and bears a coordinator that is away for a moment. */
final class SwarmWatch {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Shell shell;
    private final Coordinator coordinator;
    private final String swarm;

    SwarmWatch(Shell shell, Coordinator coordinator, String swarm) {
        this.shell = shell;
        this.coordinator = coordinator;
        this.swarm = swarm;
    }

    /**
     * Waits.
     *
     * @param timeout none when empty
     * @param seen is told of every look
     * @return the swarm as it then is; empty when the time is over
     */
    Optional<SwarmView> await(Predicate<SwarmView> holds, Optional<Duration> timeout, Consumer<SwarmView> seen)
            throws InterruptedException {
        Instant start = shell.clock().instant();
        Instant lastAnswer = start;
        while (true) {
            try {
                SwarmView view = coordinator.get("/swarms/" + Coordinator.encoded(swarm), SwarmView.class);
                lastAnswer = shell.clock().instant();
                seen.accept(view);
                if (holds.test(view)) {
                    return Optional.of(view);
                }
            } catch (Unreachable e) {
                boolean never = lastAnswer.equals(start);
                if (never || lastAnswer.plus(PATIENCE).isBefore(shell.clock().instant())) {
                    throw e;
                }
            }
            Instant now = shell.clock().instant();
            if (timeout.isPresent() && !now.isBefore(start.plus(timeout.get()))) {
                return Optional.empty();
            }
            Thread.sleep(shell.interval());
        }
    }
}
