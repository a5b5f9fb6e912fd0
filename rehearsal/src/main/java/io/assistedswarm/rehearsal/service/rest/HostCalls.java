package io.assistedswarm.rehearsal.service.rest;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.assistedswarm.rehearsal.service.HostDesk;
import io.assistedswarm.rehearsal.service.Json;
import io.assistedswarm.rehearsal.service.Refusal;
import io.assistedswarm.rehearsal.service.StepReplies;
import io.assistedswarm.rehearsal.service.model.Host;
import io.assistedswarm.rehearsal.service.model.InfraEnv;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The calls of agent, installer and log sender about one host (reference, dry-run-agent.md 7.1). */
final class HostCalls {
    private static final Logger log = LoggerFactory.getLogger(HostCalls.class);
    static final Set<String> LOGS_STATES = Set.of("requested", "collecting", "completed", "timeout", "");
    private static final String AGENT_VERSION = "discovery_agent_version";
    private final HostDesk desk;
    private final AgentRegistrar agents;
    private final HostJson json;

    HostCalls(HostDesk desk, AgentRegistrar agents, HostJson json) {
        this.desk = desk;
        this.agents = agents;
        this.json = json;
    }

    void addTo(Router router) {
        String hosts = "/v2/infra-envs/{infra_env_id}/hosts";
        String host = hosts + "/{host_id}";
        router.add("POST", hosts, Access.AGENT, this::register)
                .add("GET", hosts, Access.USER_OR_AGENT, this::list)
                .add("GET", host, Access.USER, this::show)
                .add("GET", host + "/instructions", Access.AGENT, this::poll)
                .add("POST", host + "/instructions", Access.AGENT, this::reply)
                .add("PUT", host + "/progress", Access.AGENT, this::progress)
                .add("PUT", host + "/logs-progress", Access.AGENT, this::logsProgress)
                // Singular, as in the service's own path.
                .add(
                        "GET",
                        "/v2/infra-env/{infra_env_id}/hosts/{host_id}/downloads/ignition",
                        Access.USER_OR_AGENT,
                        this::ignition);
    }

    record RegisterBody(
            @JsonProperty("host_id") String hostId,
            @JsonProperty(AGENT_VERSION) String agentVersion) {}

    record ProgressBody(
            @JsonProperty("current_stage") String currentStage,
            @JsonProperty("progress_info") String progressInfo) {}

    record LogsBody(@JsonProperty("logs_state") String logsState) {}

    private Answer register(Call call) {
        RegisterBody body = call.json(RegisterBody.class);
        if (body.hostId() == null) {
            throw Refusal.invalid("host_id in body is required");
        }
        UUID hostId;
        try {
            hostId = UUID.fromString(body.hostId());
        } catch (IllegalArgumentException e) {
            throw Refusal.invalid("host_id in body must be of type uuid: \"%s\"".formatted(body.hostId()));
        }
        HostDesk.Registered registered =
                desk.register(call.id("infra_env_id"), hostId, body.agentVersion() == null ? "" : body.agentVersion());
        Host host = registered.host();
        if (registered.created()) {
            createAgent(host);
        }
        return Answer.json(201, host.locked(() -> json.registered(host)));
    }

    /** The Agent is created inside the registration: without one the host would never be approved. */
    private void createAgent(Host host) {
        try {
            agents.createAgent(host);
        } catch (RuntimeException e) {
            desk.unregister(host);
            log.error("no Agent for host {}, its registration is undone", host.id, e);
            throw Refusal.failed("Failed to create the Agent of host %s: %s".formatted(host.id, e.getMessage()));
        }
    }

    private Answer list(Call call) {
        InfraEnv infraEnv = desk.infraEnv(call.id("infra_env_id"));
        ArrayNode list = Json.LENIENT.createArrayNode();
        infraEnv.hosts.values().stream()
                .sorted(Comparator.comparing(host -> host.createdAt))
                .forEach(host -> list.add(host.locked(() -> json.full(host))));
        return Answer.json(200, list);
    }

    private Answer show(Call call) {
        Host host = host(call);
        return Answer.json(200, host.locked(() -> json.full(host)));
    }

    private Answer poll(Call call) {
        Optional<Long> timestamp = call.query("timestamp").map(text -> {
            try {
                return Long.parseLong(text);
            } catch (NumberFormatException e) {
                throw Refusal.invalid("timestamp in query must be of type int64: \"%s\"".formatted(text));
            }
        });
        return Answer.json(
                200, desk.poll(call.id("infra_env_id"), call.id("host_id"), call.header(AGENT_VERSION), timestamp));
    }

    private Answer reply(Call call) {
        desk.reply(call.id("infra_env_id"), call.id("host_id"), call.json(StepReplies.Reply.class));
        return Answer.empty(204);
    }

    private Answer progress(Call call) {
        ProgressBody body = call.json(ProgressBody.class);
        if (body.currentStage() == null) {
            throw Refusal.invalid("current_stage in body is required");
        }
        desk.progress(
                call.id("infra_env_id"),
                call.id("host_id"),
                body.currentStage(),
                body.progressInfo() == null ? "" : body.progressInfo());
        return Answer.empty(200);
    }

    private Answer logsProgress(Call call) {
        desk.logsProgress(call.id("infra_env_id"), call.id("host_id"), logsState(call));
        return Answer.empty(204);
    }

    static String logsState(Call call) {
        String state = call.json(LogsBody.class).logsState();
        if (state == null || !LOGS_STATES.contains(state)) {
            throw Refusal.invalid("logs_state in body should be one of [requested collecting completed timeout ]");
        }
        return state;
    }

    private Answer ignition(Call call) {
        Host host = host(call);
        return host.locked(() -> {
            if (host.cluster()
                    .map(cluster -> !cluster.state.installationBegun())
                    .orElse(true)) {
                throw Refusal.conflict(
                        "Host %s has no ignition before the installation of its cluster".formatted(host.id));
            }
            String name = "%s-%s.ign".formatted(host.effectiveRole().wireName(), host.id);
            return Answer.file(name, Files.DUMMY.getBytes(StandardCharsets.UTF_8));
        });
    }

    private Host host(Call call) {
        return desk.host(call.id("infra_env_id"), call.id("host_id"));
    }
}
