package io.assistedswarm.rehearsal.service.rest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.assistedswarm.rehearsal.service.Json;
import io.assistedswarm.rehearsal.service.ServiceSettings;
import io.assistedswarm.rehearsal.service.machine.ClusterMachine;
import io.assistedswarm.rehearsal.service.machine.Networks;
import io.assistedswarm.rehearsal.service.model.Cluster;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** A cluster as the REST API shows it. The caller holds the row's lock. */
final class ClusterJson {
    private static final int OPERATOR_TIMEOUT_SECONDS = 3_600;
    private final ServiceSettings settings;
    private final HostJson hosts;

    ClusterJson(ServiceSettings settings, HostJson hosts) {
        this.settings = settings;
        this.hosts = hosts;
    }

    /** As a GET shows it. */
    ObjectNode of(Cluster cluster, boolean withHosts) {
        ObjectNode json = columns(cluster);
        ArrayNode hostNetworks = json.putArray("host_networks");
        json.putArray("operator_bundles");
        if (!withHosts) {
            json.putNull("hosts");
            return HostJson.sorted(json);
        }
        if (!cluster.day2) {
            hostNetworks(hostNetworks, cluster);
            json.put("enabled_host_count", cluster.hosts.size());
            json.put("total_host_count", cluster.hosts.size());
        }
        ArrayNode list = json.putArray("hosts");
        cluster.hostList().forEach(host -> list.add(hosts.full(host)));
        return HostJson.sorted(json);
    }

    /** As the answer to an action shows it: the rows as they are, without what a GET works out from them. */
    ObjectNode raw(Cluster cluster) {
        ObjectNode json = columns(cluster);
        json.put("enabled_host_count", cluster.hosts.size());
        json.putNull("host_networks");
        json.putNull("operator_bundles");
        json.put("total_host_count", cluster.hosts.size());
        ArrayNode list = json.putArray("hosts");
        cluster.hostList().forEach(host -> list.add(hosts.listed(host, true, true)));
        return HostJson.sorted(json);
    }

    private ObjectNode columns(Cluster cluster) {
        ObjectNode json = Json.LENIENT.createObjectNode();
        definition(json, cluster);
        networks(json, cluster);
        state(json, cluster);
        return json;
    }

    ArrayNode operators(Cluster cluster) {
        ArrayNode list = Json.LENIENT.createArrayNode();
        cluster.operators.values().forEach(operator -> {
            ObjectNode json = list.addObject();
            json.putNull("bundles");
            json.put("cluster_id", cluster.id.toString());
            json.put("name", operator.name());
            json.put("operator_type", "builtin");
            json.putNull("source_bundles");
            if (!operator.status().isEmpty()) {
                json.put("status", operator.status());
                json.put("status_info", operator.info());
            }
            json.put("status_updated_at", Times.millis(operator.updatedAt()));
            json.put("timeout_seconds", OPERATOR_TIMEOUT_SECONDS);
        });
        return list;
    }

    private void definition(ObjectNode json, Cluster cluster) {
        Cluster.Definition definition = cluster.definition;
        json.put("base_dns_domain", definition.baseDomain());
        json.put("control_plane_count", definition.controlPlanes());
        json.put("cpu_architecture", "x86_64");
        json.put("created_at", Times.exact(cluster.createdAt));
        json.putNull("deleted_at");
        json.putObject("disk_encryption").put("enable_on", "none").put("mode", "tpmv2");
        json.put("email_domain", "Unknown");
        json.put("feature_usage", Json.text(features(cluster)));
        json.put("high_availability_mode", definition.controlPlanes() == 1 ? "None" : "Full");
        json.put("href", "/api/assisted-install/v2/clusters/" + cluster.id);
        json.put("hyperthreading", "masters,workers");
        json.put("id", cluster.id.toString());
        json.putObject("ignition_endpoint");
        json.putObject("image_info").put("created_at", Times.NEVER).put("expires_at", Times.millis(Optional.empty()));
        json.put("kind", cluster.day2 ? "AddHostsCluster" : "Cluster");
        json.putObject("load_balancer").put("type", "cluster-managed");
        json.put("name", definition.name());
        json.put("network_type", definition.networkType());
        json.put("ocp_release_image", definition.releaseImage());
        json.put("openshift_cluster_id", cluster.openshiftClusterId.toString());
        json.put("openshift_version", definition.openshiftVersion());
        json.put("org_soft_timeouts_enabled", settings.softTimeouts());
        ObjectNode platform = json.putObject("platform");
        platform.putObject("external");
        platform.put("type", cluster.userManagedNetworking() ? "none" : "baremetal");
        json.put("pull_secret_set", true);
        json.put("schedulable_masters", cluster.wishes.schedulableMasters());
        json.put("schedulable_masters_forced_true", cluster.workers() < 2);
        putUnlessEmpty(json, "ignored_cluster_validations", cluster.wishes.ignoredClusterValidations());
        putUnlessEmpty(json, "ignored_host_validations", cluster.wishes.ignoredHostValidations());
        if (!cluster.wishes.installConfigOverrides().isEmpty()) {
            json.put("install_config_overrides", cluster.wishes.installConfigOverrides());
        }
        json.put("ssh_public_key", definition.sshKey());
        if (!cluster.tags.isEmpty()) {
            json.put("tags", cluster.tags);
        }
        json.put("user_managed_networking", definition.userManagedNetworking());
        json.put("user_name", cluster.owner);
        json.put("vip_dhcp_allocation", false);
    }

