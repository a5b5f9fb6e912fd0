package io.assistedswarm.coordinator.plan;

import java.time.Duration;

/**
 * How fast clusters are admitted.
 *
 * @param batch clusters admitted at a time; {@link Integer#MAX_VALUE} for all at once
 * @param interval between batches
 * @param maxInstalling upper bound of clusters that are admitted and not yet at an end, those without a cluster (infra-env only) not
 *     counted; {@link Integer#MAX_VALUE} for none
 * @param maxFailures admission stops when more clusters than this have failed; {@link Integer#MAX_VALUE} for never
 */
public record Pace(int batch, Duration interval, int maxInstalling, int maxFailures) {
    /** As fast as there is room. */
    public static final Pace UNLIMITED =
            new Pace(Integer.MAX_VALUE, Duration.ZERO, Integer.MAX_VALUE, Integer.MAX_VALUE);
}
