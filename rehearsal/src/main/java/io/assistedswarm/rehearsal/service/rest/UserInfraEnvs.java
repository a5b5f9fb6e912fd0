package io.assistedswarm.rehearsal.service.rest;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.assistedswarm.rehearsal.service.ClusterDesk;
import io.assistedswarm.rehearsal.service.HostDesk;
import io.assistedswarm.rehearsal.service.Json;
import io.assistedswarm.rehearsal.service.PullSecret;
import io.assistedswarm.rehearsal.service.Refusal;
import io.assistedswarm.rehearsal.service.ServiceSettings;
import io.assistedswarm.rehearsal.service.machine.Releases;
import io.assistedswarm.rehearsal.service.model.Cluster;
import io.assistedswarm.rehearsal.service.model.InfraEnv;
import io.assistedswarm.rehearsal.service.model.ObjectKey;
import io.assistedswarm.rehearsal.service.model.Registry;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/** What a user makes of infra-envs where there are no objects (assisted-service, internal/bminventory/inventory.go). */
final class UserInfraEnvs {
    private static final List<String> IMAGE_TYPES = List.of("full-iso", "minimal-iso", "disconnected-iso");
    private static final List<String> ARCHITECTURES = List.of("x86_64", "aarch64", "arm64", "ppc64le", "s390x");
    private static final Pattern MAC = Pattern.compile("([0-9A-Fa-f]{2}:){5}[0-9A-Fa-f]{2}");
    private final ServiceSettings settings;
    private final Registry registry;
    private final ClusterDesk desk;
    private final HostDesk hosts;
    private final InfraEnvJson json;
    private final Clock clock;

    UserInfraEnvs(
            ServiceSettings settings,
            Registry registry,
            ClusterDesk desk,
            HostDesk hosts,
            InfraEnvJson json,
            Clock clock) {
        this.settings = settings;
        this.registry = registry;
        this.desk = desk;
        this.hosts = hosts;
        this.json = json;
        this.clock = clock;
    }

    void addTo(Router router) {
        String infraEnvs = "/v2/infra-envs";
        String infraEnv = infraEnvs + "/{infra_env_id}";
        router.add("POST", infraEnvs, Access.USER, this::register)
                .add("GET", infraEnvs, Access.USER_OR_WATCHER, this::list)
                .add("PATCH", infraEnv, Access.USER, this::update)
                .add("DELETE", infraEnv, Access.USER, this::deregister);
    }

    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    @JsonIgnoreProperties({
        "proxy",
        "additional_ntp_sources",
        "ntp_sources",
        "rendezvous_ip",
        "ignition_config_override",
        "kernel_arguments",
        "additional_trust_bundle",
        "network_discovery_delay_seconds"
    })
    record Create(
            String name,
            String pullSecret,
            String sshAuthorizedKey,
            List<StaticNetwork> staticNetworkConfig,
            String imageType,
            UUID clusterId,
            String openshiftVersion,
            String cpuArchitecture) {
        Create {
            ClusterParams.required("name", name);
            ClusterParams.required("pull_secret", pullSecret);
            ClusterParams.oneOf("image_type", imageType, IMAGE_TYPES);
            ClusterParams.oneOf("cpu_architecture", cpuArchitecture, ARCHITECTURES);
        }
    }

    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    @JsonIgnoreProperties({
        "proxy",
        "additional_ntp_sources",
        "ntp_sources",
        "rendezvous_ip",
        "ignition_config_override",
        "kernel_arguments",
        "additional_trust_bundle",
        "network_discovery_delay_seconds"
    })
    record Update(
            String pullSecret,
            String sshAuthorizedKey,
            List<StaticNetwork> staticNetworkConfig,
            String imageType,
            String openshiftVersion) {
        Update {
            ClusterParams.oneOf("image_type", imageType, IMAGE_TYPES);
        }
    }

    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record StaticNetwork(String networkYaml, List<Nic> macInterfaceMap) {}

    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Nic(String macAddress, String logicalNicName) {
        Nic {
            if (!MAC.matcher(ClusterParams.required("mac_address", macAddress)).matches()) {
                throw Refusal.invalid("mac_address in body should match '^" + MAC + "$'");
            }
        }
    }

