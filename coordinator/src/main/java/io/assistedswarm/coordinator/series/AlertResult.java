package io.assistedswarm.coordinator.series;

import io.assistedswarm.coordinator.plan.Alert;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What came of one alert over a run.
 *
 * @param fired series for which it did
 * @param firstAt when it first did
 * @param descriptions of the first few series
 * @param error why it could not be asked; empty when it was
 */
public record AlertResult(
        Alert alert, int fired, Optional<Instant> firstAt, List<String> descriptions, Optional<String> error) {
    public AlertResult {
        descriptions = List.copyOf(descriptions);
    }
}
