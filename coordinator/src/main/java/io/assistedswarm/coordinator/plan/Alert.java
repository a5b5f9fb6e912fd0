package io.assistedswarm.coordinator.plan;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One line of an alert profile of kube-burner (docs/observability/alerting.md there): it fires for each series that the expression has over
 * the run.
 *
 * @param expr PromQL, with {@code {{.elapsed}}} for the length of the run
 * @param description with {@code {{$labels.NAME}}} and {@code {{$value}}} of the series' first point
 */
public record Alert(String expr, String description, Severity severity) {
    /** What it means when it fires. */
    public enum Severity {
        INFO,
        WARNING,
        ERROR,
        CRITICAL;

        /** Whether the verdict is failed then. */
        public boolean decides() {
            return this == ERROR || this == CRITICAL;
        }

        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Optional<Severity> parse(String text) {
            return Stream.of(values())
                    .filter(severity -> severity.label().equals(text))
                    .findFirst();
        }
    }
}
