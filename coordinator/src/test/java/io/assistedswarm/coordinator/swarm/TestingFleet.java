package io.assistedswarm.coordinator.swarm;

import io.assistedswarm.protocol.BerthId;
import io.assistedswarm.protocol.ClusterCommand;
import io.assistedswarm.protocol.ClusterId;
import io.assistedswarm.protocol.Description;
import io.assistedswarm.protocol.HostCommand;
import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.Observations.AgentClusterInstallState;
import io.assistedswarm.protocol.Observations.AgentState;
import io.assistedswarm.protocol.Observations.BareMetalHostState;
import io.assistedswarm.protocol.Observations.InfraEnvState;
import io.assistedswarm.protocol.Observations.Observation;
import io.assistedswarm.protocol.Observations.PreprovisioningImageState;
import io.assistedswarm.protocol.Observations.UserRefused;
import io.assistedswarm.protocol.WorkerCommand;
import io.assistedswarm.protocol.WorkerCommand.SwarmClosed;
import io.assistedswarm.protocol.WorkerName;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.pekko.Done;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.RecipientRef;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.pattern.StatusReply;

/** Workers whose actors tell a probe what they are told, and confirm it unless they are to be silent. */
final class TestingFleet implements Fleet {
    private final ActorTestKit testKit;
    private final Map<String, ActorRef<ClusterCommand>> clusterActors = new ConcurrentHashMap<>();
    private final Map<String, ActorRef<HostCommand>> hostActors = new ConcurrentHashMap<>();
    private final Map<BerthId, Address> moored = new HashMap<>();
    final TestProbe<Told> told;
    volatile boolean silent;
    volatile SwarmClosed closed = new SwarmClosed(Map.of(), Map.of());
    volatile Optional<String> refusal = Optional.empty();
    /** Which messages to cluster and host actors never come. */
    volatile Predicate<Told> lost = message -> false;
    /** Actors that are there, each by its id, as entities. */
    final Map<Object, String> there = new ConcurrentHashMap<>();
    /** What a host's actor does with what has come. */
    volatile Consumer<Told> hosts = message -> {};

    volatile Consumer<Told> clusters = message -> {};

    /** @param to entity id, or name of the worker */
    record Told(String to, Object command) {}

    TestingFleet(ActorTestKit testKit) {
        this.testKit = testKit;
        this.told = testKit.createTestProbe();
    }

    @Override
    public RecipientRef<ClusterCommand> cluster(String entity) {
        return clusterActors.computeIfAbsent(
                entity,
                unused -> testKit.spawn(Behaviors.receiveMessage(command -> {
                    if (command instanceof ClusterCommand.Describe describe) {
                        describe.replyTo().tell(StatusReply.success(description(entity)));
                        return Behaviors.same();
                    }
                    if (lost.test(new Told(entity, command))) {
                        return Behaviors.same();
                    }
                    boolean answers = !silent;
                    answer(new Told(entity, command), clusters, () -> {
                        switch (command) {
                            case ClusterCommand.Start start -> {
                                there.put(start.assignment().cluster().id(), entity);
                                confirm(answers, start.replyTo());
                            }
                            case ClusterCommand.Stop stop -> {
                                there.values().remove(entity);
                                confirm(answers, stop.replyTo());
                            }
                            default -> {}
                        }
                    });
                    return Behaviors.same();
                })));
    }

    @Override
    public RecipientRef<HostCommand> host(String entity) {
        return hostActors.computeIfAbsent(
                entity,
                unused -> testKit.spawn(Behaviors.receiveMessage(command -> {
                    if (lost.test(new Told(entity, command))) {
                        return Behaviors.same();
                    }
                    boolean answers = !silent;
                    answer(new Told(entity, command), hosts, () -> {
                        switch (command) {
                            case HostCommand.Start start -> {
                                there.put(start.host(), entity);
                                confirm(answers, start.replyTo());
                            }
                            case HostCommand.Stop stop -> {
                                there.values().remove(entity);
                                confirm(answers, stop.replyTo());
                            }
                            default -> {}
                        }
                    });
                    return Behaviors.same();
                })));
    }

    @Override
    public CompletionStage<Done> moor(Map<BerthId, Address> berths) {
        moored.putAll(berths);
        return CompletableFuture.completedFuture(Done.getInstance());
    }

