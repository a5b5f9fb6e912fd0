package io.assistedswarm.coordinator.plan;

import io.assistedswarm.coordinator.plan.Limits.Bound;
import io.assistedswarm.coordinator.plan.Limits.FailureLimit;
import io.assistedswarm.coordinator.plan.Limits.Generator;
import io.assistedswarm.coordinator.plan.Limits.PhaseLimit;
import io.assistedswarm.coordinator.plan.Limits.Subject;
import io.assistedswarm.protocol.Failure;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads {@code limits}, of a plan or of a file of its own. */
public final class LimitsSection {
    private LimitsSection() {}

    /**
     * Reads and checks a file that holds nothing but the keys of {@code limits}, or is an alert profile of kube-burner.
     *
     * @return empty when it is neither; to be used only when there are no problems
     */
    public static Optional<Limits> read(Path file, Problems problems) {
        return YamlFile.read(file, problems)
                .flatMap(tree -> tree instanceof YamlNode.Sequence
                        ? Section.list(tree, problems, ProfileFile::alert).map(Limits.NONE::withAlerts)
                        : Section.tree(
                                tree, problems, LimitsSection::read, limits -> LimitRules.violations("", limits)));
    }

    /** What is there and cannot be read is taken as something harmless. */
    static Limits read(Section section) {
        Limits limits = new Limits(
                share(section, "success"),
                section.sections("phases", (phase, index) -> phase(phase)).orElse(List.of()),
                section.sections("failures", (failure, index) -> failure(failure))
                        .orElse(List.of()),
                section.section("generator").map(LimitsSection::generator),
                section.sections("promql", (alert, index) -> ProfileFile.alert(alert))
                        .orElse(List.of()),
                section.texts("alertProfiles").orElse(List.of()));
        section.close();
        return limits;
    }

    private static PhaseLimit phase(Section section) {
        PhaseLimit limit = new PhaseLimit(
                section.parsed(
                                "of",
                                "what has phases",
                                text -> Subject.parse(text)
                                        .filter(subject -> !subject.phases().isEmpty()),
                                text -> "write 'clusters' or 'hosts'")
                        .orElse(Subject.CLUSTERS),
                section.text("from").orElse(PhaseLimit.FIRST),
                section.require("phase").text("phase").orElse(PhaseLimit.FIRST),
                section.require("quantile")
                        .parsed(
                                "quantile",
                                "a quantile",
                                Limits::parseQuantile,
                                text -> "write for example 'p95', or 'max'")
                        .orElse(1.0),
                section.require("atMost").duration("atMost").orElse(Duration.ofSeconds(1)));
        section.close();
        return limit;
    }

    private static FailureLimit failure(Section section) {
        FailureLimit limit = new FailureLimit(
                subject(section),
                section.parsed(
                        "side",
                        "a side",
                        LimitsSection::side,
                        text -> "write 'service', 'generator', 'plan' or 'unknown'"),
                section.text("reason"),
                section.require("atMost")
                        .parsed(
                                "atMost",
                                "a number or a share",
                                Limits::parseBound,
                                text -> "write for example '3', or '1%'")
                        .orElse(Bound.of(0)));
        section.close();
        return limit;
    }

    private static Generator generator(Section section) {
        Generator limits = new Generator(
                share(section, "late").orElse(Generator.DEFAULT.late()),
                share(section, "cpuWait").orElse(Generator.DEFAULT.cpuWait()),
                section.duration("stall").orElse(Generator.DEFAULT.stall()),
                share(section, "lost").orElse(Generator.DEFAULT.lost()));
        section.close();
        return limits;
    }

    private static Subject subject(Section section) {
        return section.parsed(
                        "of", "what is counted", Subject::parse, text -> "write 'clusters', 'hosts' or 'downloads'")
                .orElse(Subject.CLUSTERS);
    }

    private static Optional<Failure.Side> side(String text) {
        return Stream.of(Failure.Side.values())
                .filter(side -> side.name().toLowerCase(Locale.ROOT).equals(text))
                .findFirst();
    }

    private static Optional<Double> share(Section section, String key) {
        return section.parsed(
                key,
                "a share",
                Limits::parseShare,
                text -> Scalars.isNumber(text) ? "say of what: '" + text + "%'" : "write for example '5%'");
    }
}
