package io.assistedswarm.rehearsal.trouble;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One thing that goes wrong for a while.
 *
 * @param start after the hub's start, or after the call that brought it
 * @param share of the matching requests and watches, from 0 to 1
 * @param seed of the draw of that share
 * @param latency for {@link Kind#SLOW}
 * @param latencyUpTo it is drawn evenly between the two; the same where it is not drawn
 * @param stage for {@link Kind#FAIL}: by the service's name for it
 * @param status for {@link Kind#ANSWER}
 * @param retryAfter that an answer asks to wait
 * @param above requests are met only while the service installs more clusters than this
 */
public record Trouble(
        Part part,
        Kind kind,
        Scope scope,
        Duration start,
        Duration duration,
        double share,
        long seed,
        Duration latency,
        Duration latencyUpTo,
        String stage,
        int status,
        Optional<Duration> retryAfter,
        Optional<Integer> above) {

    /** Of the hub. */
    public enum Part {
        KUBERNETES,
        SERVICE;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** What goes wrong; docs/rehearsal.md describes each. */
    public enum Kind {
        REFUSED,
        SILENT,
        SLOW,
        ANSWER,
        FAIL,
        DROPPED,
        GONE,
        RESTART,
        TOKEN;

        /** Concerns the listening port or everybody's credentials, so it can spare nobody. */
        boolean concernsAll() {
            return this == REFUSED || this == RESTART || this == TOKEN;
        }

        boolean serviceOnly() {
            return this == FAIL;
        }

        boolean kubernetesOnly() {
            return this == GONE;
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Whom it concerns; an empty list leaves nobody out.
     *
     * @param verbs of RBAC for the Kubernetes API ({@code apply} is one of its own), of HTTP in lower case for the service
     * @param resources plural names, a status with {@code /status}; of the Kubernetes API
     * @param paths beginnings of paths; of the service without {@code /api/assisted-install}. With a {@code *}, which stands for one part, a whole path
     * @param clients beginnings of the User-Agent
     */
    public record Scope(List<String> verbs, List<String> resources, List<String> paths, List<String> clients) {
        public static final Scope ALL = new Scope(List.of(), List.of(), List.of(), List.of());

        boolean holds(Asked asked) {
            return (verbs.isEmpty() || verbs.contains(asked.verb()))
                    && (resources.isEmpty() || resources.contains(asked.resource()))
                    && (paths.isEmpty() || paths.stream().anyMatch(path -> holds(path, asked.path())))
                    && (clients.isEmpty() || clients.stream().anyMatch(asked.client()::startsWith));
        }

        private static boolean holds(String path, String asked) {
            return path.contains("*")
                    ? asked.matches(
                            Stream.of(path.split("\\*", -1)).map(Pattern::quote).collect(Collectors.joining("[^/]+")))
                    : asked.startsWith(path);
        }
    }

    @Override
    public String toString() {
        return "%s of the %s%s from %d ms for %d ms"
                .formatted(kind, part, kind == Kind.ANSWER ? " " + status : "", start.toMillis(), duration.toMillis());
    }
}
