package io.assistedswarm.coordinator.series;

import io.assistedswarm.coordinator.plan.Metrics;
import io.assistedswarm.coordinator.series.Exposition.Sample;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What the service's page showed at a moment, cut down to what is kept: counters and histograms are summed over their labels, gauges keep
 * them.
 *
 * @param families by their names; empty when the page could not be had
 * @param error why it could not; empty when it could
 */
public record Scrape(Instant at, Map<String, Family> families, Optional<String> error) {
    private static final List<String> ENDINGS = List.of("_bucket", "_sum", "_count");
    private static final int MOST_GAUGES = 20;

    public Scrape {
        families = new TreeMap<>(families);
    }

    /**
     * Of one family.
     *
     * @param values of a gauge by its labels; of a counter by an empty text
     * @param buckets of a histogram, how many observations are at most so big; the keys are numbers as texts
     * @param sum of all observations
     * @param count of them
     */
    public record Family(Kind kind, Map<String, Double> values, Map<String, Double> buckets, double sum, double count) {
        public Family {
            values = new TreeMap<>(values);
            buckets = new TreeMap<>(buckets);
        }
    }

    /** As far as they are told apart here. */
    public enum Kind {
        COUNTER,
        GAUGE,
        /** A summary, too: its own quantiles are of no use over many. */
        HISTOGRAM
    }

    static Scrape failed(Instant at, String why) {
        return new Scrape(at, Map.of(), Optional.of(why));
    }

    static Scrape of(Instant at, String page, Metrics.Scrape wanted) {
        Exposition exposition = Exposition.parse(page);
        Map<String, Reading> readings = new TreeMap<>();
        for (Sample sample : exposition.samples()) {
            String family = family(sample.name(), exposition);
            if (wanted.wants(family) && Double.isFinite(sample.value())) {
                readings.computeIfAbsent(family, name -> new Reading(kind(name, exposition)))
                        .add(sample);
            }
        }
        Map<String, Family> families = new TreeMap<>();
        readings.forEach((name, reading) -> families.put(name, reading.family()));
        return families.isEmpty()
                ? failed(
                        at,
                        exposition.samples().isEmpty()
                                ? "the page is not in Prometheus' text format"
                                : "the page has none of the families that are to be kept")
                : new Scrape(at, families, Optional.empty());
    }

    /** A page says the type of the whole family only. */
    private static String family(String name, Exposition page) {
        for (String ending : ENDINGS) {
            if (name.endsWith(ending)) {
                String family = name.substring(0, name.length() - ending.length());
                if (page.type(family) == Exposition.Type.HISTOGRAM || page.type(family) == Exposition.Type.SUMMARY) {
                    return family;
                }
            }
        }
        return name;
    }

    /** What the page says no type of is a counter by its name, or a gauge. */
    private static Kind kind(String family, Exposition page) {
        return switch (page.type(family)) {
            case HISTOGRAM, SUMMARY -> Kind.HISTOGRAM;
            case COUNTER -> Kind.COUNTER;
            case GAUGE -> Kind.GAUGE;
            case UNTYPED -> family.endsWith("_total") ? Kind.COUNTER : Kind.GAUGE;
        };
    }

    /** Sums up a family's samples. */
    private static final class Reading {
        private final Kind kind;
        private final Map<String, Double> values = new TreeMap<>();
        private final Map<String, Double> buckets = new TreeMap<>();
        private double sum;
        private double count;

        private Reading(Kind kind) {
            this.kind = kind;
        }

        private void add(Sample sample) {
            switch (kind) {
                case COUNTER -> values.merge("", sample.value(), Double::sum);
                case GAUGE -> {
                    String labels = labels(sample.labels());
                    if (values.containsKey(labels) || values.size() < MOST_GAUGES) {
                        values.merge(labels, sample.value(), Double::sum);
                    }
                }
                case HISTOGRAM -> {
                    if (sample.name().endsWith("_bucket")) {
                        buckets.merge(sample.labels().getOrDefault("le", ""), sample.value(), Double::sum);
                    } else if (sample.name().endsWith("_sum")) {
                        sum += sample.value();
                    } else if (sample.name().endsWith("_count")) {
                        count += sample.value();
                    }
                }
            }
        }

        private static String labels(Map<String, String> labels) {
            StringBuilder text = new StringBuilder();
            labels.forEach((name, value) -> text.append(text.isEmpty() ? "" : ",")
                    .append(name)
                    .append('=')
                    .append(value.replace(",", "_")));
            return text.toString();
        }

        private Family family() {
            return new Family(kind, values, buckets, sum, count);
        }
    }
}