    private static void putUnlessEmpty(ObjectNode json, String name, Set<String> ids) {
        if (!ids.isEmpty()) {
            json.put(name, Json.text(new TreeSet<>(ids)));
        }
    }

    private static Map<String, Object> features(Cluster cluster) {
        Map<String, Object> features = new TreeMap<>();
        features.put(
                "Hyperthreading",
                Map.of(
                        "data",
                        Map.of("hyperthreading_enabled", "masters,workers"),
                        "id",
                        "HYPERTHREADING",
                        "name",
                        "Hyperthreading"));
        features.put("OVN network type", Map.of("id", "OVN_NETWORK_TYPE", "name", "OVN network type"));
        if (cluster.singleNode()) {
            features.put("SNO", Map.of("id", "SNO", "name", "SNO"));
        }
        if (cluster.hosts.values().stream().anyMatch(host -> host.infraEnv.hasStaticNetwork())) {
            features.put(
                    "Static Network Config", Map.of("id", "STATIC_NETWORK_CONFIG", "name", "Static Network Config"));
        }
        return features;
    }

    private static void networks(ObjectNode json, Cluster cluster) {
        String id = cluster.id.toString();
        vips(json.putArray("api_vips"), cluster, cluster.apiVips);
        vips(json.putArray("ingress_vips"), cluster, cluster.ingressVips);
        if (cluster.day2) {
            json.put(
                    "api_vip_dns_name",
                    cluster.userManagedNetworking() || cluster.apiVips.isEmpty()
                            ? "api." + cluster.definition.domain()
                            : cluster.apiVips.getFirst());
        }
        ArrayNode clusterNetworks = json.putArray("cluster_networks");
        cluster.definition
                .clusterNetworks()
                .forEach(network -> clusterNetworks
                        .addObject()
                        .put("cidr", network.cidr())
                        .put("cluster_id", id)
                        .put("host_prefix", network.hostPrefix()));
        ArrayNode machine = json.putArray("machine_networks");
        cluster.machineNetworks.forEach(
                cidr -> machine.addObject().put("cidr", cidr).put("cluster_id", id));
        ArrayNode service = json.putArray("service_networks");
        cluster.definition
                .serviceNetworks()
                .forEach(cidr -> service.addObject().put("cidr", cidr).put("cluster_id", id));
        cluster.majorityGroups.ifPresent(groups -> json.put("connectivity_majority_groups", Json.text(groups)));
        json.put("ip_collisions", "{}");
    }

    private static void hostNetworks(ArrayNode hostNetworks, Cluster cluster) {
        Networks.ofHosts(cluster).forEach((cidr, members) -> {
            ObjectNode network = hostNetworks.addObject().put("cidr", cidr);
            ArrayNode ids = network.putArray("host_ids");
            members.forEach(ids::add);
        });
    }

    private static void vips(ArrayNode list, Cluster cluster, List<String> vips) {
        for (String vip : vips) {
            ObjectNode json =
                    list.addObject().put("cluster_id", cluster.id.toString()).put("ip", vip);
            Optional.ofNullable(cluster.vipVerification.get(vip)).ifPresent(v -> json.put("verification", v));
        }
    }

    private void state(ObjectNode json, Cluster cluster) {
        json.put("controller_logs_collected_at", Times.millis(cluster.controllerLogs.collectedAt()));
        json.put("controller_logs_started_at", Times.millis(cluster.controllerLogs.startedAt()));
        json.put("install_completed_at", Times.millis(cluster.installCompletedAt));
        json.put("install_started_at", Times.millis(cluster.installStartedAt));
        ObjectNode preparation = json.putObject("last-installation-preparation");
        if (cluster.preparationFailure.isPresent()) {
            preparation.put("reason", cluster.preparationFailure.get()).put("status", "failed");
        } else if (cluster.preparedOnce) {
            preparation.put("reason", "Installation preparation successful").put("status", "success");
        } else {
            preparation.put("status", "not_started");
        }
        if (!cluster.controllerLogs.state().isEmpty()) {
            json.put("logs_info", cluster.controllerLogs.state());
        }
        json.set("monitored_operators", operators(cluster));
        json.set("progress", progress(cluster));
        json.put("status", cluster.state.wireName());
        json.put("status_info", cluster.stateInfo);
        json.put("status_updated_at", Times.millis(cluster.stateSince));
        json.put("updated_at", Times.exact(cluster.updatedAt));
        json.put("validations_info", Json.text(cluster.checks.groups()));
    }

    private static ObjectNode progress(Cluster cluster) {
        ObjectNode json = Json.LENIENT.createObjectNode();
        cluster.finalizing.ifPresent(finalizing -> json.put("finalizing_stage", finalizing.stage()));
        ClusterMachine.finalizingPercentage(cluster)
                .ifPresent(percent -> json.put("finalizing_stage_percentage", percent));
        json.put(
                "finalizing_stage_started_at",
                Times.millis(cluster.finalizing.map(Cluster.FinalizingProgress::startedAt)));
        if (cluster.state.installationBegun()) {
            json.put("installing_stage_percentage", ClusterMachine.installingPercentage(cluster.hosts.values()));
            json.put("preparing_for_installation_stage_percentage", 100);
            json.put("total_percentage", ClusterMachine.percentage(cluster));
        }
        return json;
    }
}