    private Answer register(Call call) {
        Create params = call.json("infraenvCreateParams", Create.class);
        Optional<Cluster> cluster = Optional.ofNullable(params.clusterId())
                .map(id -> registry.cluster(id)
                        .filter(owned -> owned.owner.equals(call.user()))
                        .orElseThrow(
                                () -> Refusal.notFound("Cluster ID %s does not exist; cluster".formatted(id), id)));
        String architecture = params.cpuArchitecture() == null ? "x86_64" : params.cpuArchitecture();
        if (cluster.isPresent() && !architecture.equals("x86_64")) {
            throw Refusal.badRequest(
                    "InfraEnv's CPU architecture (%s) doesn't match the cluster (x86_64)".formatted(architecture));
        }
        requireSecret(params.pullSecret(), call);
        InfraEnv infraEnv = new InfraEnv(UUID.randomUUID(), ObjectKey.NONE, cluster, clock.instant());
        infraEnv.name = params.name();
        infraEnv.cpuArchitecture = architecture;
        infraEnv.openshiftVersion = version(params.openshiftVersion());
        infraEnv.imageType = params.imageType() == null ? infraEnv.imageType : params.imageType();
        infraEnv.sshKey = params.sshAuthorizedKey() == null ? "" : params.sshAuthorizedKey();
        infraEnv.staticNetwork = text(params.staticNetworkConfig());
        infraEnv.owner = call.user();
        infraEnv.pullSecretSet = true;
        infraEnv.agentToken = settings.credentials().ofAgents(infraEnv.id, params.pullSecret());
        desk.register(infraEnv);
        return Answer.json(201, json.of(infraEnv));
    }

    /** That of the operating system's image: the one that is asked for, or the newest. */
    private String version(String asked) {
        Releases releases = settings.variables().releases();
        return Releases.majorMinor(
                asked == null || asked.isEmpty()
                        ? releases.all().getLast().version()
                        : releases.of(Releases.majorMinor(asked))
                                .orElseThrow(() -> Refusal.badRequest(
                                        "The requested OS image for version (%s) and CPU architecture (x86_64) isn't specified in OS images list"
                                                .formatted(asked)))
                                .version());
    }

    private void requireSecret(String pullSecret, Call call) {
        PullSecret.problem(pullSecret, settings, call.user(), List.of()).ifPresent(problem -> {
            throw Refusal.badRequest("pull secret for new infraEnv is invalid: " + problem);
        });
    }

    private static String text(List<StaticNetwork> networks) {
        return networks == null || networks.isEmpty() ? "" : Json.text(networks);
    }

    private Answer list(Call call) {
        Optional<UUID> cluster = InfoCalls.id(call, "cluster_id");
        ArrayNode list = Json.LENIENT.createArrayNode();
        registry.infraEnvs().stream()
                .filter(infraEnv -> infraEnv.owner.equals(call.user()))
                .filter(infraEnv -> cluster.isEmpty()
                        || infraEnv.cluster.map(owner -> owner.id).equals(cluster))
                .sorted(Comparator.comparing(infraEnv -> infraEnv.createdAt))
                .forEach(infraEnv -> list.add(json.of(infraEnv)));
        return Answer.json(200, list);
    }

    private Answer update(Call call) {
        Update params = call.json("infraEnvUpdateParams", Update.class);
        InfraEnv infraEnv = hosts.infraEnv(call.id("infra_env_id"));
        if (params.pullSecret() != null && !params.pullSecret().isEmpty()) {
            requireSecret(params.pullSecret(), call);
        }
        infraEnv.lockedRun(() -> {
            if (params.sshAuthorizedKey() != null) {
                infraEnv.sshKey = params.sshAuthorizedKey();
            }
            if (params.staticNetworkConfig() != null) {
                infraEnv.staticNetwork = text(params.staticNetworkConfig());
            }
            if (params.imageType() != null) {
                infraEnv.imageType = params.imageType();
            }
            if (params.openshiftVersion() != null) {
                infraEnv.openshiftVersion = version(params.openshiftVersion());
            }
            infraEnv.updatedAt = clock.instant();
        });
        return Answer.json(201, json.of(infraEnv));
    }

    private Answer deregister(Call call) {
        InfraEnv infraEnv = hosts.infraEnv(call.id("infra_env_id"));
        infraEnv.lockedRun(() -> {
            if (!infraEnv.hosts.isEmpty()) {
                throw Refusal.badRequest("failed to deregister infraEnv %s, %d hosts are still associated"
                        .formatted(infraEnv.id, infraEnv.hosts.size()));
            }
            desk.deregister(infraEnv);
        });
        return Answer.empty(204);
    }
}
