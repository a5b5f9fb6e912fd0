package io.assistedswarm.coordinator.hub.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.assistedswarm.protocol.ClusterId;
import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.Observations.AgentClusterInstallState;
import io.assistedswarm.protocol.Observations.AgentState;
import io.assistedswarm.protocol.Observations.Unmet;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Reduces what the REST API says of a cluster or host to the same few words as the service's controllers put into the status of custom
 * resources (assisted-service, internal/controller/controllers/clusterdeployments_controller.go and agent_controller.go).
 */
final class RestReading {
    private static final JsonMapper JSON = new JsonMapper();

    /** Nobody has begun its installation yet. */
    private static final Set<String> BEFORE_INSTALLATION = Set.of("insufficient", "pending-for-input", "ready");

    private static final Set<String> INSTALLED = Set.of("installed", "adding-hosts");
    private static final Set<String> FAILED = Set.of("error", "cancelled");

    /** Before these there is nothing that a controller could work for. */
    private static final Set<String> WITH_CONTROLLER =
            Set.of("installing", "installing-pending-user-action", "finalizing", "installed", "adding-hosts");

    private static final Set<String> HOST_AT_ITS_END =
            Set.of("installed", "added-to-existing-cluster", "error", "cancelled");
    private static final Set<String> DISCONNECTED = Set.of("disconnected", "disconnected-unbound");

    private RestReading() {}

    static AgentClusterInstallState cluster(ClusterId id, JsonNode cluster) {
        String status = text(cluster, "status");
        List<Unmet> unmet = unmet(cluster);
        boolean failed = FAILED.contains(status);
        return new AgentClusterInstallState(
                id,
                status,
                text(cluster, "status_info"),
                WITH_CONTROLLER.contains(status) ? text(cluster, "id") : "",
                cluster.at("/progress/total_percentage").asInt(0),
                INSTALLED.contains(status),
                failed,
                failed || unmet.isEmpty()
                        ? ""
                        : unmet.getFirst().reason() + ": " + unmet.getFirst().message(),
                BEFORE_INSTALLATION.contains(status),
                unmet,
                since(cluster));
    }

    static AgentState host(HostId id, JsonNode host) {
        String status = text(host, "status");
        List<Unmet> unmet = new ArrayList<>(unmet(host));
        if (DISCONNECTED.contains(status)) {
            unmet.add(new Unmet("Connected", "AgentIsDisconnected", text(host, "status_info"), since(host)));
        }
        return new AgentState(
                id,
                status,
                text(host, "status_info"),
                text(host.path("progress"), "current_stage"),
                unmet,
                host.path("bootstrap").asBoolean(false));
    }

    /** Nothing more is to come of the cluster itself, whatever becomes of its hosts. */
    static boolean isOver(String clusterStatus) {
        return INSTALLED.contains(clusterStatus) || FAILED.contains(clusterStatus);
    }

    static boolean isFailed(String clusterStatus) {
        return FAILED.contains(clusterStatus);
    }

    static boolean isHostOver(String hostStatus) {
        return HOST_AT_ITS_END.contains(hostStatus);
    }

    static String text(JsonNode object, String field) {
        return object.path(field).asText("");
    }

    static Optional<Instant> instant(JsonNode object, String field) {
        try {
            return Optional.of(Instant.parse(text(object, field)))
                    // Go's own beginning of time, for none.
                    .filter(time -> time.isAfter(Instant.EPOCH));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    /** The service's validations, of which there are dozens, as the one condition that its controllers make of them. */
    private static List<Unmet> unmet(JsonNode object) {
        String validations = text(object, "validations_info");
        if (validations.isEmpty()) {
            return List.of();
        }
        try {
            List<String> failing = new ArrayList<>();
            List<String> pending = new ArrayList<>();
            for (JsonNode category : JSON.readTree(validations)) {
                for (JsonNode validation : category) {
                    switch (text(validation, "status")) {
                        case "failure", "error" -> failing.add(text(validation, "message"));
                        case "pending" -> pending.add(text(validation, "message"));
                        default -> {
                            // Met, or not asked for.
                        }
                    }
                }
            }
            if (failing.isEmpty() && pending.isEmpty()) {
                return List.of();
            }
            return List.of(new Unmet(
                    "Validated",
                    failing.isEmpty() ? "ValidationsUserPending" : "ValidationsFailing",
                    String.join(", ", failing.isEmpty() ? pending : failing),
                    since(object)));
        } catch (JsonProcessingException e) {
            return List.of(
                    new Unmet("Validated", "ValidationsUnknown", "its validations cannot be read", since(object)));
        }
    }

    private static Optional<Instant> since(JsonNode object) {
        return instant(object, "status_updated_at");
    }
}
