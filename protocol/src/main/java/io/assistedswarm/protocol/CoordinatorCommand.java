package io.assistedswarm.protocol;

import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.receptionist.ServiceKey;

/** From the workers to the coordinator, found by the receptionist. */
public sealed interface CoordinatorCommand extends WireMessage {
    ServiceKey<CoordinatorCommand> SERVICE_KEY = ServiceKey.create(CoordinatorCommand.class, "coordinator");

    /**
     * Sent to each coordinator that appears, and again every few seconds with the current load: both register and keep alive.
     *
     * @param sentAt by a clock of the worker's own, which only the worker reads
     */
    record WorkerReported(WorkerState state, long sentAt, ActorRef<WorkerCommand> worker)
            implements CoordinatorCommand {}

    /** The worker wants to end: what can be started again elsewhere is taken from it. Answered by {@link WorkerCommand.Drained}. */
    record WorkerLeaving(ActorRef<WorkerCommand> worker) implements CoordinatorCommand {}

    /**
     * Sent to each coordinator that appears: a worker that was started anew finds what an earlier one has left. Those that no record knows, and
     * those that have been deleted, it is told to close.
     */
    record FoldersFound(List<SwarmId> swarms, ActorRef<WorkerCommand> worker) implements CoordinatorCommand {
        public FoldersFound {
            swarms = List.copyOf(swarms);
        }
    }

    /**
     * Transitions in order, sent again until {@link WorkerCommand.TransitionsRecorded} names the last one's number.
     *
     * @param incarnation of the worker's JVM, so that a restarted worker may count from 1 again
     * @param firstSequence number of the first transition; the others follow without gaps
     */
    record TransitionsReached(
            WorkerName worker,
            String incarnation,
            long firstSequence,
            List<Transition> transitions,
            ActorRef<WorkerCommand> replyTo)
            implements CoordinatorCommand {
        public TransitionsReached {
            transitions = List.copyOf(transitions);
        }
    }
}
