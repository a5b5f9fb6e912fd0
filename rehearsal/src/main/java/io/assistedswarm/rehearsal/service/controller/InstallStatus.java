package io.assistedswarm.rehearsal.service.controller;

import io.assistedswarm.rehearsal.service.Json;
import io.assistedswarm.rehearsal.service.ServiceSettings;
import io.assistedswarm.rehearsal.service.auth.Credentials;
import io.assistedswarm.rehearsal.service.controller.Conditions.Condition;
import io.assistedswarm.rehearsal.service.machine.ClusterMachine;
import io.assistedswarm.rehearsal.service.model.Cluster;
import io.assistedswarm.rehearsal.service.model.Host;
import io.assistedswarm.rehearsal.service.model.HostRole;
import io.assistedswarm.rehearsal.service.model.HostState;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Status of an AgentClusterInstall (reference, cr-lifecycle.md 4.2). The caller holds the cluster's lock. */
final class InstallStatus {
    private InstallStatus() {}

    static Map<String, Object> of(
            Cluster cluster, HubObject install, Condition synced, ServiceSettings settings, Instant now) {
        Map<String, Object> status = new LinkedHashMap<>();
        vips(status, "apiVIP", cluster.apiVips);
        vips(status, "ingressVIP", cluster.ingressVips);
        status.put(
                "conditions",
                Conditions.merged(
                        install.objects("status", "conditions"), InstallConditions.of(cluster, synced), true, now));
        status.put(
                "connectivityMajorityGroups",
                cluster.majorityGroups.map(Json::text).orElse(null));
        Map<String, Object> debug = new LinkedHashMap<>();
        Credentials credentials = settings.credentials();
        debug.put(
                "eventsURL",
                credentials.signedForCluster(settings.apiUrl() + "/events?cluster_id=" + cluster.id, cluster.id));
        debug.put(
                "logsURL",
                credentials.signedForCluster(settings.apiUrl() + "/clusters/" + cluster.id + "/logs", cluster.id));
        debug.put("state", cluster.state.wireName());
        debug.put("stateInfo", cluster.stateInfo);
        status.put("debugInfo", debug);
        status.put(
                "machineNetwork",
                cluster.machineNetworks.isEmpty()
                        ? null
                        : cluster.machineNetworks.stream()
                                .map(cidr -> Map.of("cidr", cidr))
                                .toList());
        status.put("platformType", cluster.userManagedNetworking() ? "None" : "BareMetal");
        status.put("progress", Map.of("totalPercentage", ClusterMachine.percentage(cluster)));
        status.put("userManagedNetworking", cluster.userManagedNetworking());
        status.put("validationsInfo", validations(cluster.checks.groups()));
        agents(status, cluster);
        return status;
    }

    static Map<String, Object> validations(Map<String, List<io.assistedswarm.rehearsal.service.model.Check>> groups) {
        Map<String, Object> info = new LinkedHashMap<>();
        groups.forEach((group, checks) -> info.put(
                group,
                checks.stream()
                        .map(check -> {
                            Map<String, String> entry = new LinkedHashMap<>();
                            entry.put("id", check.id());
                            entry.put("message", check.message());
                            entry.put("status", check.status().wireName());
                            return entry;
                        })
                        .toList()));
        return info;
    }

    private static void vips(Map<String, Object> status, String name, List<String> vips) {
        status.put(name, vips.isEmpty() ? null : vips.getFirst());
        status.put(name + "s", vips.isEmpty() ? null : vips);
    }

    /** Counts are of day 1 only: the service drops them when the cluster adds hosts. */
    private static void agents(Map<String, Object> status, Cluster cluster) {
        count(status, cluster, "controlPlaneAgents", HostRole.MASTER);
        count(status, cluster, "workerAgents", HostRole.WORKER);
    }

    private static void count(Map<String, Object> status, Cluster cluster, String name, HostRole role) {
        List<Host> hosts = cluster.day2 ? List.of() : cluster.withRole(role).toList();
        int ready = (int) hosts.stream()
                .filter(host -> host.state != HostState.DISCOVERING
                        && host.state != HostState.INSUFFICIENT
                        && host.state != HostState.PENDING_FOR_INPUT
                        && host.state != HostState.DISCONNECTED)
                .count();
        status.put(name + "Discovered", hosts.isEmpty() ? null : hosts.size());
        status.put(name + "Ready", ready == 0 ? null : ready);
    }
}
