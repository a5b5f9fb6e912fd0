package io.assistedswarm.coordinator.api;

import io.assistedswarm.protocol.ClusterId;
import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.LogIds;
import io.assistedswarm.protocol.SwarmId;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which swarm, cluster or host a request is about, by its path; for the log. */
final class RequestIds {
    private static final Pattern PATH = Pattern.compile("/api/v1/(swarms|orphans|clusters|hosts)/([^/]+).*");

    private RequestIds() {}

    static Map<String, String> of(String path) {
        Matcher matcher = PATH.matcher(path);
        return matcher.matches() ? of(matcher.group(1), matcher.group(2)).orElseGet(Map::of) : Map.of();
    }

    private static Optional<Map<String, String>> of(String kind, String name) {
        return switch (kind) {
            case "clusters" -> ClusterId.parse(name).map(LogIds::of);
            case "hosts" -> HostId.parse(name).map(LogIds::of);
            default -> SwarmId.isValid(name) ? Optional.of(LogIds.of(new SwarmId(name))) : Optional.empty();
        };
    }
}
