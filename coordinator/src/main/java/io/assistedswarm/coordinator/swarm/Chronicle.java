package io.assistedswarm.coordinator.swarm;

import io.assistedswarm.coordinator.record.Change;
import io.assistedswarm.coordinator.record.Order;
import io.assistedswarm.coordinator.record.Recorder;
import io.assistedswarm.coordinator.swarm.Swarms.Surroundings;
import io.assistedswarm.protocol.ClusterId;
import io.assistedswarm.protocol.ClusterPhase;
import io.assistedswarm.protocol.Failure;
import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.HostPhase;
import io.assistedswarm.protocol.SwarmId;
import io.assistedswarm.protocol.Transition;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.pattern.StatusReply;

/** What the coordinator itself makes of a swarm's clusters and hosts: counted at once, and recorded. */
final class Chronicle {
    private final Progress progress;
    private final ActorRef<Recorder.Command> recorder;
    private final InstantSource clock;
    private final ActorSystem<?> system;
    private final Recording recording;

    Chronicle(Progress progress, Surroundings around, ActorSystem<?> system) {
        this.progress = progress;
        this.recorder = around.recorder();
        this.clock = around.clock();
        this.system = system;
        this.recording = new Recording(around, system);
    }

    void save(Change change) {
        recorder.tell(new Recorder.Save(change, system.ignoreRef()));
    }

    /** Once all that was said before is recorded. */
    <T> void answer(ActorRef<StatusReply<T>> replyTo, T value) {
        recording.answer(replyTo, value);
    }

    /** What a user has said, and is done. */
    void order(SwarmId swarm, String what, String detail) {
        save(new Change.OrderGiven(Order.of(swarm, what, detail, clock.instant())));
    }

    void note(List<Transition> transitions) {
        if (!transitions.isEmpty()) {
            transitions.forEach(progress::apply);
            recorder.tell(new Recorder.Note(transitions));
        }
    }

    void placed(ClusterId cluster) {
        note(List.of(reached(cluster, ClusterPhase.PLACED, "", Optional.empty())));
    }

    void stopped(List<ClusterId> clusters, String detail) {
        note(clusters.stream()
                .map(cluster -> reached(cluster, ClusterPhase.STOPPED, detail, Optional.empty()))
                .toList());
    }

    void failed(List<ClusterId> clusters, Failure failure) {
        note(clusters.stream().map(cluster -> failed(cluster, failure)).toList());
    }

    /** With those of its hosts that fail with it. */
    void failed(ClusterId cluster, Stream<HostId> hosts, Failure failure) {
        note(Stream.concat(hosts.map(host -> failed(host, failure)), Stream.of(failed(cluster, failure)))
                .toList());
    }

    /** What is left of a lost cluster's hosts is lost with it. */
    void lostWith(Transition.OfCluster lost) {
        lost.failure()
                .ifPresent(failure -> note(progress.hostsNotEnded(lost.cluster()).stream()
                        .map(host -> failed(host, failure))
                        .toList()));
    }

    private Transition failed(HostId host, Failure failure) {
        return new Transition.OfHost(
                host,
                HostPhase.endBy(failure),
                clock.instant(),
                progress.generation(host),
                failure.message(),
                Optional.of(failure));
    }

    private Transition failed(ClusterId cluster, Failure failure) {
        return reached(cluster, ClusterPhase.endBy(failure), failure.message(), Optional.of(failure));
    }

    private Transition reached(ClusterId cluster, ClusterPhase phase, String detail, Optional<Failure> failure) {
        return new Transition.OfCluster(cluster, phase, clock.instant(), progress.generation(cluster), detail, failure);
    }
}
