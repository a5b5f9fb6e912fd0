package io.assistedswarm.rehearsal.service.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.assistedswarm.rehearsal.service.EventLog;
import io.assistedswarm.rehearsal.service.Json;
import io.assistedswarm.rehearsal.service.Refusal;
import io.assistedswarm.rehearsal.service.model.Cluster;
import io.assistedswarm.rehearsal.service.model.Host;
import io.assistedswarm.rehearsal.service.model.Upload;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Clock;
import java.util.Optional;
import java.util.UUID;

/** The logs of a cluster as its user gets them (assisted-service, getLogFileForDownload and PrepareClusterLogFile). */
final class ClusterLogs {
    private final ClusterJson json;
    private final EventLog events;
    private final Clock clock;

    ClusterLogs(ClusterJson json, EventLog events, Clock clock) {
        this.json = json;
        this.events = events;
        this.clock = clock;
    }

    /** @param host whose; empty for none */
    Answer download(Cluster cluster, String type, Optional<UUID> host) {
        return cluster.locked(() -> switch (type) {
            case "host" -> ofHost(cluster, host);
            case "controller" -> ofController(cluster);
            case "", "all" -> all(cluster);
            default -> throw Refusal.invalid("logs_type in query should be one of [host controller all]");
        });
    }

    private Answer ofHost(Cluster cluster, Optional<UUID> id) {
        Host host = Optional.ofNullable(cluster.hosts.get(
                        id.orElseThrow(() -> Refusal.badRequest("Host ID must be provided for downloading host logs"))))
                .orElseThrow(() -> Refusal.notFound("host", id.get()));
        if (host.logs.collectedAt().isEmpty()) {
            throw Refusal.conflict("Logs for host %s were not found".formatted(host.id));
        }
        return Answer.download(name(cluster, host) + ".tar.gz", ofHost(cluster, host));
    }

    /** Packed once more, as there may be several of one host. */
    private TarFile ofHost(Cluster cluster, Host host) {
        return new TarFile(clock.instant()).add(name(cluster, host) + ".tar.gz", body(host.logs.upload()));
    }

    private static Answer ofController(Cluster cluster) {
        if (cluster.controllerLogs.collectedAt().isEmpty()) {
            throw Refusal.conflict("Controller Logs for cluster %s were not found".formatted(cluster.id));
        }
        return Answer.download(
                "%s_%s_controller.tar.gz".formatted(cluster.definition.name(), cluster.id),
                body(cluster.controllerLogs.upload()));
    }

    /** What the service has of the cluster is always there, whether or not anybody has uploaded anything. */
    private Answer all(Cluster cluster) {
        ArrayNode happened = Json.LENIENT.createArrayNode();
        events.matching(event -> event.clusterId().filter(cluster.id::equals).isPresent())
                .forEach(event -> happened.add(InfoCalls.json(event)));
        TarFile tar = new TarFile(clock.instant())
                .add("cluster_metadata.json", text(json.of(cluster, true)))
                .add("cluster_events.json", text(happened));
        cluster.manifests.forEach(
                (path, content) -> tar.add("cluster_manifest_user_" + path.replace('/', '_'), Answer.bytes(content)));
        if (cluster.controllerLogs.collectedAt().isPresent()) {
            tar.add("controller_logs.tar.gz", body(cluster.controllerLogs.upload()));
        }
        cluster.hostList().stream()
                .filter(host -> host.logs.collectedAt().isPresent())
                .forEach(host -> tar.add(name(cluster, host) + ".tar", ofHost(cluster, host)));
        return Answer.download("%s_%s.tar".formatted(cluster.definition.name(), cluster.id), tar);
    }

    private static String name(Cluster cluster, Host host) {
        String role = host.bootstrap ? "bootstrap" : host.effectiveRole().wireName();
        return "%s_%s_%s".formatted(cluster.definition.name(), role, host.hostname());
    }

    private static Answer.Body text(Object value) {
        try {
            return Answer.bytes(Json.LENIENT.writeValueAsBytes(value));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("cannot write what the service has of a cluster", e);
        }
    }

    private static Answer.Body body(Upload upload) {
        return new Answer.Body() {
            @Override
            public long length() {
                return upload.length();
            }

            @Override
            public void writeTo(OutputStream out) throws IOException {
                upload.writeTo(out);
            }
        };
    }
}
