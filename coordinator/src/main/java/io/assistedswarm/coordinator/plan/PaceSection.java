package io.assistedswarm.coordinator.plan;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads {@code pace}. */
final class PaceSection {
    private static final Rate HARMLESS = new Rate(60);
    private static final List<String> WHENS = List.of("rate", "ramp", "steps", "batch");

    private PaceSection() {}

    /** What is there and cannot be read is taken as something harmless, so that the other of the two is not blamed. */
    static Pace read(Section section) {
        Optional<FailureShare> share = share(section);
        Pace pace = new Pace(
                section.integer("batch").orElse(section.has("batch") ? 1 : Pace.UNLIMITED.batch()),
                section.duration("interval")
                        .orElse(section.has("interval") ? Duration.ofSeconds(1) : Pace.UNLIMITED.interval()),
                stretches(section),
                section.integer("maxInstalling").orElse(Pace.UNLIMITED.maxInstalling()),
                section.integer("maxPerWorker"),
                share.isPresent()
                        ? Pace.UNLIMITED.maxFailures()
                        : section.integer("maxFailures").orElse(Pace.UNLIMITED.maxFailures()),
                share);
        List<String> whens = WHENS.stream().filter(section::has).toList();
        for (String more : whens.subList(Math.min(1, whens.size()), whens.size())) {
            section.error(more, "is there beside '" + whens.getFirst() + "'", "leave out one of the two");
        }
        section.close();
        return pace;
    }

    private static List<Stretch> stretches(Section section) {
        return Stream.of(
                        rate(section, "rate").map(Stretch::endless).map(List::of),
                        section.section("ramp").map(PaceSection::ramp).map(List::of),
                        steps(section))
                .flatMap(Optional::stream)
                .findFirst()
                .orElse(List.of());
    }

    private static Stretch ramp(Section section) {
        Optional<Rate> from = rate(section.require("from"), "from");
        Optional<Rate> to = rate(section.require("to"), "to");
        to.filter(rate -> from.filter(rate::equals).isPresent())
                .ifPresent(rate ->
                        section.error("to", "is the same as 'from'", "write 'rate: " + rate + "' instead of a ramp"));
        Duration over = length(section.require("over"), "over").orElse(Duration.ofMinutes(1));
        section.close();
        return new Stretch(from.orElse(HARMLESS), to.orElse(HARMLESS), Optional.of(over));
    }

    private static Optional<List<Stretch>> steps(Section section) {
        Optional<List<Stretch>> steps = section.sections("steps", (step, index) -> step(step));
        if (steps.isEmpty()) {
            return steps;
        }
        if (steps.get().isEmpty()) {
            section.error("steps", "has no step", "add for example '- {rate: 100/h, for: 10m}'");
        }
        // A last one without a length goes on for ever; any other is blamed.
        for (int i = 0; i < steps.get().size() - 1; i++) {
            if (steps.get().get(i).length().isEmpty()) {
                section.error("steps", "has a step " + i + " that never ends", "add for example 'for: 10m' to it");
            }
        }
        return steps;
    }

    private static Stretch step(Section section) {
        Rate rate = rate(section.require("rate"), "rate").orElse(HARMLESS);
        Stretch step = new Stretch(rate, rate, length(section, "for"));
        section.close();
        return step;
    }

    private static Optional<Rate> rate(Section section, String key) {
        return section.parsed(
                        key,
                        "a rate",
                        Rate::parse,
                        text -> Scalars.isNumber(text) ? "say per what: '" + text + "/h'" : "write for example '500/h'")
                .filter(rate -> {
                    if (!rate.makesSense()) {
                        section.error(key, "is " + rate, PaceRules.RATES);
                    }
                    return rate.makesSense();
                });
    }

    private static Optional<Duration> length(Section section, String key) {
        return section.duration(key).map(length -> {
            if (!PaceRules.isLength(length)) {
                section.error(key, "lasts no time, or more than 30 days", "write for example '10m'");
                return Duration.ofMinutes(1);
            }
            return length;
        });
    }

    /** {@code maxFailures} as a share; empty when it is a number, or not there. */
    private static Optional<FailureShare> share(Section section) {
        Optional<Integer> sample = section.integer("failureSample");
        Optional<FailureShare> share = section.textEnding("maxFailures", "%").map(text -> {
            String number = text.substring(0, text.length() - 1);
            if (!Scalars.isNumber(number)) {
                section.error("maxFailures", "is '" + text + "' and not a share", "write for example '10%'");
            }
            return new FailureShare(
                    Scalars.isNumber(number) ? Double.parseDouble(number) / 100 : 0.5,
                    sample.orElse(FailureShare.DEFAULT_SAMPLE));
        });
        if (section.has("failureSample") && share.isEmpty()) {
            section.error("failureSample", "means nothing without a share", "write for example 'maxFailures: 10%'");
        }
        return share;
    }
}
