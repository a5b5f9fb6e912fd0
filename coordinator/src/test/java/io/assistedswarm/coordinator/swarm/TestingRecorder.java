package io.assistedswarm.coordinator.swarm;

import io.assistedswarm.coordinator.record.Recorder;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.pattern.StatusReply;

/** Confirms that everything is recorded, and tells a probe what that is. */
final class TestingRecorder {
    private TestingRecorder() {}

    static ActorRef<Recorder.Command> create(ActorTestKit testKit, TestProbe<Recorder.Command> told) {
        return testKit.spawn(Behaviors.receiveMessage(command -> {
            if (command instanceof Recorder.CatchUp catchUp) {
                catchUp.replyTo().tell(StatusReply.ack());
            } else {
                told.ref().tell(command);
            }
            return Behaviors.same();
        }));
    }
}
