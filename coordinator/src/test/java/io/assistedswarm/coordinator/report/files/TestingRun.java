package io.assistedswarm.coordinator.report.files;

import static io.assistedswarm.coordinator.Samples.START;
import static io.assistedswarm.coordinator.Samples.SWARM;
import static io.assistedswarm.coordinator.Samples.after;
import static io.assistedswarm.coordinator.Samples.clusters;
import static io.assistedswarm.coordinator.Samples.failed;
import static io.assistedswarm.coordinator.Samples.plan;
import static io.assistedswarm.coordinator.Samples.reached;
import static io.assistedswarm.coordinator.Samples.spec;

import io.assistedswarm.coordinator.api.ApiJson;
import io.assistedswarm.coordinator.api.Views.SwarmState;
import io.assistedswarm.coordinator.api.Views.Verdict;
import io.assistedswarm.coordinator.plan.Limits;
import io.assistedswarm.coordinator.plan.Limits.Bound;
import io.assistedswarm.coordinator.plan.Limits.FailureLimit;
import io.assistedswarm.coordinator.plan.Limits.PhaseLimit;
import io.assistedswarm.coordinator.plan.Limits.Subject;
import io.assistedswarm.coordinator.plan.Pace;
import io.assistedswarm.coordinator.plan.SwarmPlan;
import io.assistedswarm.coordinator.record.Arrival;
import io.assistedswarm.coordinator.record.Change;
import io.assistedswarm.coordinator.record.Order;
import io.assistedswarm.coordinator.record.RunRecord;
import io.assistedswarm.coordinator.record.RunRecord.Numbered;
import io.assistedswarm.coordinator.report.Lives;
import io.assistedswarm.coordinator.report.Report;
import io.assistedswarm.coordinator.report.ReportQuery;
import io.assistedswarm.coordinator.report.Ruling;
import io.assistedswarm.protocol.ClusterPhase;
import io.assistedswarm.protocol.ClusterSpec;
import io.assistedswarm.protocol.Failure;
import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.HostPhase;
import io.assistedswarm.protocol.NodeHealth;
import io.assistedswarm.protocol.Secret;
import io.assistedswarm.protocol.ServiceUser;
import io.assistedswarm.protocol.SwarmSpec;
import io.assistedswarm.protocol.Transition;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** The record of a run of two users that never was: one cluster every ten seconds, its phases take times drawn by a fixed seed, and one in 30 fails. */
final class TestingRun {
    private static final int HOSTS_OF_A_CLUSTER = 6;
    private static final HostPhase[] HOST_PHASES = {
        HostPhase.PLACED,
        HostPhase.CREATED,
        HostPhase.DOWNLOADING,
        HostPhase.BOOTED,
        HostPhase.REGISTERED,
        HostPhase.KNOWN,
        HostPhase.PREPARING,
        HostPhase.INSTALLING,
        HostPhase.REBOOTING,
        HostPhase.JOINED,
        HostPhase.INSTALLED
    };
    private static final ClusterPhase[] CLUSTER_PHASES = {
        ClusterPhase.PLACED,
        ClusterPhase.APPLIED,
        ClusterPhase.IMAGE_READY,
        ClusterPhase.PREPARING,
        ClusterPhase.INSTALLING,
        ClusterPhase.FINALIZING,
        ClusterPhase.COMPLETED,
        ClusterPhase.INSTALLED
    };
    private static final Failure FAILURE = new Failure(
            Failure.Side.SERVICE, "InstallationFailed", "cluster has hosts in <error>, and \"says\" so\nat length");

    private final Random random = new Random(7);
    private final List<Transition> transitions = new ArrayList<>();
    private final List<Change> changes = new ArrayList<>();
    private double end;

    private TestingRun() {}

    /** @param now when it was asked for */
    record Outcome(Report report, Lives lives, Instant now) {}

    /** @param hosts in clusters of 6, and single nodes for the rest; none of them was admitted when there are none */
    static Outcome of(Path data, int hosts) {
        return of(data, hosts, false);
    }

    /** Its user cancelled it in the middle. */
    static Outcome cancelled(Path data, int hosts) {
        return of(data, hosts, true);
    }

