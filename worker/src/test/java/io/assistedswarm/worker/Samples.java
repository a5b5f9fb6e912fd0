package io.assistedswarm.worker;

import io.assistedswarm.protocol.Assignment;
import io.assistedswarm.protocol.BareMetalFlow;
import io.assistedswarm.protocol.BerthId;
import io.assistedswarm.protocol.ClusterId;
import io.assistedswarm.protocol.ClusterSpec;
import io.assistedswarm.protocol.ClusterTraits;
import io.assistedswarm.protocol.ClusterTraits.Hold;
import io.assistedswarm.protocol.ClusterTraits.Networking;
import io.assistedswarm.protocol.ClusterTraits.Platform;
import io.assistedswarm.protocol.Deadlines;
import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.Manifests;
import io.assistedswarm.protocol.Observations.AgentClusterInstallState;
import io.assistedswarm.protocol.Observations.AgentState;
import io.assistedswarm.protocol.Observations.BareMetalHostState;
import io.assistedswarm.protocol.Observations.InfraEnvState;
import io.assistedswarm.protocol.Placement;
import io.assistedswarm.protocol.RuntimeSpec;
import io.assistedswarm.protocol.Secret;
import io.assistedswarm.protocol.ServiceSpec;
import io.assistedswarm.protocol.SwarmId;
import io.assistedswarm.protocol.SwarmSpec;
import io.assistedswarm.protocol.WorkerName;
import java.util.List;
import java.util.Map;

/** A swarm for tests, and what may be seen of its objects. */
public final class Samples {
    public static final SwarmId SWARM = new SwarmId("quickstart-7f3a");
    public static final ClusterId CLUSTER = new ClusterId(SWARM, 0);
    public static final WorkerName WORKER = new WorkerName("w1");
    public static final String PULL_SECRET = "{\"auths\":{\"quay.io\":{\"auth\":\"c2VjcmV0OnNlY3JldA==\"}}}";
    public static final String INFRA_ENV_ID = "9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6d";
    public static final String ISO = "http://images:8091/byid/" + INFRA_ENV_ID + "/4.18/x86_64/minimal.iso";

    private Samples() {}

    public static ClusterSpec singleNode() {
        return cluster(1, 0);
    }

    public static ClusterSpec cluster(int controlPlanes, int workers) {
        return new ClusterSpec(CLUSTER, controlPlanes, workers, false, false, Map.of());
    }

    public static ClusterSpec infraEnvOnly(int hosts) {
        return new ClusterSpec(CLUSTER, hosts, 0, false, true, Map.of());
    }

    /** Three control planes with these traits. */
    public static ClusterSpec special(ClusterTraits traits) {
        return new ClusterSpec(CLUSTER, 3, 0, false, false, Map.of(), traits, Map.of());
    }

    public static ClusterTraits lateBinding() {
        return new ClusterTraits(
                0,
                0,
                true,
                Hold.NONE,
                Platform.UNSAID,
                Networking.UNSAID,
                List.of(),
                List.of(),
                "",
                Map.of(),
                Map.of(),
                Map.of(),
                List.of());
    }

    /** Wants everything that a cluster can have at one time. */
    public static ClusterTraits everything() {
        return new ClusterTraits(
                1,
                2,
                true,
                Hold.UNTIL_RELEASED,
                Platform.BAREMETAL,
                Networking.CLUSTER_MANAGED,
                List.of("10.123.255.10"),
                List.of("10.123.255.11"),
                "4.18",
                Map.of("rack", "r1", "on", "true"),
                Map.of("agent-install.openshift.io/ignored-host-validations", "[\"ntp-synced\"]"),
                Map.of(
                        "bmac.agent-install.openshift.io/hostname", "node-{{host.index}}.{{cluster.name}}",
                        "bmac.agent-install.openshift.io.node-label.rack", "r1"),
                List.of("own/a.yaml", "b.json"));
    }

    public static AgentClusterInstallState held(String state) {
        return new AgentClusterInstallState(CLUSTER, state, "", "", 0, false, false, "on hold", true);
    }

    public static SwarmSpec swarm() {
        return swarm(exec(), new Manifests(List.of(), List.of(), List.of(), List.of()));
    }

    /** Its machines go by PreprovisioningImages. */
    public static SwarmSpec converged() {
        SwarmSpec swarm = swarm();
        return new SwarmSpec(
                swarm.id(),
                swarm.service().withFlow(BareMetalFlow.CONVERGED),
                swarm.runtime(),
                swarm.manifests(),
                swarm.deadlines());
    }

    public static SwarmSpec swarm(RuntimeSpec runtime, Manifests manifests) {
        return new SwarmSpec(
                SWARM,
                new ServiceSpec(
                        "http://127.0.0.1:8090",
                        false,
                        "",
                        "ecdsa KEY",
                        new Secret(PULL_SECRET),
                        "quay.io/release:4.18.52-x86_64",
                        "4.18",
                        "redhat.com",
                        "quay.io/agent:latest"),
                runtime,
                manifests,
                Deadlines.DEFAULT);
    }

    public static RuntimeSpec exec() {
        return new RuntimeSpec.Exec(
                List.of("agent", "--url", "{{service.url}}", "--infra-env-id", "{{infraEnv.id}}"),
                Map.of("PULL_SECRET_TOKEN", "{{token}}", "DRY_REBOOT_MARKER", "{{files.marker}}"),
                List.of("controller", "{{clusterUuid}}"),
                Map.of("PULL_SECRET_TOKEN", "{{token}}"));
    }

    /** The whole cluster in one berth. */
    public static Assignment assignment(ClusterSpec cluster, int generation) {
        return new Assignment(cluster, List.of(berth("w1-1", 0, cluster.hostCount(), generation)), generation);
    }

    public static Placement berth(String id, int firstHost, int hostCount, int generation) {
        return new Placement(new BerthId(id), WORKER, firstHost, hostCount, generation, 0);
    }

    public static InfraEnvState withIso() {
        return new InfraEnvState(CLUSTER, ISO, "", "", "");
    }

    public static InfraEnvState withoutIso(String why) {
        return new InfraEnvState(CLUSTER, "", "", "", why);
    }

    public static BareMetalHostState machine(HostId host, String provisioningState, String imageUrl) {
        return new BareMetalHostState(host, provisioningState, imageUrl, false);
    }

    public static AgentState agent(HostId host, String state, String stage) {
        return new AgentState(host, state, "", stage, List.of());
    }

    public static AgentClusterInstallState install(String state, String infraId) {
        return new AgentClusterInstallState(CLUSTER, state, "", infraId, 40, false, false, "");
    }

    public static AgentClusterInstallState completed(String infraId) {
        return new AgentClusterInstallState(CLUSTER, "adding-hosts", "", infraId, 100, true, false, "");
    }

    public static AgentClusterInstallState failed(String state, String stateInfo, String message) {
        return new AgentClusterInstallState(CLUSTER, state, stateInfo, "", 40, false, true, message);
    }
}
