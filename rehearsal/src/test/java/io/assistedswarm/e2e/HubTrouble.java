package io.assistedswarm.e2e;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;

/**
 * A trouble of the hub, drawn at random; see docs/rehearsal.md.
 *
 * @param start after the first one of the plan was told
 */
record HubTrouble(String name, String yaml, Duration start, Duration duration) {
    /** So long a failure takes to get from an installer, which repeats its report, into the coordinator's record. */
    private static final Duration FOR_NEWS = Duration.ofSeconds(10);

    private static final List<String> KINDS = List.of(
            "{hub: kubernetes, kind: refused, duration: %ds",
            "{hub: kubernetes, kind: silent, duration: %ds",
            "{hub: kubernetes, kind: slow, latency: 1s, duration: %ds",
            "{hub: kubernetes, kind: answer, status: 409, share: 0.3, verbs: [apply, patch], duration: %ds",
            "{hub: kubernetes, kind: answer, status: 429, retryAfter: 2s, share: 0.5, duration: %ds",
            "{hub: kubernetes, kind: answer, status: 500, share: 0.5, duration: %ds",
            "{hub: kubernetes, kind: dropped, share: 0.3, duration: %ds",
            "{hub: kubernetes, kind: gone, duration: %ds",
            "{hub: kubernetes, kind: token, duration: %ds",
            "{hub: service, kind: refused, duration: %ds",
            "{hub: service, kind: restart, duration: %ds",
            "{hub: service, kind: slow, latency: 1s, duration: %ds",
            "{hub: service, kind: answer, status: 503, share: 0.5, duration: %ds",
            "{hub: service, kind: dropped, share: 0.3, duration: %ds");

    /** One after the other, with pauses. */
    static List<HubTrouble> draw(Random random, int count) {
        List<HubTrouble> troubles = new ArrayList<>();
        int start = 10;
        for (int i = 0; i < count; i++) {
            String kind = KINDS.get(random.nextInt(KINDS.size()));
            int seconds = 3 + random.nextInt(10);
            String text = kind.formatted(seconds) + ", start: " + start + "s}";
            troubles.add(new HubTrouble(name(text), text, Duration.ofSeconds(start), Duration.ofSeconds(seconds)));
            start += seconds + 2 + random.nextInt(6);
        }
        return troubles;
    }

    static String yaml(long seed, List<HubTrouble> troubles) {
        return "seed: " + seed + "\ntroubles:"
                + (troubles.isEmpty()
                        ? " []\n"
                        : troubles.stream()
                                .map(trouble -> "\n- " + trouble.yaml())
                                .collect(Collectors.joining("", "", "\n")));
    }

    /** Whether it may have kept the service from an installer that gave up so. */
    boolean keptService(Instant begun, Instant failed) {
        Instant from = begun.plus(start);
        return List.of("service refused", "service restart", "service answer 503", "service dropped")
                        .contains(name)
                && failed.isAfter(from)
                && failed.isBefore(from.plus(duration).plus(FOR_NEWS));
    }

    private static String name(String text) {
        String[] words = text.replaceAll("[{},]", "").split("[: ]+");
        String status = text.contains("status") ? " " + text.replaceAll(".*status: (\\d+).*", "$1") : "";
        return words[1] + " " + words[3] + status;
    }
}
