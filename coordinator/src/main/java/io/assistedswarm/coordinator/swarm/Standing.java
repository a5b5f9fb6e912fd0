package io.assistedswarm.coordinator.swarm;

import io.assistedswarm.coordinator.api.Views.SwarmState;
import io.assistedswarm.coordinator.api.Views.Verdict;
import io.assistedswarm.coordinator.record.Change;
import io.assistedswarm.coordinator.record.RecordedSwarm;
import io.assistedswarm.protocol.SwarmId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where a swarm stands as a whole: its state and, once it has ended, its verdict and why. Each change is recorded. */
final class Standing {
    private static final Logger LOG = LoggerFactory.getLogger(Standing.class);

    private final SwarmId swarm;
    private final Chronicle chronicle;
    private SwarmState state = SwarmState.RUNNING;
    private Verdict verdict = Verdict.NONE;
    private List<String> reasons = List.of();
    private Optional<Instant> endedAt = Optional.empty();

    Standing(SwarmId swarm, Chronicle chronicle) {
        this.swarm = swarm;
        this.chronicle = chronicle;
    }

    SwarmState state() {
        return state;
    }

    boolean is(SwarmState other) {
        return state == other;
    }

    /** Running, or held back from it by nothing but its user. */
    boolean isUnderWay() {
        return state == SwarmState.RUNNING || state == SwarmState.PAUSED;
    }

    Verdict verdict() {
        return verdict;
    }

    Optional<Instant> endedAt() {
        return endedAt;
    }

    void enter(SwarmState next) {
        LOG.info("swarm [{}] is [{}], was [{}]", swarm, next.label(), state.label());
        state = next;
        chronicle.save(new Change.SwarmReached(swarm, state, verdict, reasons, endedAt));
    }

    void end(SwarmState over, Verdict with, List<String> because, Instant now) {
        verdict = with;
        reasons = List.copyOf(because);
        endedAt = Optional.of(now);
        LOG.info("swarm [{}] is over: [{}] {}", swarm, verdict, reasons);
        enter(over);
    }

    void remember(RecordedSwarm recorded) {
        state = recorded.state();
        verdict = recorded.verdict();
        reasons = recorded.verdictReasons();
        endedAt = recorded.endedAt();
    }
}