    ActorRef<WorkerCommand> worker(WorkerName name) {
        return testKit.spawn(Behaviors.receiveMessage(command -> {
            // Before the test hears of the message, and may change its mind for the next one.
            boolean answers = !silent;
            if (command instanceof WorkerCommand.Observed observed) {
                if (!lost.test(new Told(name.value(), observed))) {
                    take(observed, answers);
                }
                return Behaviors.same();
            }
            answer(new Told(name.value(), command), message -> {}, () -> {
                switch (command) {
                    case WorkerCommand.OpenSwarm open -> confirm(answers, open.replyTo());
                    case WorkerCommand.CloseSwarm close -> {
                        if (answers) {
                            close.replyTo().tell(StatusReply.success(closed));
                        }
                    }
                    default -> {}
                }
            });
            return Behaviors.same();
        }));
    }

    /** As a worker does it, by {@code Residents}: each actor that is there hears of what concerns it. */
    private void take(WorkerCommand.Observed observed, boolean answers) {
        Set<ClusterId> noClusters = new LinkedHashSet<>();
        Set<HostId> noHosts = new LinkedHashSet<>();
        for (Observation seen : observed.seen()) {
            switch (seen) {
                case InfraEnvState infraEnv ->
                    tellAll(
                            infraEnv.cluster(),
                            new ClusterCommand.InfraEnvSeen(infraEnv),
                            new HostCommand.InfraEnvSeen(infraEnv));
                case UserRefused refused ->
                    tellAll(
                            refused.cluster(),
                            new ClusterCommand.UserRefusedSeen(refused),
                            new HostCommand.UserRefusedSeen(refused));
                case AgentClusterInstallState install -> {
                    if (!tell(install.cluster(), new ClusterCommand.AgentClusterInstallSeen(install), clusters)) {
                        noClusters.add(install.cluster());
                    }
                }
                case BareMetalHostState machine ->
                    tell(machine.host(), new HostCommand.BareMetalHostSeen(machine), noHosts);
                case PreprovisioningImageState image ->
                    tell(image.host(), new HostCommand.PreprovisioningImageSeen(image), noHosts);
                case AgentState agent -> tell(agent.host(), new HostCommand.AgentSeen(agent), noHosts);
            }
        }
        for (ClusterCommand.HostsAway away : observed.away()) {
            if (!tell(away.cluster(), away, clusters)) {
                noClusters.add(away.cluster());
            }
        }
        observed.clusters().stream()
                .filter(cluster -> !there.containsKey(cluster))
                .forEach(noClusters::add);
        observed.hosts().stream().filter(host -> !there.containsKey(host)).forEach(noHosts::add);
        if (answers) {
            observed.replyTo()
                    .tell(new WorkerCommand.ObservedTaken(
                            observed.sequence(), List.copyOf(noClusters), List.copyOf(noHosts)));
        }
    }

    private void tellAll(ClusterId cluster, ClusterCommand command, HostCommand toItsHosts) {
        tell(cluster, command, clusters);
        there.keySet().stream()
                .filter(id -> id instanceof HostId host && host.cluster().equals(cluster))
                .sorted(Comparator.comparing(Object::toString))
                .forEach(host -> tell(host, toItsHosts, hosts));
    }

    private void tell(HostId host, HostCommand command, Set<HostId> absent) {
        if (!tell(host, command, hosts)) {
            absent.add(host);
        }
    }

    private boolean tell(Object id, Object command, Consumer<Told> doing) {
        String entity = there.get(id);
        if (entity != null) {
            answer(new Told(entity, command), doing, () -> {});
        }
        return entity != null;
    }

    private static Description description(String name) {
        return new Description(
                name,
                "placed",
                Instant.EPOCH,
                1,
                "all hosts known",
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of());
    }

    /** The probe hears of it before it is confirmed: what that leads to must come after it. */
    private synchronized void answer(Told message, Consumer<Told> doing, Runnable confirmation) {
        told.ref().tell(message);
        doing.accept(message);
        confirmation.run();
    }

    /** Returns when what the probe has heard of has been confirmed: time that is turned before that is time without an answer. */
    synchronized void awaitAnswered() {
        // Whoever answers holds the lock.
    }

    private void confirm(boolean answers, ActorRef<StatusReply<Done>> replyTo) {
        if (answers) {
            replyTo.tell(refusal.<StatusReply<Done>>map(StatusReply::error).orElseGet(StatusReply::ack));
        }
    }
}
