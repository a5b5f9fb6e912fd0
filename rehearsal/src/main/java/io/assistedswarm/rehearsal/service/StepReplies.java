package io.assistedswarm.rehearsal.service;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.assistedswarm.rehearsal.service.machine.HostMachine;
import io.assistedswarm.rehearsal.service.model.Host;
import io.assistedswarm.rehearsal.service.model.HostState;
import io.assistedswarm.rehearsal.service.model.Inventory;
import io.assistedswarm.rehearsal.service.model.Replies;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Takes in what agents answer to their steps (reference, dry-run-agent.md 7.1 and 7.3). */
public final class StepReplies {
    private static final Set<String> TYPES = Set.of(
            "connectivity-check",
            "execute",
            "inventory",
            "install",
            "free-network-addresses",
            "dhcp-lease-allocate",
            "api-vip-connectivity-check",
            "tang-connectivity-check",
            "ntp-synchronizer",
            "installation-disk-speed-check",
            "container-image-availability",
            "domain-resolution",
            "stop-installation",
            "logs-gather",
            "next-step-runner",
            "upgrade-agent",
            "download-boot-artifacts",
            "reboot-for-reclaim",
            "verify-vips");
    private static final Set<String> PHYSICAL_NICS = Set.of("", "physical", "vlan", "bond");
    private static final int MEDIA_DISCONNECTED = 256;
    private static final int NAME_IN_USE = 125;

    private final boolean allNics;
    private final Clock clock;
    private final EventLog events;
    private final Evaluation evaluation;

    StepReplies(ServiceSettings settings, Clock clock, EventLog events, Evaluation evaluation) {
        this.allNics = settings.variables().virtualInterfaces();
        this.clock = clock;
        this.events = events;
        this.evaluation = evaluation;
    }

    /** A request body. {@code exitCode} and {@code error} are left out by agents when there is nothing to say. */
    public record Reply(
            @JsonProperty("step_type") String stepType,
            @JsonProperty("step_id") String stepId,
            @JsonProperty("exit_code") int exitCode,
            @JsonProperty("output") String output,
            @JsonProperty("error") String error) {
        public Reply {
            stepType = stepType == null ? "" : stepType;
            stepId = stepId == null ? "" : stepId;
            output = output == null ? "" : output;
            error = error == null ? "" : error;
        }
    }

    /** @param content the output as JSON where the step has any */
    record Parsed(Reply reply, Optional<JsonNode> content) {}

    /** Reads the output before any lock is taken; it may be long. */
    Parsed parse(Reply reply) {
        if (!TYPES.contains(reply.stepType())) {
            throw Refusal.badRequest("step_type in body should be one of "
                    + TYPES.stream().sorted().toList());
        }
        boolean kept = switch (reply.stepType()) {
            case "inventory",
                    "connectivity-check",
                    "ntp-synchronizer",
                    "domain-resolution",
                    "installation-disk-speed-check",
                    "container-image-availability",
                    "api-vip-connectivity-check",
                    "verify-vips" -> reply.exitCode() == 0;
            default -> false;
        };
        // A second image check while one runs is answered with nothing.
        if (!kept || reply.output().isEmpty()) {
            return new Parsed(reply, Optional.empty());
        }
        try {
            return new Parsed(reply, Optional.of(Json.LENIENT.readTree(reply.output())));
        } catch (JsonProcessingException e) {
            throw Refusal.badRequest(
                    "output of step %s is not JSON: %s".formatted(reply.stepId(), e.getOriginalMessage()));
        }
    }

    /** @return whether the row changed */
    boolean store(Host host, Parsed parsed) {
        Reply reply = parsed.reply();
        if (reply.exitCode() != 0) {
            return storeFailure(host, reply);
        }
        return parsed.content()
                .map(content -> {
                    try {
                        return storeContent(host, reply.stepType(), content);
                    } catch (JsonProcessingException e) {
                        throw Refusal.badRequest("output of step %s does not fit its type: %s"
                                .formatted(reply.stepId(), e.getOriginalMessage()));
                    }
                })
                .orElse(false);
    }

