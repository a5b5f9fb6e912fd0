package io.assistedswarm.rehearsal.service.rest;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.assistedswarm.rehearsal.service.EventLog;
import io.assistedswarm.rehearsal.service.Json;
import io.assistedswarm.rehearsal.service.Measurements;
import io.assistedswarm.rehearsal.service.Refusal;
import io.assistedswarm.rehearsal.service.ServiceSettings;
import io.assistedswarm.rehearsal.service.machine.Releases;
import io.assistedswarm.rehearsal.service.model.Cluster;
import io.assistedswarm.rehearsal.service.model.Registry;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** What the service tells about itself: versions, events, health, metrics. */
final class InfoCalls {
    private static final List<String> SEVERITIES = List.of("info", "warning", "error", "critical");
    private final ServiceSettings settings;
    private final Registry registry;
    private final EventLog events;
    private final Measurements measurements;

    InfoCalls(ServiceSettings settings, Registry registry, EventLog events, Measurements measurements) {
        this.settings = settings;
        this.registry = registry;
        this.events = events;
        this.measurements = measurements;
    }

    void addTo(Router router) {
        router.add("GET", "/health", Access.PUBLIC, call -> Answer.empty(200))
                .add("GET", "/ready", Access.PUBLIC, call -> Answer.empty(200))
                .add(
                        "GET",
                        "/metrics",
                        Access.PUBLIC,
                        call -> Answer.text(200, "text/plain; version=0.0.4; charset=utf-8", measurements.text()))
                .add("GET", "/v2/component-versions", Access.USER, this::components)
                .add("GET", "/v2/openshift-versions", Access.USER, this::openshiftVersions)
                .add("GET", "/v2/events", Access.EVENTS, this::list)
                .add("POST", "/v2/events", Access.AGENT, this::report);
    }

    private Answer components(Call call) {
        ObjectNode versions = Json.LENIENT.createObjectNode();
        versions.put("assisted-installer", settings.images().installer());
        versions.put("assisted-installer-controller", settings.images().controller());
        versions.put("assisted-installer-service", "Unknown");
        versions.put("discovery-agent", settings.images().agent());
        return Answer.json(200, Map.of("versions", versions));
    }

    /** What may be installed, and what clusters named by its release image so far. */
    private Answer openshiftVersions(Call call) {
        ObjectNode versions = Json.LENIENT.createObjectNode();
        Stream.concat(
                        settings.variables().releases().all().stream().map(Releases.Release::version),
                        registry.clusters().stream().map(cluster -> cluster.definition.openshiftVersion()))
                .distinct()
                .sorted()
                .forEach(version -> {
                    ObjectNode json = versions.putObject(version);
                    json.putArray("cpu_architectures").add("x86_64");
                    json.put("display_name", version);
                    json.put("support_level", "production");
                });
        return Answer.json(200, versions);
    }

    private Answer list(Call call) {
        Predicate<EventLog.Event> filter = filter(call);
        List<EventLog.Event> matching =
                new java.util.ArrayList<>(events.matching(filter.and(event -> own(event, call.user()))));
        Map<String, String> counts = new LinkedHashMap<>();
        for (String severity : SEVERITIES) {
            long count = matching.stream()
                    .filter(event -> event.severity().equals(severity))
                    .count();
            String name = severity.substring(0, 1).toUpperCase(Locale.ROOT) + severity.substring(1);
            counts.put("Severity-Count-" + name, String.valueOf(count));
        }
        List<String> severities = call.query("severities")
                .map(text -> List.of(text.split(",", -1)))
                .orElse(SEVERITIES);
        matching.removeIf(event -> !severities.contains(event.severity()));
        counts.put("Event-Count", String.valueOf(matching.size()));
        if (call.query("order").filter("descending"::equals).isPresent()) {
            Collections.reverse(matching);
        }
        ArrayNode page = Json.LENIENT.createArrayNode();
        matching.stream()
                .skip(number(call, "offset").orElse(0L))
                .limit(number(call, "limit").orElse(5_000L))
                .forEach(event -> page.add(json(event)));
        return Answer.json(200, page, counts);
    }