    private static Outcome of(Path data, int hosts, boolean cancelled) {
        TestingRun run = new TestingRun();
        int big = hosts / HOSTS_OF_A_CLUSTER;
        int single = hosts % HOSTS_OF_A_CLUSTER;
        SwarmPlan plan = hosts == 0
                ? plan(Pace.UNLIMITED, clusters(3, 1, 0))
                : single == 0
                        ? plan(Pace.UNLIMITED, clusters(big, 3, 3))
                        : plan(Pace.UNLIMITED, clusters(big, 3, 3), clusters(single, 1, 0));
        plan = plan.withLimits(new Limits(
                Optional.of(0.95),
                List.of(
                        new PhaseLimit(Subject.CLUSTERS, "placed", "installed", 0.95, Duration.ofMinutes(20)),
                        new PhaseLimit(Subject.HOSTS, "booted", "registered", 0.99, Duration.ofSeconds(30))),
                List.of(new FailureLimit(
                        Subject.CLUSTERS, Optional.of(Failure.Side.SERVICE), Optional.empty(), Bound.of(0.1))),
                Optional.empty()));
        if (hosts > 0) {
            plan.expand(SWARM).forEach(run::live);
        }
        run.samples();
        if (cancelled) {
            run.cancel(plan.expand(SWARM));
        }
        try (RunRecord record = RunRecord.open(data)) {
            SwarmSpec shared = spec().withService(spec().service().sharedBy(List.of(user("alice", 2), user("bob", 1))));
            record.write(List.of(new Change.SwarmAdded(shared, plan, START)), List.of());
            List<Numbered> numbered = new ArrayList<>();
            for (Transition transition : run.transitions) {
                numbered.add(
                        new Numbered("w" + transition.clusterId().index() % 3, "i", numbered.size() + 1, transition));
            }
            record.write(run.changes, numbered);
            ReportQuery query = new ReportQuery(record);
            Instant now = after(Math.max(60, run.end));
            Ruling ruling = query.report(SWARM, now).flatMap(Report::ruling).orElseThrow();
            record.write(
                    List.of(
                            cancelled
                                    ? new Change.SwarmReached(
                                            SWARM, SwarmState.CANCELLED, Verdict.CANCELLED, List.of(), Optional.of(now))
                                    : new Change.SwarmReached(
                                            SWARM,
                                            SwarmState.DONE,
                                            ruling.verdict(),
                                            ruling.reasons(),
                                            Optional.of(now))),
                    List.of());
            // As a client sees them.
            return new Outcome(
                    ApiJson.mapper().convertValue(query.report(SWARM, now).orElseThrow(), Report.class),
                    ApiJson.mapper().convertValue(query.lives(SWARM, now).orElseThrow(), Lives.class),
                    now);
        }
    }

    private static ServiceUser user(String name, int weight) {
        return new ServiceUser(name, weight, spec().service().pullSecret(), new Secret("offline-token-of-" + name));
    }

    private void live(ClusterSpec cluster) {
        double start = cluster.id().index() * 10.0;
        changes.add(new Change.ClusterArrived(new Arrival(
                cluster.id(), after(start), after(start + random.nextDouble()), Duration.ZERO, Duration.ZERO)));
        boolean fails = cluster.id().index() % 30 == 5;
        double last = start;
        for (HostId host : cluster.hosts()) {
            double at = start;
            for (HostPhase phase : HOST_PHASES) {
                transitions.add(reached(host, phase, at));
                if (fails && phase == HostPhase.INSTALLING) {
                    transitions.add(failed(host, at + 1, FAILURE));
                    break;
                }
                if (phase == HostPhase.INSTALLING) {
                    changes.add(new Change.StageSeen(host, "Writing image to disk", after(at + 5)));
                }
                at += 2 + 60 * random.nextDouble() * random.nextDouble();
            }
            last = Math.max(last, at);
        }
        double at = start;
        for (int i = 0; i < CLUSTER_PHASES.length; i++) {
            at = start + (last - start) * i / (CLUSTER_PHASES.length - 1);
            if (fails && CLUSTER_PHASES[i] == ClusterPhase.FINALIZING) {
                transitions.add(failed(cluster.id(), at, FAILURE));
                break;
            }
            transitions.add(reached(cluster.id(), CLUSTER_PHASES[i], at));
        }
        end = Math.max(end, Math.max(at, last) + 5);
    }

    /** What had not ended then is stopped, and what came later has never been. */
    private void cancel(List<ClusterSpec> clusters) {
        end = end / 2;
        Instant then = after(end);
        transitions.removeIf(transition -> transition.at().isAfter(then));
        changes.removeIf(
                change -> change instanceof Change.StageSeen seen && seen.at().isAfter(then));
        changes.add(new Change.OrderGiven(Order.of(SWARM, "cancel", "", then)));
        for (ClusterSpec cluster : clusters) {
            List<Transition> its = transitions.stream()
                    .filter(transition -> transition.clusterId().equals(cluster.id()))
                    .toList();
            cluster.hosts().stream()
                    .filter(host -> its.stream()
                            .filter(transition -> transition instanceof Transition.OfHost of
                                    && of.host().equals(host))
                            .map(transition -> ((Transition.OfHost) transition).phase())
                            .noneMatch(HostPhase::isEnd))
                    .forEach(host -> transitions.add(reached(host, HostPhase.STOPPED, end + 1)));
            if (its.stream()
                    .noneMatch(transition -> transition instanceof Transition.OfCluster of
                            && of.phase().isEnd())) {
                transitions.add(reached(cluster.id(), ClusterPhase.STOPPED, end + 2));
            }
        }
        end += 5;
    }

    private void samples() {
        for (double at = 10; at < end; at += 10) {
            for (String node : List.of("coordinator", "w0", "w1", "w2")) {
                changes.add(new Change.HealthSampled(
                        node,
                        after(at),
                        new NodeHealth(
                                after(at),
                                Optional.of(0.3 * random.nextDouble()),
                                Duration.ofMillis(random.nextInt(80)),
                                Optional.of(Duration.ofMillis(node.equals("w1") ? 1_400 : 0)),
                                Duration.ofMillis(2))));
            }
        }
    }
}
