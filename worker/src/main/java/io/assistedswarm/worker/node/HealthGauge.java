package io.assistedswarm.worker.node;

import io.assistedswarm.protocol.NodeHealth;
import io.assistedswarm.protocol.StrainGauge;
import io.assistedswarm.protocol.WorkerCommand.LeaseRenewed;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.Optional;

/**
 * Whether this worker has what it needs to keep its times, and how its clock stands to the coordinator's: of the last answers the one that was
 * fastest there and back says it best. Not thread-safe: it belongs to one actor.
 */
public final class HealthGauge {
    private static final int REMEMBERED = 8;

    private final Clock clock;
    private final StrainGauge strain;
    private final Deque<Comparison> comparisons = new ArrayDeque<>();

    private record Comparison(Duration ahead, Duration roundTrip) {}

    public HealthGauge(Clock clock, StrainGauge strain) {
        this.clock = clock;
        this.strain = strain;
    }

    /** The coordinator has answered a report. */
    void heard(LeaseRenewed renewed) {
        Instant now = clock.instant();
        Duration roundTrip = Duration.between(renewed.reportClock(), now);
        if (roundTrip.isNegative() || renewed.reportClock().equals(Instant.EPOCH)) {
            // The clock was set meanwhile.
            comparisons.clear();
            return;
        }
        Instant middle = renewed.reportClock().plus(roundTrip.dividedBy(2));
        comparisons.addLast(new Comparison(Duration.between(renewed.coordinatorClock(), middle), roundTrip));
        if (comparisons.size() > REMEMBERED) {
            comparisons.removeFirst();
        }
    }

    public NodeHealth now() {
        Optional<Comparison> best = comparisons.stream().min(Comparator.comparing(Comparison::roundTrip));
        return new NodeHealth(
                clock.instant(),
                strain.cpuWait(),
                strain.longestStall(),
                best.map(Comparison::ahead),
                best.map(Comparison::roundTrip).orElse(Duration.ZERO));
    }
}
