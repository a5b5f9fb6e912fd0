package io.assistedswarm.coordinator.plan;

import io.assistedswarm.protocol.Fault;
import io.assistedswarm.protocol.HostPhase;
import io.assistedswarm.protocol.Role;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads one of a plan's {@code faults}. */
final class FaultSection {
    /** Longer than the 3 minutes after which the service takes a silent host for disconnected. */
    private static final Duration ABSENCE = Duration.ofMinutes(5);

    private static final List<String> KINDS =
            Arrays.stream(Fault.Kind.values()).map(Fault.Kind::label).toList();
    private static final List<String> PHASES =
            FaultRule.PHASES.stream().map(HostPhase::label).toList();
    private static final List<String> ROLES =
            Arrays.stream(Role.values()).map(Role::wireName).toList();

    private final Section section;

    private FaultSection(Section section) {
        this.section = section;
    }

    static FaultRule read(Section section) {
        FaultRule rule = new FaultSection(section).rule();
        section.close();
        return rule;
    }

    private FaultRule rule() {
        Optional<Fault.Kind> kind = section.require("kind")
                .text("kind")
                .filter(text -> known("kind", text, KINDS))
                .flatMap(Fault.Kind::of);
        Optional<Double> share = section.number("share");
        Optional<Integer> hosts = section.integer("hosts");
        Optional<HostPhase> phase = section.text("phase")
                .filter(text -> known("phase", text, PHASES))
                .map(text -> FaultRule.PHASES.get(PHASES.indexOf(text)));
        Optional<Duration> length = section.duration("for");
        Set<Role> roles = roles();
        kind.ifPresent(this::fitting);
        // What could not be read stands as something harmless, so that no other value is blamed.
        boolean neither = share.isEmpty() && hosts.isEmpty() && (section.has("share") || section.has("hosts"));
        return new FaultRule(
                kind.map(known -> fault(known, phase, length))
                        .orElse(new Fault(Fault.Kind.NEVER_REGISTER, HostPhase.BOOTED, Duration.ZERO)),
                share,
                neither ? Optional.of(1) : hosts,
                roles);
    }

    private static Fault fault(Fault.Kind kind, Optional<HostPhase> phase, Optional<Duration> length) {
        Duration usual = kind == Fault.Kind.VANISH ? ABSENCE : Duration.ZERO;
        return FaultRule.hasPhase(kind)
                ? new Fault(kind, phase.orElse(HostPhase.REGISTERED), length.orElse(usual))
                : new Fault(kind, FaultRule.onlyPhase(kind), Duration.ZERO);
    }

    private void fitting(Fault.Kind kind) {
        if (FaultRule.hasPhase(kind)) {
            section.require("phase");
            return;
        }
        for (String key : List.of("phase", "for")) {
            if (section.has(key)) {
                section.error(key, "means nothing with kind '" + kind.label() + "'", "leave it out");
            }
        }
    }

    private Set<Role> roles() {
        return section.texts("roles").orElse(List.of()).stream()
                .filter(text -> known("roles", text, ROLES))
                .flatMap(text -> Arrays.stream(Role.values())
                        .filter(role -> role.wireName().equals(text)))
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(Role.class)));
    }

    private boolean known(String key, String text, List<String> words) {
        if (!words.contains(text)) {
            section.error(
                    key,
                    "is '" + text + "'",
                    Suggestion.closest(text, words)
                            .map(meant -> "did you mean '" + meant + "'?")
                            .orElse("use one of " + String.join(", ", words)));
        }
        return words.contains(text);
    }
}
