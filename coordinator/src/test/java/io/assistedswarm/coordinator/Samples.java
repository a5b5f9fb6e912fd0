package io.assistedswarm.coordinator;

import io.assistedswarm.coordinator.plan.Pace;
import io.assistedswarm.coordinator.plan.SwarmPlan;
import io.assistedswarm.coordinator.plan.SwarmPlan.ClusterGroup;
import io.assistedswarm.protocol.ClusterId;
import io.assistedswarm.protocol.ClusterPhase;
import io.assistedswarm.protocol.Deadlines;
import io.assistedswarm.protocol.Failure;
import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.HostPhase;
import io.assistedswarm.protocol.Manifests;
import io.assistedswarm.protocol.RuntimeSpec;
import io.assistedswarm.protocol.Secret;
import io.assistedswarm.protocol.ServiceSpec;
import io.assistedswarm.protocol.SwarmId;
import io.assistedswarm.protocol.SwarmSpec;
import io.assistedswarm.protocol.Transition;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Swarms for tests. */
public final class Samples {
    public static final SwarmId SWARM = new SwarmId("quickstart-7f3a");
    public static final Instant START = Instant.parse("2026-11-23T03:20:00Z");
    public static final String PULL_SECRET = "{\"auths\":{\"quay.io\":{\"auth\":\"c2VjcmV0OnNlY3JldA==\"}}}";

    private Samples() {}

    public static SwarmSpec spec() {
        return spec(SWARM);
    }

    public static SwarmSpec spec(SwarmId id) {
        return new SwarmSpec(id, service("quay.io/agent:latest"), runtime(), manifests(), Deadlines.DEFAULT);
    }

    public static ServiceSpec service(String agentImage) {
        return new ServiceSpec(
                "http://127.0.0.1:8090",
                false,
                "",
                "ecdsa KEY",
                new Secret(PULL_SECRET),
                "quay.io/release:4.18",
                "4.18",
                "redhat.com",
                agentImage);
    }

    public static RuntimeSpec runtime() {
        return new RuntimeSpec.Exec(List.of("agent"), Map.of("A", "{{token}}"), List.of("controller"), Map.of());
    }

    public static Manifests manifests() {
        return new Manifests(List.of(), List.of(), List.of(), List.of());
    }

    public static SwarmPlan plan(Pace pace, ClusterGroup... groups) {
        return new SwarmPlan("quickstart", 1, false, pace, Deadlines.DEFAULT, List.of(groups));
    }

    /** The same, but lost clusters are replaced. */
    public static SwarmPlan replacing(SwarmPlan plan) {
        return new SwarmPlan(
                plan.name(),
                plan.seed(),
                plan.shuffle(),
                plan.pace(),
                plan.deadlines(),
                plan.clusters(),
                plan.faults(),
                true);
    }

    public static ClusterGroup clusters(int amount, int controlPlanes, int workers) {
        return new ClusterGroup(controlPlanes, workers, amount, false, false, Map.of());
    }

    public static ClusterGroup infraEnvs(int amount, int hosts) {
        return new ClusterGroup(hosts, 0, amount, false, true, Map.of());
    }

    public static ClusterId cluster(int index) {
        return new ClusterId(SWARM, index);
    }

    public static Transition reached(ClusterId cluster, ClusterPhase phase, double seconds) {
        return new Transition.OfCluster(cluster, phase, after(seconds), 1, "", Optional.empty());
    }

    public static Transition reached(HostId host, HostPhase phase, double seconds) {
        return new Transition.OfHost(host, phase, after(seconds), 1, "", Optional.empty());
    }

    /** By the bootstrap, with an installer that stands in for the given one. */
    public static Transition standIn(HostId host, HostPhase phase, double seconds, int generation) {
        return new Transition.OfHost(host, phase, after(seconds), generation, "", Optional.empty(), true);
    }

    public static Transition failed(ClusterId cluster, double seconds, Failure failure) {
        return new Transition.OfCluster(
                cluster, ClusterPhase.FAILED, after(seconds), 1, failure.message(), Optional.of(failure));
    }

    public static Transition lost(ClusterId cluster, double seconds) {
        Failure failure = new Failure(Failure.Side.GENERATOR, Failure.WORKER_LOST, "its worker is gone");
        return new Transition.OfCluster(
                cluster, ClusterPhase.LOST, after(seconds), 1, failure.message(), Optional.of(failure));
    }

    public static Transition lost(HostId host, double seconds) {
        Failure failure = new Failure(Failure.Side.GENERATOR, Failure.WORKER_LOST, "its worker is gone");
        return new Transition.OfHost(host, HostPhase.LOST, after(seconds), 1, failure.message(), Optional.of(failure));
    }

    public static Transition failed(HostId host, double seconds, Failure failure) {
        return new Transition.OfHost(
                host, HostPhase.FAILED, after(seconds), 1, failure.message(), Optional.of(failure));
    }

    public static Instant after(double seconds) {
        return START.plusMillis(Math.round(seconds * 1000));
    }
}
