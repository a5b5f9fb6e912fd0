package io.assistedswarm.coordinator;

import io.assistedswarm.coordinator.hub.AssistedService;
import io.assistedswarm.coordinator.hub.Hub;
import io.assistedswarm.coordinator.placement.Downing;
import io.assistedswarm.coordinator.placement.Workers;
import io.assistedswarm.coordinator.record.Change;
import io.assistedswarm.coordinator.record.HealthRecorder;
import io.assistedswarm.coordinator.record.Memory;
import io.assistedswarm.coordinator.record.Recorder;
import io.assistedswarm.coordinator.record.RunRecord;
import io.assistedswarm.coordinator.series.LiveHubMetrics;
import io.assistedswarm.coordinator.swarm.ShardedFleet;
import io.assistedswarm.coordinator.swarm.Swarms;
import io.assistedswarm.coordinator.swarm.SwarmsCommand;
import io.assistedswarm.protocol.CoordinatorCommand;
import io.assistedswarm.protocol.Fencing;
import io.assistedswarm.protocol.StrainGauge;
import java.time.InstantSource;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.typed.Cluster;

/** The guardian: forms the cluster, starts the coordinator's actors and passes the API's questions to them. */
public final class Coordinator {
    private Coordinator() {}

    public sealed interface Command {}

    private record Asked(SwarmsCommand command) implements Command {}

    private record Committed(Recorder.Committed committed) implements Command {}

    private record FoldersFound(CoordinatorCommand.FoldersFound found) implements Command {}

    /**
     * @param memory of earlier coordinators
     * @param keepDeleted so many deleted swarms are not forgotten
     * @param started is given the one to ask, once everything has been started
     */
    public static Behavior<Command> create(
            RunRecord record,
            Memory memory,
            Hub hub,
            AssistedService service,
            Executor blocking,
            Fencing fencing,
            int keepDeleted,
            Consumer<ActorRef<SwarmsCommand>> started) {
        return Behaviors.setup(context -> {
            Address self = Cluster.get(context.getSystem()).selfMember().address();
            Reunion reunion = Reunion.of(memory, self, blocking);
            reunion.join(context.getSystem());
            ActorRef<Recorder.Command> recorder = context.spawn(Recorder.create(record, blocking), "recorder");
            ActorRef<Workers.Command> workers = context.spawn(Workers.create(fencing, memory, recorder), "workers");
            context.spawn(Downing.create(fencing, blocking), "downing");
            for (Change change : reunion.changes()) {
                recorder.tell(new Recorder.Save(change, context.getSystem().ignoreRef()));
            }
            ActorRef<Swarms.Command> swarms = context.spawn(
                    Swarms.create(
                            new Swarms.Surroundings(
                                    workers,
                                    recorder,
                                    record,
                                    new ShardedFleet(context.getSystem()),
                                    hub,
                                    new LiveHubMetrics(InstantSource.system(), blocking),
                                    InstantSource.system(),
                                    blocking),
                            service,
                            memory.swarms(),
                            keepDeleted),
                    "swarms");
            context.spawn(
                    Gate.create(
                            workers,
                            recorder,
                            context.messageAdapter(Recorder.Committed.class, Committed::new),
                            context.spawn(
                                    HealthRecorder.create(InstantSource.system(), StrainGauge.start(), recorder),
                                    "health"),
                            context.messageAdapter(CoordinatorCommand.FoldersFound.class, FoldersFound::new)),
                    "gate");
            started.accept(context.messageAdapter(SwarmsCommand.class, Asked::new));
            return Behaviors.receiveMessage(message -> {
                switch (message) {
                    case Asked asked -> swarms.tell(new Swarms.Asked(asked.command()));
                    case Committed committed -> swarms.tell(new Swarms.Committed(committed.committed()));
                    case FoldersFound folders -> swarms.tell(new Swarms.FoldersFound(folders.found()));
                }
                return Behaviors.same();
            });
        });
    }
}
