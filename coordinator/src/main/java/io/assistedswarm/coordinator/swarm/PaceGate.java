package io.assistedswarm.coordinator.swarm;

import io.assistedswarm.coordinator.plan.Pace;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Keeps a swarm's pace: how many more clusters may be admitted at a moment. */
final class PaceGate {
    private final Pace pace;
    private Instant batchBegan = Instant.MIN;
    private int usedOfBatch;

    PaceGate(Pace pace) {
        this.pace = pace;
    }

    /** As it was when the last of these, in order of time, had been admitted. */
    static PaceGate resumed(Pace pace, List<Instant> admitted) {
        PaceGate gate = new PaceGate(pace);
        for (Instant at : admitted) {
            if (gate.leftOfBatch(at) > 0) {
                gate.admitted(at);
            }
        }
        return gate;
    }

    /** What is left of the current batch. A batch that had to wait for places goes on; the interval counts from its first cluster. */
    int leftOfBatch(Instant now) {
        if (usedOfBatch >= pace.batch() && !now.isBefore(nextBatch())) {
            usedOfBatch = 0;
        }
        return pace.batch() - usedOfBatch;
    }

    boolean mayInstall(int installing) {
        return installing < pace.maxInstalling();
    }

    boolean tooManyFailed(int failed) {
        return failed > pace.maxFailures();
    }

    void admitted(Instant now) {
        if (usedOfBatch == 0) {
            batchBegan = now;
        }
        usedOfBatch++;
    }

    /** Why no cluster may be admitted now, as far as it is the pace's doing. */
    Optional<String> waiting(Instant now, int installing) {
        if (!mayInstall(installing)) {
            return Optional.of("waits for the pace: " + installing + " clusters are installing (maxInstalling "
                    + pace.maxInstalling() + ")");
        }
        return leftOfBatch(now) > 0
                ? Optional.empty()
                : Optional.of("waits for the pace: the next batch of " + pace.batch() + " is admitted in "
                        + Math.max(1, Duration.between(now, nextBatch()).toSeconds()) + " s");
    }

    private Instant nextBatch() {
        return batchBegan.plus(pace.interval());
    }
}
