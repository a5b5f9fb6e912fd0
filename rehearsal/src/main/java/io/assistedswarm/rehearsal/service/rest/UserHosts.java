package io.assistedswarm.rehearsal.service.rest;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.assistedswarm.rehearsal.service.BindingDesk;
import io.assistedswarm.rehearsal.service.ClusterDesk;
import io.assistedswarm.rehearsal.service.HostDesk;
import io.assistedswarm.rehearsal.service.Refusal;
import io.assistedswarm.rehearsal.service.model.Cluster;
import io.assistedswarm.rehearsal.service.model.Host;
import io.assistedswarm.rehearsal.service.model.HostRole;
import io.assistedswarm.rehearsal.service.model.HostState;
import io.assistedswarm.rehearsal.service.model.Registry;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;

/** What a user makes of hosts where there are no objects (assisted-service, internal/bminventory/inventory.go). */
final class UserHosts {
    private static final List<String> ROLES = List.of("auto-assign", "master", "arbiter", "worker");
    private static final List<String> DISK_ROLES = List.of("none", "install");
    private static final Pattern HOSTNAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}(?:[.][a-z0-9-]{1,63})*");
    private static final int LONGEST_HOSTNAME = 63;
    private static final Set<String> FORBIDDEN_HOSTNAMES = Set.of(
            "localhost",
            "localhost.localdomain",
            "localhost4",
            "localhost4.localdomain4",
            "localhost6",
            "localhost6.localdomain6");

    /** {@code hostStatusesBeforeInstallationOrUnbound} of internal/host/common.go. */
    private static final Set<HostState> CHANGEABLE = EnumSet.of(
            HostState.DISCOVERING,
            HostState.KNOWN,
            HostState.DISCONNECTED,
            HostState.INSUFFICIENT,
            HostState.PENDING_FOR_INPUT,
            HostState.DISCONNECTED_UNBOUND,
            HostState.INSUFFICIENT_UNBOUND,
            HostState.DISCOVERING_UNBOUND,
            HostState.KNOWN_UNBOUND,
            HostState.BINDING);

    private final Registry registry;
    private final HostDesk hosts;
    private final ClusterDesk clusters;
    private final BindingDesk bindings;
    private final HostJson json;

    UserHosts(Registry registry, HostDesk hosts, ClusterDesk clusters, BindingDesk bindings, HostJson json) {
        this.registry = registry;
        this.hosts = hosts;
        this.clusters = clusters;
        this.bindings = bindings;
        this.json = json;
    }

    void addTo(Router router) {
        String host = "/v2/infra-envs/{infra_env_id}/hosts/{host_id}";
        router.add("PATCH", host, Access.USER, this::update)
                .add("DELETE", host, Access.USER, this::deregister)
                .add("POST", host + "/actions/bind", Access.USER, this::bind)
                .add("POST", host + "/actions/unbind", Access.USER, this::unbind)
                .add("POST", host + "/actions/install", Access.USER, this::install);
    }

    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    @JsonIgnoreProperties({
        "disks_skip_formatting",
        "ignition_endpoint_token",
        "ignition_endpoint_http_headers",
        "fencing_credentials"
    })
    record Update(
            String hostRole,
            String hostName,
            List<Disk> disksSelectedConfig,
            String machineConfigPoolName,
            List<Label> nodeLabels) {
        Update {
            ClusterParams.oneOf("host_role", hostRole, ROLES);
        }
    }

    record Disk(String id, String role) {
        Disk {
            ClusterParams.required("id", id);
            ClusterParams.oneOf("role", role, DISK_ROLES);
        }
    }

    record Label(String key, String value) {
        Label {
            ClusterParams.required("key", key);
            ClusterParams.required("value", value);
        }
    }

    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    record Binding(UUID clusterId) {
        Binding {
            ClusterParams.required("cluster_id", clusterId);
        }
    }

    private Answer update(Call call) {
        Update params = call.json("hostUpdateParams", Update.class);
        Host host = host(call);
        return host.locked(() -> {
            requireChangeable(host, params);
            Optional<String> disk = chosenDisk(host, params.disksSelectedConfig());
            disk.ifPresent(id -> host.chosenDisk = id);
            Optional<HostRole> role = Optional.ofNullable(params.hostRole()).flatMap(HostRole::parse);
            if (role.filter(wanted -> wanted == HostRole.WORKER).isPresent()) {
                host.bootstrap = false;
            }
            clusters.update(
                    host, role, Optional.ofNullable(params.hostName()), host.approved, wishes(host.wishes, params));
            return Answer.json(201, json.full(host));
        });
    }

    /** Which of the service's codes an untimely change gets is as it is there. */
    private static void requireChangeable(Host host, Update params) {
        boolean changeable = CHANGEABLE.contains(host.state);
        String refused =
                "Host is in %s state, %s can be set only in one of [discovering known disconnected insufficient pending-for-input] states";
        if (params.hostRole() != null && !changeable) {
            throw Refusal.failed(refused.formatted(host.state.wireName(), "host role"));
        }
        if (params.hostName() != null) {
            requireHostname(params.hostName());
            if (!changeable) {
                throw Refusal.conflict(refused.formatted(host.state.wireName(), "host name"));
            }
        }
        if (params.disksSelectedConfig() != null && !changeable) {
            throw Refusal.conflict(refused.formatted(host.state.wireName(), "installation disk path"));
        }
        if (params.machineConfigPoolName() != null && !changeable) {
            throw Refusal.conflict(refused.formatted(host.state.wireName(), "host machine config pool"));
        }
        if (params.nodeLabels() != null && !changeable) {
            throw Refusal.failed(refused.formatted(host.state.wireName(), "host node labels"));
        }
    }

    private static void requireHostname(String name) {
        if (name.length() > LONGEST_HOSTNAME) {
            throw Refusal.badRequest(
                    "hostname is too long, must be 63 characters or less. Hostname: %s has %d characters"
                            .formatted(name, name.length()));
        }
        if (!HOSTNAME.matcher(name).matches()) {
            throw Refusal.badRequest(
                    "Hostname does not pass required regex validation: ^%s$. Hostname: %s".formatted(HOSTNAME, name));
        }
        if (FORBIDDEN_HOSTNAMES.contains(name)) {
            throw Refusal.badRequest("The host name %s is forbidden".formatted(name));
        }
    }

    private static Optional<String> chosenDisk(Host host, List<Disk> disks) {
        if (disks == null) {
            return Optional.empty();
        }
        List<String> chosen = disks.stream()
                .filter(disk -> "install".equals(disk.role()))
                .map(Disk::id)
                .toList();
        if (chosen.size() > 1) {
            throw Refusal.conflict("duplicate setting of installation path by the user");
        }
        return Optional.of(chosen.stream()
                .filter(id ->
                        host.inventory.flatMap(inventory -> inventory.disk(id)).isPresent())
                .findFirst()
                .orElseThrow(
                        () -> Refusal.conflict("Requested installation disk is not part of the host's valid disks")));
    }

    private static Host.Wishes wishes(Host.Wishes before, Update params) {
        Map<String, String> labels = new LinkedHashMap<>();
        if (params.nodeLabels() != null) {
            params.nodeLabels().forEach(label -> labels.put(label.key(), label.value()));
        }
        return new Host.Wishes(
                before.installerArgs(),
                before.ignitionConfigOverrides(),
                params.machineConfigPoolName() == null ? before.machineConfigPool() : params.machineConfigPoolName(),
                params.nodeLabels() == null ? before.nodeLabels() : labels);
    }

    /** An unknown host is 500 here, as in the service. */
    private Answer deregister(Call call) {
        UUID infraEnv = call.id("infra_env_id");
        UUID id = call.id("host_id");
        Host host = registry.infraEnv(infraEnv)
                .map(owner -> owner.hosts.get(id))
                .orElseThrow(() -> Refusal.failed("record not found"));
        clusters.deregister(host);
        return Answer.empty(204);
    }

    private Answer bind(Call call) {
        UUID clusterId = call.json("bindHostParams", Binding.class).clusterId();
        Host host = host(call);
        host.cluster().ifPresent(owner -> {
            throw Refusal.conflict("Host %s is already bound to cluster %s".formatted(host.id, owner.id));
        });
        Cluster cluster = registry.cluster(clusterId)
                .orElseThrow(() -> Refusal.badRequest("Failed to find cluster " + clusterId));
        if (!cluster.owner.equals(call.user())) {
            throw Refusal.notFound("cluster", clusterId);
        }
        if (host.locked(() -> host.state) != HostState.KNOWN_UNBOUND
                && cluster.locked(() -> cluster.state.acceptsHosts())) {
            throw Refusal.failed("no condition found to run transition");
        }
        bindings.bind(host, cluster);
        return Answer.json(200, host.locked(() -> json.full(host)));
    }

    private Answer unbind(Call call) {
        Host host = host(call);
        if (host.cluster().isEmpty()) {
            throw Refusal.conflict("Host %s is already unbound".formatted(host.id));
        }
        bindings.unbind(host);
        return Answer.json(200, host.locked(() -> json.full(host)));
    }

    private Answer install(Call call) {
        Host host = host(call);
        clusters.installDay2(host);
        return Answer.json(202, host.locked(() -> json.full(host)));
    }

    private Host host(Call call) {
        return hosts.host(call.id("infra_env_id"), call.id("host_id"));
    }
}
