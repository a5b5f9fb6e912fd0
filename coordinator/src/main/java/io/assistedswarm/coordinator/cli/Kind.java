package io.assistedswarm.coordinator.cli;

import io.assistedswarm.coordinator.plan.Suggestion;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What can be looked at. */
enum Kind {
    SWARM("swarm", "swarms", "sw"),
    CLUSTER("cluster", "clusters", "cl"),
    HOST("host", "hosts", "h"),
    WORKER("worker", "workers", "w");

    private final String singular;
    private final String plural;
    private final String shortName;

    Kind(String singular, String plural, String shortName) {
        this.singular = singular;
        this.plural = plural;
        this.shortName = shortName;
    }

    static Kind parse(String word) {
        return Arrays.stream(values())
                .filter(kind -> kind.names().contains(word.toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> new CommandFailed(
                        ExitCode.INVALID,
                        "there is nothing of the kind '" + word + "'; "
                                + Suggestion.closest(
                                                word,
                                                Arrays.stream(values())
                                                        .flatMap(kind -> kind.names().stream())
                                                        .filter(name -> name.length() > 2)
                                                        .toList())
                                        .map(meant -> "did you mean '" + meant + "'?")
                                        .orElse("it is one of swarms, clusters, hosts, workers")));
    }

    String singular() {
        return singular;
    }

    String plural() {
        return plural;
    }

    private List<String> names() {
        return List.of(singular, plural, shortName);
    }
}
