package io.assistedswarm.coordinator.plan;

import io.assistedswarm.coordinator.plan.Problem.Position;
import io.assistedswarm.coordinator.plan.YamlNode.Entry;
import io.assistedswarm.coordinator.plan.YamlNode.Mapping;
import io.assistedswarm.coordinator.plan.YamlNode.Scalar;
import io.assistedswarm.coordinator.plan.YamlNode.Sequence;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A pace as it is written on the command line; read and refused in the same words as that of a plan. */
public final class PaceFlags {
    private static final Set<String> START_TIMES = Set.of("rate", "ramp", "steps", "batch", "interval");
    private static final String NONE = "none";

    /** The coordinator knows what the pace is for. */
    private static final PaceRules.Load NOTHING = new PaceRules.Load(0, 0, 0);

    private final Position position;

    private PaceFlags(Position position) {
        this.position = position;
    }

    /**
     * What is to change.
     *
     * @param flags by the keys of a plan's pace; {@code ramp} as {@code FROM:TO:OVER}, {@code steps} as {@code RATE:FOR,RATE}, bounds also
     *     {@code none}
     * @param source leads each problem
     */
    public static PaceChange read(Map<String, String> flags, String source, Problems problems) {
        PaceFlags reading = new PaceFlags(new Position(source, 0));
        LinkedHashMap<String, Entry> entries = new LinkedHashMap<>();
        flags.forEach((key, value) -> {
            if (!value.equals(NONE)) {
                entries.put(key, reading.entry(reading.node(key, value)));
            }
        });
        Pace pace = Section.top(new Mapping(reading.position, entries), problems)
                .map(PaceSection::read)
                .orElse(Pace.UNLIMITED);
        if (problems.isEmpty()) {
            PaceRules.violations(pace, NOTHING)
                    .forEach(violation -> problems.error(
                            reading.position,
                            violation.path().replaceFirst("^pace\\.", ""),
                            violation.message(),
                            violation.hint()));
        }
        return new PaceChange(
                flags.keySet().stream().anyMatch(START_TIMES::contains) ? Optional.of(pace) : Optional.empty(),
                flags.containsKey("maxInstalling") ? Optional.of(pace.maxInstalling()) : Optional.empty(),
                flags.containsKey("maxPerWorker")
                        ? Optional.of(pace.maxPerWorker().orElse(Integer.MAX_VALUE))
                        : Optional.empty(),
                flags.containsKey("maxFailures") ? Optional.of(pace) : Optional.empty());
    }

    private YamlNode node(String key, String value) {
        return switch (key) {
            case "ramp" -> parts(value, List.of("from", "to", "over"));
            case "steps" -> {
                List<YamlNode> steps = new ArrayList<>();
                for (String step : value.split(",", -1)) {
                    steps.add(parts(step, List.of("rate", "for")));
                }
                yield new Sequence(position, steps);
            }
            default -> scalar(value);
        };
    }

    /** One part too many keeps its colon, and is refused as what it is not. */
    private Mapping parts(String value, List<String> keys) {
        LinkedHashMap<String, Entry> parts = new LinkedHashMap<>();
        String[] texts = value.split(":", keys.size());
        for (int i = 0; i < texts.length; i++) {
            parts.put(keys.get(i), entry(scalar(texts[i])));
        }
        return new Mapping(position, parts);
    }

    private Scalar scalar(String text) {
        return new Scalar(position, text, true);
    }

    private Entry entry(YamlNode node) {
        return new Entry(position, node);
    }
}
