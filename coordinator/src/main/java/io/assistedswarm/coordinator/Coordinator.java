package io.assistedswarm.coordinator;

import io.assistedswarm.coordinator.hub.AssistedService;
import io.assistedswarm.coordinator.hub.Hub;
import io.assistedswarm.coordinator.placement.Workers;
import io.assistedswarm.coordinator.record.RecordedSwarm;
import io.assistedswarm.coordinator.record.Recorder;
import io.assistedswarm.coordinator.record.RunRecord;
import io.assistedswarm.coordinator.swarm.ShardedFleet;
import io.assistedswarm.coordinator.swarm.Swarms;
import io.assistedswarm.coordinator.swarm.SwarmsCommand;
import io.assistedswarm.protocol.Fencing;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Join;

/** The guardian: forms the cluster, starts the coordinator's actors and passes the API's questions to them. */
public final class Coordinator {
    private Coordinator() {}

    public sealed interface Command {}

    private record Asked(SwarmsCommand command) implements Command {}

    private record Committed(Recorder.Committed committed) implements Command {}

    /**
     * @param recorded swarms of earlier runs
     * @param started is given the one to ask, once everything has been started
     */
    public static Behavior<Command> create(
            RunRecord record,
            List<RecordedSwarm> recorded,
            Hub hub,
            AssistedService service,
            Executor blocking,
            Fencing fencing,
            Consumer<ActorRef<SwarmsCommand>> started) {
        return Behaviors.setup(context -> {
            Cluster cluster = Cluster.get(context.getSystem());
            cluster.manager().tell(Join.create(cluster.selfMember().address()));
            ActorRef<Workers.Command> workers = context.spawn(Workers.create(fencing), "workers");
            ActorRef<Recorder.Command> recorder = context.spawn(Recorder.create(record, blocking), "recorder");
            ActorRef<Swarms.Command> swarms = context.spawn(
                    Swarms.create(
                            new Swarms.Surroundings(
                                    workers,
                                    recorder,
                                    record,
                                    new ShardedFleet(context.getSystem()),
                                    hub,
                                    InstantSource.system(),
                                    blocking),
                            service,
                            recorded),
                    "swarms");
            context.spawn(
                    Gate.create(workers, recorder, context.messageAdapter(Recorder.Committed.class, Committed::new)),
                    "gate");
            started.accept(context.messageAdapter(SwarmsCommand.class, Asked::new));
            return Behaviors.receiveMessage(message -> {
                switch (message) {
                    case Asked asked -> swarms.tell(new Swarms.Asked(asked.command()));
                    case Committed committed -> swarms.tell(new Swarms.Committed(committed.committed()));
                }
                return Behaviors.same();
            });
        });
    }
}
