package io.assistedswarm.coordinator;

import io.assistedswarm.coordinator.placement.Workers;
import io.assistedswarm.coordinator.record.Recorder;
import io.assistedswarm.protocol.CoordinatorCommand;
import io.assistedswarm.protocol.WorkerState;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.receptionist.Receptionist;

/** Where workers find the coordinator: hands what they send to the one whom it concerns. */
final class Gate {
    private Gate() {}

    /**
     * @param committed is told what is new once it is recorded
     * @param health is told every report
     * @param folders is told what a worker has left of swarms
     */
    static Behavior<CoordinatorCommand> create(
            ActorRef<Workers.Command> workers,
            ActorRef<Recorder.Command> recorder,
            ActorRef<Recorder.Committed> committed,
            ActorRef<WorkerState> health,
            ActorRef<CoordinatorCommand.FoldersFound> folders) {
        return Behaviors.setup(context -> {
            context.getSystem()
                    .receptionist()
                    .tell(Receptionist.register(CoordinatorCommand.SERVICE_KEY, context.getSelf()));
            return Behaviors.receiveMessage(message -> {
                switch (message) {
                    case CoordinatorCommand.WorkerReported reported -> {
                        workers.tell(new Workers.Reported(reported.state(), reported.sentAt(), reported.worker()));
                        health.tell(reported.state());
                    }
                    case CoordinatorCommand.WorkerLeaving leaving ->
                        workers.tell(new Workers.Leaving(leaving.worker()));
                    case CoordinatorCommand.FoldersFound found -> folders.tell(found);
                    case CoordinatorCommand.TransitionsReached reached ->
                        recorder.tell(new Recorder.Reached(reached, committed));
                }
                return Behaviors.same();
            });
        });
    }
}
