package io.assistedswarm.coordinator.plan;

import io.assistedswarm.protocol.ClusterPhase;
import io.assistedswarm.protocol.Failure;
import io.assistedswarm.protocol.HostPhase;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What must hold of a run for its verdict: of the service, and of the generator, without which nothing is known of the service.
 *
 * @param success share of the clusters that end as they are to, those that the generator lost left out; empty for all of them
 * @param generator empty for {@link Generator#DEFAULT}
 * @param alerts PromQL that must not fire
 * @param alertProfiles files of such alerts, as they are named by the user; empty once they are read
 */
public record Limits(
        Optional<Double> success,
        List<PhaseLimit> phases,
        List<FailureLimit> failures,
        Optional<Generator> generator,
        List<Alert> alerts,
        List<String> alertProfiles) {
    public static final Limits NONE = new Limits(Optional.empty(), List.of(), List.of(), Optional.empty());

    public Limits {
        phases = List.copyOf(phases);
        failures = List.copyOf(failures);
        // None in what an earlier version has recorded.
        alerts = alerts == null ? List.of() : List.copyOf(alerts);
        alertProfiles = alertProfiles == null ? List.of() : List.copyOf(alertProfiles);
    }

    /** Without PromQL. */
    public Limits(
            Optional<Double> success,
            List<PhaseLimit> phases,
            List<FailureLimit> failures,
            Optional<Generator> generator) {
        this(success, phases, failures, generator, List.of(), List.of());
    }

    /** The same, with the alerts that its profiles hold. */
    Limits withAlerts(List<Alert> read) {
        return new Limits(success, phases, failures, generator, read, List.of());
    }

    /** What is counted. */
    public enum Subject {
        CLUSTERS,
        HOSTS,
        /** They have no phases, and fail or do not. */
        DOWNLOADS;

        /** The names of its phases by their labels, in their order; those that nobody wants are left out. */
        public Map<String, String> phases() {
            Map<String, String> phases = new LinkedHashMap<>();
            switch (this) {
                case CLUSTERS ->
                    Stream.of(ClusterPhase.values())
                            .filter(phase -> phase != ClusterPhase.PENDING && (!phase.isEnd() || phase.endsWell()))
                            .forEach(phase -> phases.put(phase.label(), phase.name()));
                case HOSTS ->
                    Stream.of(HostPhase.values())
                            .filter(phase -> !phase.endsBadly())
                            .forEach(phase -> phases.put(phase.label(), phase.name()));
                case DOWNLOADS -> {}
            }
            return phases;
        }

        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }

        public static Optional<Subject> parse(String text) {
            return Stream.of(values())
                    .filter(subject -> subject.label().equals(text))
                    .findFirst();
        }
    }

    /**
     * A bound on the time from one phase to another.
     *
     * @param from label of the phase from whose beginning on it is measured
     * @param phase label of the one whose beginning ends it
     * @param quantile more than 0, and 1 for the longest
     */
    public record PhaseLimit(Subject of, String from, String phase, double quantile, Duration atMost) {
        public static final String FIRST = "placed";

        public String name() {
            return quantileText(quantile) + " of " + of.label() + ", " + from + " → " + phase;
        }
    }

    /**
     * A bound on failures of one class.
     *
     * @param side empty for any
     * @param reason empty for any
     */
    public record FailureLimit(Subject of, Optional<Failure.Side> side, Optional<String> reason, Bound atMost) {
        public String name() {
            return "failures of " + of.label()
                    + side.map(by -> " by " + by.name().toLowerCase(Locale.ROOT))
                            .orElse("")
                    + reason.map(why -> " with " + why).orElse("");
        }
    }

    /** One of the two is there: a number, or a share of all that there are. */
    public record Bound(Optional<Integer> count, Optional<Double> share) {
        public static Bound of(int count) {
            return new Bound(Optional.of(count), Optional.empty());
        }

        public static Bound of(double share) {
            return new Bound(Optional.empty(), Optional.of(share));
        }

        public boolean holds(long counted, long all) {
            return count.map(most -> counted <= most).orElse(true)
                    && share.map(most -> counted <= most * all).orElse(true);
        }

        @Override
        public String toString() {
            return count.map(String::valueOf)
                    .or(() -> share.map(Limits::percent))
                    .orElse("any number");
        }
    }

    /**
     * Within these the run says something of the service.
     *
     * @param late share of the clusters that may come later than 5 s after they were due by the generator's own doing
     * @param cpuWait share of the time in which something on a machine waited for a processor; holds for 95 % of a node's samples
     * @param stall by which a timer of a node comes late; holds for 95 % of its samples
     * @param lost share of the clusters that the generator may lose, or fail, without another taking their place
     */
    public record Generator(double late, double cpuWait, Duration stall, double lost) {
        public static final Generator DEFAULT = new Generator(0.05, 0.75, Duration.ofSeconds(1), 0.05);
    }

    public boolean saysNothing() {
        return equals(NONE);
    }

    /** {@code p95}, {@code max}. */
    public static String quantileText(double quantile) {
        return quantile == 1 ? "max" : "p" + number(quantile * 100);
    }

    public static String percent(double share) {
        return number(share * 100) + "%";
    }

    /** {@code 1h30m}, {@code 0.5s}. */
    public static String text(Duration duration) {
        return duration.toString().substring("PT".length()).toLowerCase(Locale.ROOT);
    }

    private static String number(double value) {
        String text = String.format(Locale.ROOT, "%.3f", value);
        return text.replaceAll("\\.?0+$", "");
    }

    /** {@code 99%}; empty when it is none, or not within 0 and 100. */
    static Optional<Double> parseShare(String text) {
        return Optional.of(text)
                .filter(written -> written.endsWith("%"))
                .map(written -> written.substring(0, written.length() - 1))
                .filter(Scalars::isNumber)
                .map(number -> Double.parseDouble(number) / 100)
                .filter(Limits::isShare);
    }

    /** {@code p95}, {@code p99.9} or {@code max}; empty when it is none. */
    static Optional<Double> parseQuantile(String text) {
        if (text.equals("max")) {
            return Optional.of(1.0);
        }
        return Optional.of(text)
                .filter(written -> written.startsWith("p"))
                .map(written -> written.substring(1))
                .filter(Scalars::isNumber)
                .map(number -> Double.parseDouble(number) / 100)
                .filter(Limits::isQuantile);
    }

    /** {@code 3} or {@code 1%}. */
    static Optional<Bound> parseBound(String text) {
        return parseShare(text)
                .map(Bound::of)
                .or(() -> Optional.of(text)
                        .filter(Scalars::isWhole)
                        .flatMap(Scalars::whole)
                        .filter(number -> number >= 0 && number <= Integer.MAX_VALUE)
                        .map(number -> Bound.of(Math.toIntExact(number))));
    }

    static boolean isShare(double share) {
        return share >= 0 && share <= 1;
    }

    static boolean isQuantile(double quantile) {
        return quantile > 0 && quantile <= 1;
    }
}
