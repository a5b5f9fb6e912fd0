package io.assistedswarm.coordinator.swarm;

import io.assistedswarm.coordinator.record.Change;
import io.assistedswarm.coordinator.record.Replacement;
import io.assistedswarm.protocol.ClusterId;
import io.assistedswarm.protocol.ClusterSpec;
import io.assistedswarm.protocol.LogIds;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets a fresh cluster in for each that the generator has lost, if the plan says so. A replacement that is lost is replaced as well, until there
 * have been as many as the plan allows. Not thread-safe: it belongs to one actor.
 */
final class Replacements {
    private static final Logger LOG = LoggerFactory.getLogger(Replacements.class);

    private final int limit;
    private final Progress progress;
    private final Intake intake;
    private final Lookout lookout;
    private final Chronicle chronicle;

    /** @param limit so many at the most; 0 when none is wanted */
    Replacements(int limit, Progress progress, Intake intake, Lookout lookout, Chronicle chronicle) {
        this.limit = limit;
        this.progress = progress;
        this.intake = intake;
        this.lookout = lookout;
        this.chronicle = chronicle;
    }

    /** May be called at any time. Where nothing is let in any more, nothing is replaced. */
    void advance(Instant now) {
        if (limit == 0 || intake.stopped().isPresent()) {
            return;
        }
        for (ClusterId lost : progress.lost()) {
            if (progress.replaced() < limit) {
                ClusterSpec fresh = progress.replace(lost, now);
                chronicle.save(new Change.ClusterReplaced(new Replacement(lost, fresh.id(), now)));
                lookout.add(fresh);
                intake.add(fresh, now);
                LogIds.with(
                        LogIds.of(lost), () -> LOG.info("cluster [{}] is lost and replaced by [{}]", lost, fresh.id()));
            }
        }
    }

    /** Why lost clusters were not replaced although that is wanted; empty when all were. */
    Optional<String> stopped() {
        return limit == 0 || progress.lost().isEmpty() || intake.stopped().isPresent()
                ? Optional.empty()
                : Optional.of("no more clusters are replaced than the plan has: " + limit);
    }
}
