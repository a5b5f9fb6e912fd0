package io.assistedswarm.coordinator.swarm;

import io.assistedswarm.coordinator.record.Recorder;
import io.assistedswarm.coordinator.record.RunRecord;
import io.assistedswarm.coordinator.swarm.Swarms.Surroundings;
import io.assistedswarm.coordinator.swarm.SwarmsCommand.Unavailable;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Scheduler;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.pattern.StatusReply;

/** Waits until the recorder has written what it was told, and says why it has not. */
final class Recording {
    /** Less than who waits for an answer has patience for. */
    private static final Duration FOR_ANSWERS = Duration.ofSeconds(8);

    private final ActorRef<Recorder.Command> recorder;
    private final RunRecord record;
    private final Scheduler scheduler;

    Recording(Surroundings around, ActorSystem<?> system) {
        this.recorder = around.recorder();
        this.record = around.record();
        this.scheduler = system.scheduler();
    }

    /** Fails with {@link Unavailable} when it takes longer. */
    CompletionStage<Done> caughtUp(Duration patience) {
        return AskPattern.<Recorder.Command, Done>askWithStatus(recorder, Recorder.CatchUp::new, patience, scheduler)
                .exceptionallyCompose(failure -> CompletableFuture.failedFuture(new Unavailable(whyNot(patience))));
    }

    /** For as long as nothing can be written, and then for so long. */
    CompletionStage<Done> caughtUpAtLast(Duration patience) {
        return caughtUp(patience)
                .exceptionallyCompose(failure -> record.trouble().isPresent()
                        ? caughtUpAtLast(patience)
                        : CompletableFuture.failedFuture(Cause.of(failure)));
    }

    /** Once all that was said before is recorded: what a user was told to be done a coordinator that is restarted holds to. */
    <T> void answer(ActorRef<StatusReply<T>> replyTo, T value) {
        caughtUp(FOR_ANSWERS)
                .whenComplete((done, failure) -> replyTo.tell(
                        failure == null
                                ? StatusReply.success(value)
                                : StatusReply.error(new Unavailable(
                                        "it is done, but a coordinator that is restarted now may not know of it: "
                                                + Cause.of(failure).getMessage()))));
    }

    /** Why what the recorder was told so long ago is not recorded. */
    String whyNot(Duration patience) {
        return record.trouble()
                .map(RunRecord.Trouble::toString)
                .orElse("it could not be recorded within " + patience.toSeconds() + " s");
    }
}
