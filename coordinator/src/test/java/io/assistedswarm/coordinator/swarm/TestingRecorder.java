package io.assistedswarm.coordinator.swarm;

import io.assistedswarm.coordinator.record.Change;
import io.assistedswarm.coordinator.record.Recorder;
import io.assistedswarm.coordinator.record.RunRecord;
import java.util.List;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.pattern.StatusReply;

/** Confirms that everything is recorded, and tells a probe what that is. */
final class TestingRecorder {
    private TestingRecorder() {}

    /** @param record has those of what is recorded that a swarm itself reads again */
    static ActorRef<Recorder.Command> create(ActorTestKit testKit, TestProbe<Recorder.Command> told, RunRecord record) {
        return testKit.spawn(Behaviors.receiveMessage(command -> {
            if (command instanceof Recorder.CatchUp catchUp) {
                catchUp.replyTo().tell(StatusReply.ack());
            } else {
                if (command instanceof Recorder.Save save && save.change() instanceof Change.MetricsCollected) {
                    record.write(List.of(save.change()), List.of());
                }
                told.ref().tell(command);
            }
            return Behaviors.same();
        }));
    }
}