    private static Predicate<EventLog.Event> filter(Call call) {
        Optional<UUID> cluster = id(call, "cluster_id");
        Optional<UUID> host = id(call, "host_id");
        Optional<UUID> infraEnv = id(call, "infra_env_id");
        List<String> categories = call.query("categories")
                .map(text -> List.of(text.split(",", -1)))
                .orElse(List.of("user"));
        String message = call.query("message").orElse("");
        boolean clusterOnly = call.flag("cluster_level");
        return event -> matches(cluster, event.clusterId())
                && matches(host, event.hostId())
                && matches(infraEnv, event.infraEnvId())
                && categories.contains(event.category())
                && event.message().contains(message)
                && !(clusterOnly && event.hostId().isPresent());
    }

    private boolean own(EventLog.Event event, String user) {
        return event.clusterId()
                .flatMap(registry::cluster)
                .map(cluster -> cluster.owner)
                .or(() -> event.infraEnvId().flatMap(registry::infraEnv).map(infraEnv -> infraEnv.owner))
                .map(owner -> owner.equals(user))
                .orElse(true);
    }

    private static boolean matches(Optional<UUID> wanted, Optional<UUID> is) {
        return wanted.isEmpty() || wanted.equals(is);
    }

    static ObjectNode json(EventLog.Event event) {
        ObjectNode json = Json.LENIENT.createObjectNode();
        json.put("category", event.category());
        event.clusterId().ifPresent(id -> json.put("cluster_id", id.toString()));
        json.put("event_time", Times.millis(event.time()));
        event.hostId().ifPresent(id -> json.put("host_id", id.toString()));
        event.infraEnvId().ifPresent(id -> json.put("infra_env_id", id.toString()));
        json.put("message", event.message());
        json.put("name", event.name());
        if (!event.props().isEmpty()) {
            json.put("props", event.props());
        }
        if (!event.requestId().isEmpty()) {
            json.put("request_id", event.requestId());
        }
        json.put("severity", event.severity());
        return json;
    }

    record EventBody(
            @JsonProperty("name") String name,
            @JsonProperty("cluster_id") UUID clusterId,
            @JsonProperty("host_id") UUID hostId,
            @JsonProperty("infra_env_id") UUID infraEnvId,
            @JsonProperty("severity") String severity,
            @JsonProperty("category") String category,
            @JsonProperty("message") String message,
            @JsonProperty("event_time") String eventTime,
            @JsonProperty("request_id") String requestId,
            @JsonProperty("props") String props) {}

    private Answer report(Call call) {
        EventBody body = call.json(EventBody.class);
        if (body.severity() == null || body.message() == null || body.eventTime() == null) {
            throw Refusal.invalid("severity, message and event_time in body are required");
        }
        if (!SEVERITIES.contains(body.severity())) {
            throw Refusal.invalid("severity in body should be one of " + SEVERITIES);
        }
        if (body.clusterId() != null && registry.cluster(body.clusterId()).isEmpty()) {
            throw Refusal.notFound(Cluster.class.getSimpleName(), body.clusterId());
        }
        try {
            events.add(new EventLog.Event(
                    body.name() == null ? "" : body.name(),
                    Optional.ofNullable(body.clusterId()),
                    Optional.ofNullable(body.hostId()),
                    Optional.ofNullable(body.infraEnvId()),
                    body.severity(),
                    body.category() == null ? "user" : body.category(),
                    body.message(),
                    Instant.parse(body.eventTime()),
                    body.requestId() == null ? "" : body.requestId(),
                    body.props() == null ? "" : body.props()));
        } catch (DateTimeParseException e) {
            throw Refusal.invalid("event_time in body must be of type date-time: \"%s\"".formatted(body.eventTime()));
        }
        return Answer.empty(201);
    }

    static Optional<UUID> id(Call call, String name) {
        return call.query(name).map(text -> {
            try {
                return UUID.fromString(text);
            } catch (IllegalArgumentException e) {
                throw Refusal.invalid("%s in query must be of type uuid: \"%s\"".formatted(name, text));
            }
        });
    }

    private static Optional<Long> number(Call call, String name) {
        return call.query(name).map(text -> {
            try {
                return Math.max(0, Long.parseLong(text));
            } catch (NumberFormatException e) {
                throw Refusal.invalid("%s in query must be of type int64: \"%s\"".formatted(name, text));
            }
        });
    }
}
