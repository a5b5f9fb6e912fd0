package io.assistedswarm.coordinator.swarm;

import io.assistedswarm.protocol.ClusterCommand.HostsAway;
import io.assistedswarm.protocol.ClusterId;
import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.Observations.AgentClusterInstallState;
import io.assistedswarm.protocol.Observations.AgentState;
import io.assistedswarm.protocol.Observations.BareMetalHostState;
import io.assistedswarm.protocol.Observations.InfraEnvState;
import io.assistedswarm.protocol.Observations.Observation;
import io.assistedswarm.protocol.Observations.PreprovisioningImageState;
import io.assistedswarm.protocol.Observations.UserRefused;
import io.assistedswarm.protocol.WorkerCommand;
import io.assistedswarm.protocol.WorkerCommand.Observed;
import io.assistedswarm.protocol.WorkerCommand.ObservedTaken;
import io.assistedswarm.protocol.WorkerName;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * What has been seen at the hub on its way to the workers. It is gathered, so that a worker gets one message where its hosts would get
 * hundreds; and told again until the worker has taken it, as a message is sent at most once by Pekko, and nobody misses one that never came.
 * Of each object only the latest waits, however long a worker is deaf. Not thread-safe: it belongs to one actor.
 */
final class Relays {
    /** For so long news is gathered: small against the seconds that hosts take for anything. */
    static final Duration GATHERING = Duration.ofMillis(100);

    private static final Duration PATIENCE = Duration.ofSeconds(3);

    /** Observations in one message: some 1.5 KB each, and a frame has 1 MiB. */
    private static final int LARGEST = 200;

    /** Names of clusters or hosts in one message. */
    private static final int MOST_NAMES = 2_000;

    private final ActorRef<ObservedTaken> replyTo;
    private final Runnable gather;
    private final Map<ActorRef<WorkerCommand>, Line> lines = new HashMap<>();
    private long sequence;

    /** @param gather has {@link #send} called after {@link #GATHERING}, if it will not be anyway */
    Relays(ActorRef<ObservedTaken> replyTo, Runnable gather) {
        this.replyTo = replyTo;
        this.gather = gather;
    }

    /** Of which object there is news. */
    private record Subject(Class<?> kind, Object id) {
        private static Subject of(Observation seen) {
            Object id = switch (seen) {
                case InfraEnvState infraEnv -> infraEnv.cluster();
                case AgentClusterInstallState install -> install.cluster();
                case BareMetalHostState machine -> machine.host();
                case PreprovisioningImageState image -> image.host();
                case AgentState agent -> agent.host();
                case UserRefused refused -> refused.cluster();
            };
            return new Subject(seen.getClass(), id);
        }
    }

    /** What one worker is to be told, the newest last. */
    private static final class Load {
        private final Map<Subject, Observation> seen = new LinkedHashMap<>();
        private final Map<ClusterId, HostsAway> away = new LinkedHashMap<>();
        private final Set<ClusterId> clusters = new LinkedHashSet<>();
        private final Set<HostId> hosts = new LinkedHashSet<>();

        private boolean isEmpty() {
            return seen.isEmpty() && away.isEmpty() && clusters.isEmpty() && hosts.isEmpty();
        }

        private boolean isFull() {
            return seen.size() >= LARGEST;
        }

        private Observed take(long number, ActorRef<ObservedTaken> replyTo) {
            return new Observed(
                    number,
                    take(seen.values(), LARGEST),
                    take(away.values(), LARGEST),
                    take(clusters, MOST_NAMES),
                    take(hosts, MOST_NAMES),
                    replyTo);
        }

        private static <T> List<T> take(Collection<T> from, int most) {
            List<T> taken = new ArrayList<>(Math.min(from.size(), most));
            for (Iterator<T> all = from.iterator(); all.hasNext() && taken.size() < most; all.remove()) {
                taken.add(all.next());
            }
            return taken;
        }

        /** It was not taken; what has been seen since is newer. */
        private void putBack(Observed lost) {
            lost.seen().forEach(observation -> seen.putIfAbsent(Subject.of(observation), observation));
            lost.away().forEach(hostsAway -> away.putIfAbsent(hostsAway.cluster(), hostsAway));
            clusters.addAll(lost.clusters());
            hosts.addAll(lost.hosts());
        }
    }

    /** To one start of one worker; one message is under way at a time. */
    private static final class Line {
        private final WorkerName name;
        private final ActorRef<WorkerCommand> worker;
        private final Load load = new Load();
        private Optional<Observed> underWay = Optional.empty();
        private Instant sentAt = Instant.EPOCH;

        private Line(WorkerName name, ActorRef<WorkerCommand> worker) {
            this.name = name;
            this.worker = worker;
        }
    }

    void tell(WorkerName name, ActorRef<WorkerCommand> worker, Observation seen) {
        line(name, worker).load.seen.put(Subject.of(seen), seen);
        gather.run();
    }

    void tell(WorkerName name, ActorRef<WorkerCommand> worker, HostsAway away) {
        line(name, worker).load.away.put(away.cluster(), away);
        gather.run();
    }

    /** The worker says if its actor is not there. */
    void call(WorkerName name, ActorRef<WorkerCommand> worker, ClusterId cluster) {
        line(name, worker).load.clusters.add(cluster);
        gather.run();
    }

    void call(WorkerName name, ActorRef<WorkerCommand> worker, HostId host) {
        line(name, worker).load.hosts.add(host);
        gather.run();
    }

    /** Nothing more is for it as it was. */
    void lost(WorkerName name) {
        lines.values().removeIf(line -> line.name.equals(name));
    }

    /** What has been gathered, where nothing is under way; and again what was under way for too long. */
    void send(Instant now) {
        lines.values().forEach(line -> {
            if (line.underWay.isPresent() && !now.isBefore(line.sentAt.plus(PATIENCE))) {
                line.load.putBack(line.underWay.get());
                line.underWay = Optional.empty();
            }
            send(line, now);
        });
    }

    /** @return whom it comes from; empty if that is not waited for any more */
    Optional<WorkerName> taken(ObservedTaken taken, Instant now) {
        Optional<Line> from = lines.values().stream()
                .filter(line -> line.underWay
                        .filter(sent -> sent.sequence() == taken.sequence())
                        .isPresent())
                .findFirst();
        from.ifPresent(line -> {
            line.underWay = Optional.empty();
            if (line.load.isFull()) {
                send(line, now);
            } else if (!line.load.isEmpty()) {
                gather.run();
            }
        });
        return from.map(line -> line.name);
    }

    private void send(Line line, Instant now) {
        if (line.underWay.isEmpty() && !line.load.isEmpty()) {
            sequence++;
            Observed observed = line.load.take(sequence, replyTo);
            line.underWay = Optional.of(observed);
            line.sentAt = now;
            line.worker.tell(observed);
        }
    }

    private Line line(WorkerName name, ActorRef<WorkerCommand> worker) {
        return lines.computeIfAbsent(worker, unused -> new Line(name, worker));
    }
}
