package io.assistedswarm.e2e;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;

/** A trouble of the hub, drawn at random; see docs/rehearsal.md. */
record HubTrouble(String name, String yaml) {
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
            troubles.add(new HubTrouble(name(text), text));
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

    private static String name(String text) {
        String[] words = text.replaceAll("[{},]", "").split("[: ]+");
        String status = text.contains("status") ? " " + text.replaceAll(".*status: (\\d+).*", "$1") : "";
        return words[1] + " " + words[3] + status;
    }
}
