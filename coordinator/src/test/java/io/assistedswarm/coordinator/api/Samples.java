package io.assistedswarm.coordinator.api;

import io.assistedswarm.coordinator.api.Views.ClusterView;
import io.assistedswarm.coordinator.api.Views.HostView;
import io.assistedswarm.coordinator.api.Views.SwarmState;
import io.assistedswarm.coordinator.api.Views.SwarmView;
import io.assistedswarm.coordinator.api.Views.Verdict;
import io.assistedswarm.coordinator.api.Views.WorkerView;
import io.assistedswarm.coordinator.metrics.MetricsPage;
import io.assistedswarm.coordinator.metrics.PhaseMetrics;
import io.assistedswarm.coordinator.plan.Pace;
import io.assistedswarm.coordinator.plan.SwarmPlan;
import io.assistedswarm.coordinator.record.Arrival;
import io.assistedswarm.coordinator.report.Punctuality;
import io.assistedswarm.protocol.ClusterId;
import io.assistedswarm.protocol.Deadlines;
import io.assistedswarm.protocol.Failure;
import io.assistedswarm.protocol.Manifests;
import io.assistedswarm.protocol.RuntimeSpec;
import io.assistedswarm.protocol.Secret;
import io.assistedswarm.protocol.ServiceSpec;
import io.assistedswarm.protocol.SwarmId;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;

/** Values that tests of the surface share. */
public final class Samples {
    /** Not the common pool: of two cores it is one thread, and the JDK's HTTP client has answers told there. */
    public static final Executor BLOCKING = Thread::startVirtualThread;

    public static final Instant START = Instant.parse("2026-11-23T10:00:00Z");

    private Samples() {}

    /** That has counted nothing. */
    public static MetricsPage metrics() {
        PrometheusRegistry counted = new PrometheusRegistry();
        return new MetricsPage(counted, new PhaseMetrics(counted));
    }

    public static SwarmView swarm(String id, SwarmState state, Verdict verdict) {
        return new SwarmView(
                id,
                state,
                verdict,
                START,
                state.isOver() ? Optional.of(START.plusSeconds(90)) : Optional.empty(),
                "hollow",
                3,
                6,
                0,
                Map.of("installing", 2, "installed", 1),
                Map.of("installing", 5, "installed", 1),
                "",
                List.of(),
                12.5,
                Optional.of(600L),
                Punctuality.of(
                        List.of(arrival(id, 0, 0, 0, 0), arrival(id, 1, 8, 0, 7), arrival(id, 2, 31, 20, 0)),
                        Map.of(new ClusterId(new SwarmId(id), 1), START.plusSeconds(18))),
                Optional.empty(),
                Optional.empty());
    }

    /** Due ten seconds after the one before. */
    private static Arrival arrival(String swarm, int index, int admittedAfter, int held, int forRoom) {
        Instant due = START.plusSeconds(10L * index);
        return new Arrival(
                new ClusterId(new SwarmId(swarm), index),
                due,
                due.plusSeconds(admittedAfter),
                Duration.ofSeconds(held),
                Duration.ofSeconds(forRoom));
    }

    public static ClusterView cluster(String name, String swarm, String phase) {
        return new ClusterView(
                name,
                swarm,
                phase,
                START,
                4,
                1,
                42,
                List.of("w1", "w2"),
                1,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                "hollow",
                "");
    }

    public static HostView host(String name, String swarm, String cluster) {
        return new HostView(
                name,
                swarm,
                cluster,
                "0b5a3a2c-9d43-3b3f-8f0e-8a4a8c1f0001",
                "master",
                "02:00:00:00:00:01",
                "w1",
                "failed",
                START,
                Optional.of(new Failure(Failure.Side.GENERATOR, "ProcessCrashed", "the agent crashed")),
                true,
                "exec");
    }

    public static WorkerView worker(String name) {
        return new WorkerView(
                name, "pekko://swarm@127.0.0.1:1", "up", "0.1", 50, 6, 7, 2, 1L << 32, 1L << 27, 40, 99, START);
    }

    public static Submission submission() {
        SwarmPlan plan = new SwarmPlan(
                "quickstart",
                1,
                true,
                Pace.UNLIMITED,
                Deadlines.DEFAULT,
                List.of(new SwarmPlan.ClusterGroup(1, 0, 2, false, false, Map.of("location", "Sun"))));
        return new Submission(
                Optional.empty(),
                plan,
                new ServiceSpec(
                        "http://127.0.0.1:8090",
                        false,
                        "",
                        "",
                        new Secret("{\"auths\":{}}"),
                        "image:4.18.1",
                        "4.18",
                        "redhat.com",
                        ""),
                new RuntimeSpec.Exec(List.of("agent"), Map.of("A", "1"), List.of("controller"), Map.of()),
                new Manifests(List.of(), List.of(), List.of(), List.of()));
    }
}
