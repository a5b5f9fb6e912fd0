package io.assistedswarm.coordinator.plan;

import java.math.BigDecimal;

/**
 * A bound of failures that grows with the run.
 *
 * @param share of the clusters that have ended, from 0 to less than 1
 * @param sample so many must have ended before it counts
 */
public record FailureShare(double share, int sample) {
    public static final int DEFAULT_SAMPLE = 20;

    @Override
    public String toString() {
        return BigDecimal.valueOf(share).movePointRight(2).stripTrailingZeros().toPlainString() + "%";
    }

    boolean isExceeded(int failed, int ended) {
        return ended >= sample && failed > share * ended;
    }
}
