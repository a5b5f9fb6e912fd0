package io.assistedswarm.worker.hub;

import io.assistedswarm.protocol.ClusterSpec;
import io.assistedswarm.protocol.ClusterTraits;
import io.assistedswarm.protocol.ClusterTraits.Networking;
import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.Identity;
import io.assistedswarm.protocol.Manifests.Template;
import io.assistedswarm.protocol.RestMarks;
import io.assistedswarm.protocol.ServiceSpec;
import io.assistedswarm.protocol.SwarmSpec;
import io.assistedswarm.protocol.TemplateScope;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What the service's user side is sent for a cluster (assisted-service, swagger.yaml, which names every field). */
final class RestObjects {
    private static final String ARCHITECTURE = "x86_64";
    private static final String INTERFACE = "eth0";

    private RestObjects() {}

    /**
     * {@code cluster-create-params}. The VIPs come with it, and with them the machine network: a later change of the VIPs is refused until
     * a host of that network has been discovered, and one of the network always is (assisted-service, internal/bminventory,
     * updateNonDhcpNetworkParams).
     */
    static Map<String, Object> cluster(SwarmSpec swarm, ClusterSpec cluster) {
        ServiceSpec service = swarm.service();
        ClusterTraits traits = cluster.traits();
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("name", cluster.id().name());
        body.put("tags", RestMarks.tag(swarm.id()));
        body.put("openshift_version", service.openshiftVersion());
        body.put("ocp_release_image", service.releaseImage());
        body.put("base_dns_domain", service.baseDomain());
        body.put("pull_secret", service.pullSecret().reveal());
        body.put("control_plane_count", cluster.controlPlanes());
        body.put("cpu_architecture", ARCHITECTURE);
        body.put("network_type", "OVNKubernetes");
        body.put("cluster_networks", List.of(Map.of("cidr", "10.128.0.0/14", "host_prefix", 23)));
        body.put("service_networks", List.of(Map.of("cidr", "172.30.0.0/16")));
        body.put("machine_networks", List.of(Map.of("cidr", Identity.MACHINE_NETWORK)));
        ifAny(service.sshPublicKey()).ifPresent(key -> body.put("ssh_public_key", key));
        ifAny(traits.platform().wireName())
                .ifPresent(type -> body.put("platform", Map.of("type", type.toLowerCase(Locale.ROOT))));
        if (traits.networking() != Networking.UNSAID) {
            body.put("user_managed_networking", traits.networking() == Networking.USER_MANAGED);
        }
        if (!cluster.apiVips().isEmpty()) {
            body.put("api_vips", addresses(cluster.apiVips()));
            body.put("ingress_vips", addresses(cluster.ingressVips()));
        }
        return body;
    }

    /**
     * {@code infra-env-create-params}.
     *
     * @param clusterUuid that its hosts belong to from their registration on; empty for none
     */
    static Map<String, Object> infraEnv(SwarmSpec swarm, ClusterSpec cluster, Optional<String> clusterUuid) {
        ServiceSpec service = swarm.service();
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("name", RestMarks.infraEnvName(cluster.id()));
        body.put("pull_secret", service.pullSecret().reveal());
        body.put("cpu_architecture", ARCHITECTURE);
        clusterUuid.ifPresent(uuid -> body.put("cluster_id", uuid));
        ifAny(cluster.traits().osImageVersion())
                .or(() -> clusterUuid.map(uuid -> service.openshiftVersion()))
                .ifPresent(version -> body.put("openshift_version", version));
        ifAny(service.sshPublicKey()).ifPresent(key -> body.put("ssh_authorized_key", key));
        if (cluster.withNmstate()) {
            body.put(
                    "static_network_config",
                    cluster.hosts().stream().map(RestObjects::staticNetwork).toList());
        }
        return body;
    }

    /** {@code create-manifest-params}. */
    static Map<String, Object> manifest(Template manifest) {
        return Map.of(
                "folder",
                "manifests",
                "file_name",
                manifest.fileName(),
                "content",
                Base64.getEncoder().encodeToString(manifest.text().getBytes(StandardCharsets.UTF_8)));
    }

    /** {@code host-update-params}. */
    static Map<String, Object> host(ClusterSpec cluster, HostId host) {
        return Map.of(
                "host_name", TemplateScope.hostname(cluster, host),
                "host_role", cluster.role(host).wireName());
    }

    private static List<Map<String, String>> addresses(List<String> vips) {
        return vips.stream().map(vip -> Map.of("ip", vip)).toList();
    }

    /** The same network as by the NMStateConfig of {@code conf/manifests}. */
    private static Map<String, Object> staticNetwork(HostId host) {
        String mac = Identity.mac(host);
        String prefixLength = Identity.MACHINE_NETWORK.substring(Identity.MACHINE_NETWORK.indexOf('/') + 1);
        String nmstate = String.join(
                "\n",
                "interfaces:",
                "- name: " + INTERFACE,
                "  type: ethernet",
                "  state: up",
                "  mac-address: '" + mac + "'",
                "  ipv4:",
                "    enabled: true",
                "    dhcp: false",
                "    address:",
                "    - ip: " + Identity.ipv4(host),
                "      prefix-length: " + prefixLength,
                "  ipv6:",
                "    enabled: false",
                "");
        return Map.of(
                "network_yaml",
                nmstate,
                "mac_interface_map",
                List.of(Map.of("mac_address", mac, "logical_nic_name", INTERFACE)));
    }

    private static Optional<String> ifAny(String text) {
        return Optional.of(text).filter(any -> !any.isEmpty());
    }
}
