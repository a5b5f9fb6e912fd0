package io.assistedswarm.coordinator.hub.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.assistedswarm.coordinator.hub.Hub;
import io.assistedswarm.coordinator.hub.rest.Inventory.Entry;
import io.assistedswarm.coordinator.hub.rest.RestCalls.NotDone;
import io.assistedswarm.protocol.ClusterSpec;
import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.Identity;
import io.assistedswarm.protocol.Observations.AgentClusterInstallState;
import io.assistedswarm.protocol.Observations.AgentState;
import io.assistedswarm.protocol.Observations.BareMetalHostState;
import io.assistedswarm.protocol.Observations.InfraEnvState;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * One cluster as it is polled: its image's URL once, then its state with its hosts by one request, as long as anything may still come of it.
 * Tells what has changed. Belongs to one thread at a time.
 */
final class ClusterPoll {
    /** Before a signed URL runs out, another one is asked for. */
    private static final Duration IMAGE_LEEWAY = Duration.ofMinutes(10);

    private final ClusterSpec cluster;
    private final RestCalls service;
    private final UnaryOperator<String> eventsUrl;
    private final Hub.Observer observer;
    private final Spacing spacing;
    private final Map<String, HostId> byUuid;
    private final Map<HostId, AgentState> agents = new HashMap<>();
    private final Map<HostId, BareMetalHostState> machines = new HashMap<>();
    private String infraEnvId = "";
    private String clusterId = "";
    private String imageUrl = "";
    private Optional<Instant> imageExpires = Optional.empty();
    private Optional<AgentClusterInstallState> install = Optional.empty();
    private boolean over;

    /** @param eventsUrl of the infra-env with an id */
    ClusterPoll(
            ClusterSpec cluster,
            RestCalls service,
            UnaryOperator<String> eventsUrl,
            Hub.Observer observer,
            Spacing spacing) {
        this.cluster = cluster;
        this.service = service;
        this.eventsUrl = eventsUrl;
        this.observer = observer;
        this.spacing = spacing;
        this.byUuid = cluster.hosts().stream()
                .collect(Collectors.toMap(host -> Identity.hostUuid(host).toString(), Function.identity()));
    }

    ClusterSpec cluster() {
        return cluster;
    }

    Spacing spacing() {
        return spacing;
    }

    /** What it consists of is known. */
    boolean isFound() {
        return !infraEnvId.isEmpty() && (cluster.infraEnvOnly() || !clusterId.isEmpty());
    }

    /** Nothing is asked any more. */
    boolean isOver() {
        return over;
    }

    /** Nothing more will be answered. */
    void giveUp() {
        over = true;
    }

    void foundInfraEnv(Entry entry) {
        infraEnvId = entry.id();
        if (!entry.clusterUuid().isEmpty()) {
            clusterId = entry.clusterUuid();
        }
    }

    void foundCluster(Entry entry) {
        clusterId = entry.id();
    }

    /** Asks once. */
    void poll(Instant now) throws NotDone, InterruptedException {
        try {
            boolean image = askImage(now);
            boolean state = askState();
            if (image || state) {
                spacing.changed(now);
            } else {
                spacing.unchanged(now);
            }
        } catch (NotDone e) {
            if (e.status() == 404) {
                // Somebody has deleted it, and may make it again.
                infraEnvId = "";
                clusterId = "";
                imageUrl = "";
            }
            spacing.unchanged(now);
            e.retryAfter().map(now::plus).ifPresent(spacing::notBefore);
            throw e;
        }
    }

    private boolean askImage(Instant now) throws NotDone, InterruptedException {
        boolean runsOut =
                imageExpires.filter(end -> now.isAfter(end.minus(IMAGE_LEEWAY))).isPresent();
        boolean needed = agents.size() < cluster.hostCount();
        if (!imageUrl.isEmpty() && !(runsOut && needed)) {
            return false;
        }
        JsonNode image = service.get("/infra-envs/" + infraEnvId + "/downloads/image-url");
        String url = RestReading.text(image, "url");
        imageExpires = RestReading.instant(image, "expires_at");
        boolean changed = !url.equals(imageUrl);
        imageUrl = url;
        if (changed) {
            observer.infraEnv(new InfraEnvState(cluster.id(), imageUrl, "", eventsUrl.apply(infraEnvId), ""));
        }
        return changed;
    }

    private boolean askState() throws NotDone, InterruptedException {
        Optional<JsonNode> state =
                cluster.infraEnvOnly() ? Optional.empty() : Optional.of(service.get("/clusters/" + clusterId));
        boolean changed = state.isPresent() && tellInstall(RestReading.cluster(cluster.id(), state.get()));
        String status = state.map(found -> RestReading.text(found, "status")).orElse("");
        changed |= tellMachines(status);
        Set<String> bound = new HashSet<>();
        for (JsonNode host : state.orElse(MissingNode.getInstance()).path("hosts")) {
            bound.add(RestReading.text(host, "id"));
            changed |= tellAgent(host);
        }
        if (waitsInPool(status, bound)) {
            for (JsonNode host : service.get("/infra-envs/" + infraEnvId + "/hosts")) {
                changed |= !bound.contains(RestReading.text(host, "id")) && tellAgent(host);
            }
        }
        over = RestReading.isFailed(status) || (RestReading.isOver(status) && hostsAreOver());
        return changed;
    }

    /** Some hosts have not been bound to a cluster, or never will be: the cluster does not list them. */
    private boolean waitsInPool(String status, Set<String> bound) {
        return cluster.infraEnvOnly()
                || (cluster.traits().lateBinding()
                        && !RestReading.isFailed(status)
                        && bound.size()
                                < (RestReading.isOver(status) ? cluster.hostCount() : cluster.dayOneHostCount()));
    }

    private boolean hostsAreOver() {
        return cluster.hosts().stream()
                .allMatch(host -> Optional.ofNullable(agents.get(host))
                        .filter(agent -> RestReading.isHostOver(agent.state()))
                        .isPresent());
    }

    private boolean tellInstall(AgentClusterInstallState next) {
        if (install.equals(Optional.of(next))) {
            return false;
        }
        install = Optional.of(next);
        observer.agentClusterInstall(next);
        return true;
    }

    private boolean tellAgent(JsonNode host) {
        Optional<AgentState> next =
                Optional.ofNullable(byUuid.get(RestReading.text(host, "id"))).map(id -> RestReading.host(id, host));
        if (next.isEmpty() || next.get().equals(agents.put(next.get().host(), next.get()))) {
            return false;
        }
        observer.agent(next.get());
        return true;
    }

    /**
     * A machine is nothing that the service knows of here; so each is as one that is offered the image, and that nobody takes it back from.
     * One that joins an installed cluster is, as soon as the cluster lets it.
     */
    private boolean tellMachines(String status) {
        List<HostId> ready = status.equals("adding-hosts")
                ? cluster.hosts()
                : cluster.hosts().subList(0, cluster.dayOneHostCount());
        boolean changed = false;
        for (HostId host : ready) {
            BareMetalHostState next = new BareMetalHostState(host, "", imageUrl, true);
            if (!next.equals(machines.put(host, next))) {
                observer.bareMetalHost(next);
                changed = true;
            }
        }
        return changed;
    }
}