    private boolean storeContent(Host host, String type, JsonNode content) throws JsonProcessingException {
        switch (type) {
            case "inventory" -> inventory(host, content);
            case "connectivity-check" -> {
                host.connectivity = Optional.of(Json.LENIENT.treeToValue(content, Replies.Connectivity.class));
                host.connectivityJson = Optional.of(content);
            }
            case "ntp-synchronizer" -> host.ntp = Optional.of(Json.LENIENT.treeToValue(content, Replies.Ntp.class));
            case "api-vip-connectivity-check" ->
                host.apiVip = Optional.of(Json.LENIENT.treeToValue(content, Replies.ApiVip.class));
            case "domain-resolution" -> {
                host.domains = Optional.of(Json.LENIENT.treeToValue(content, Replies.Domains.class));
                host.domainsJson = Optional.of(content);
            }
            case "installation-disk-speed-check" -> {
                Replies.DiskSpeed speed = Json.LENIENT.treeToValue(content, Replies.DiskSpeed.class);
                host.diskSpeeds.put(speed.path(), speed.ioSyncDuration());
            }
            case "container-image-availability" ->
                content.path("images").forEach(image -> {
                    if (image instanceof ObjectNode object) {
                        host.images.put(object.path("name").asText(), object);
                    }
                });
            case "verify-vips" -> vips(host, content);
            default -> throw new IllegalStateException("step " + type + " has no content");
        }
        return true;
    }

    private void inventory(Host host, JsonNode content) throws JsonProcessingException {
        if (host.state.takesProgress() || host.state.ended()) {
            throw Refusal.failed("Host %s is in %s state, its inventory cannot be updated"
                    .formatted(host.id, host.state.wireName()));
        }
        if (!(content instanceof ObjectNode object)) {
            throw Refusal.badRequest("the inventory is not a JSON object");
        }
        // The service keeps real interfaces only; a dry agent's loopback is lost here (observed.md, trap 3).
        if (!allNics && object.get("interfaces") instanceof ArrayNode nics) {
            List<JsonNode> kept = new ArrayList<>();
            nics.forEach(nic -> {
                if (PHYSICAL_NICS.contains(nic.path("type").asText(""))) {
                    kept.add(nic);
                }
            });
            nics.removeAll();
            nics.addAll(kept);
        }
        host.inventory = Optional.of(Json.LENIENT.treeToValue(object, Inventory.class));
        host.inventoryJson = Optional.of(object);
    }

    private static void vips(Host host, JsonNode content) throws JsonProcessingException {
        Replies.VerifiedVip[] vips = Json.LENIENT.treeToValue(content, Replies.VerifiedVip[].class);
        Map<String, String> verification =
                host.cluster().map(cluster -> cluster.vipVerification).orElse(null);
        if (verification == null) {
            return;
        }
        for (Replies.VerifiedVip vip : vips) {
            // One host that finds the address in use outweighs all that do not.
            verification.merge(vip.vip(), vip.verification(), (old, reported) -> old.equals("failed") ? old : reported);
        }
    }

    private boolean storeFailure(Host host, Reply reply) {
        if (reply.exitCode() == MEDIA_DISCONNECTED) {
            host.mediaConnected = false;
            return true;
        }
        switch (reply.stepType()) {
            case "install" -> {
                if (reply.exitCode() == NAME_IN_USE && reply.error().contains("is already in use")) {
                    return false;
                }
                // From where alone a host gets to error this way (assisted-service, internal/host/statemachine.go).
                if (host.state != HostState.INSTALLING && host.state != HostState.INSTALLING_IN_PROGRESS) {
                    return false;
                }
                events.host(host, "host_installation_failed", "error", "installation command failed");
                evaluation.moveHost(host, new HostMachine.Move(HostState.ERROR, "installation command failed"));
            }
            case "installation-disk-speed-check" ->
                host.installationDisk().ifPresent(disk -> host.diskSpeeds.put(disk.path(), -1L));
            case "container-image-availability" -> {
                ObjectNode failed = Json.LENIENT.createObjectNode();
                failed.put("name", "unknown").put("result", "failure");
                host.images.put("unknown", failed);
            }
            default -> {
                return false;
            }
        }
        host.updatedAt = clock.instant();
        return true;
    }
}
