package io.assistedswarm.coordinator.swarm;

import io.assistedswarm.coordinator.swarm.Swarms.Surroundings;
import io.assistedswarm.protocol.BerthId;
import io.assistedswarm.protocol.ClusterId;
import io.assistedswarm.protocol.SwarmId;
import io.assistedswarm.protocol.WorkerCommand;
import io.assistedswarm.protocol.WorkerCommand.SwarmClosed;
import java.time.Duration;
import java.util.Map;
import java.util.function.Function;
import org.apache.pekko.Done;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.RecipientRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.pattern.StatusReply;

/** Sends a swarm's messages to the workers; the answers come to its actor. */
final class WorkerPost implements Post {
    private static final Duration FOR_RECORDING = Duration.ofSeconds(10);

    private final ActorContext<SwarmActor.Command> context;
    private final Fleet fleet;
    private final Recording recording;

    WorkerPost(ActorContext<SwarmActor.Command> context, Surroundings around) {
        this.context = context;
        this.fleet = around.fleet();
        this.recording = new Recording(around, context.getSystem());
    }

    @Override
    public <M> void ask(
            Errand errand,
            RecipientRef<M> target,
            Function<ActorRef<StatusReply<Done>>, M> message,
            Duration patience) {
        context.askWithStatus(
                Done.class,
                target,
                patience,
                message::apply,
                (done, failure) -> failure == null
                        ? new SwarmActor.Confirmed(errand)
                        : new SwarmActor.Unconfirmed(errand, Cause.of(failure)));
    }

    @Override
    public void close(Errand.CloseSwarm errand, ActorRef<WorkerCommand> worker, SwarmId swarm, Duration patience) {
        context.askWithStatus(
                SwarmClosed.class,
                worker,
                patience,
                replyTo -> new WorkerCommand.CloseSwarm(swarm, replyTo),
                (closed, failure) -> failure == null
                        ? new SwarmActor.WorkerClosed(errand, closed)
                        : new SwarmActor.Unconfirmed(errand, Cause.of(failure)));
    }

    /** Not before the places are recorded: a coordinator that is restarted must know of everything that was started. */
    @Override
    public void moor(ClusterId cluster, int generation, Map<BerthId, Address> berths) {
        context.pipeToSelf(
                recording.caughtUp(FOR_RECORDING).thenCompose(recorded -> fleet.moor(berths)),
                (done, failure) -> failure == null
                        ? new SwarmActor.BerthsMoored(cluster, generation)
                        : new SwarmActor.BerthsNotMoored(cluster, generation, Cause.of(failure)));
    }
}
