package io.assistedswarm.coordinator.plan;

import io.assistedswarm.coordinator.plan.Metrics.Endpoint;
import io.assistedswarm.coordinator.plan.Metrics.Scrape;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Reads {@code metrics}, of a plan or of a file of its own. */
public final class MetricsSection {
    private MetricsSection() {}

    /**
     * Reads and checks a file that holds nothing but the keys of {@code metrics}.
     *
     * @return empty when it is not even a mapping; to be used only when there are no problems
     */
    public static Optional<Metrics> read(Path file, Problems problems) {
        return Section.file(file, problems, MetricsSection::read, metrics -> MetricRules.violations("", metrics));
    }

    /** What is there and cannot be read is taken as something harmless. */
    static Metrics read(Section section) {
        Metrics metrics = new Metrics(
                section.section("prometheus").map(MetricsSection::endpoint),
                section.duration("step"),
                section.duration("deadline").orElse(Metrics.DEFAULT_DEADLINE),
                section.texts("profiles"),
                section.sections("queries", (query, index) -> ProfileFile.query(query))
                        .orElse(List.of()),
                section.section("scrape").map(MetricsSection::scrape));
        section.close();
        return metrics;
    }

    private static Endpoint endpoint(Section section) {
        Endpoint endpoint = new Endpoint(
                section.require("url").address("url").orElse("http://none"),
                absolute(section, "tokenFile"),
                absolute(section, "caFile"),
                section.bool("insecure").orElse(false));
        section.close();
        return endpoint;
    }

    private static String absolute(Section section, String key) {
        String file = section.text(key).orElse("");
        if (!file.isEmpty() && !file.startsWith("/")) {
            section.error(key, "is not an absolute path", "the coordinator reads it, on its own machine");
            return "";
        }
        return file;
    }

    private static Scrape scrape(Section section) {
        Scrape scrape = new Scrape(
                section.bool("enabled").orElse(true),
                section.has("url") ? section.address("url").orElse("") : "",
                section.duration("interval").orElse(Scrape.DEFAULT.interval()),
                section.texts("families").orElse(Scrape.DEFAULT_FAMILIES));
        section.close();
        return scrape;
    }
}
