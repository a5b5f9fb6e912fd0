package io.assistedswarm.coordinator.record;

import io.assistedswarm.protocol.NodeHealth;
import io.assistedswarm.protocol.StrainGauge;
import io.assistedswarm.protocol.WorkerState;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.pattern.StatusReply;

/** Records how workers that hold hosts fare, and beside them the coordinator: each of them every ten seconds. */
public final class HealthRecorder {
    /** Name of the coordinator among the nodes. */
    public static final String COORDINATOR = "coordinator";

    /** What a sample speaks of. */
    private static final Duration INTERVAL = Duration.ofSeconds(10);

    private final InstantSource clock;
    private final StrainGauge own;
    private final ActorRef<Recorder.Command> recorder;
    private final ActorRef<StatusReply<Done>> ignoring;
    private final Map<String, Instant> last = new HashMap<>();

    private HealthRecorder(
            InstantSource clock,
            StrainGauge own,
            ActorRef<Recorder.Command> recorder,
            ActorRef<StatusReply<Done>> ignoring) {
        this.clock = clock;
        this.own = own;
        this.recorder = recorder;
        this.ignoring = ignoring;
    }

    /**
     * Is told every report of a worker.
     *
     * @param own of this process
     */
    public static Behavior<WorkerState> create(
            InstantSource clock, StrainGauge own, ActorRef<Recorder.Command> recorder) {
        return Behaviors.setup(context -> {
            HealthRecorder health =
                    new HealthRecorder(clock, own, recorder, context.getSystem().ignoreRef());
            return Behaviors.receiveMessage(state -> {
                health.onReported(state);
                return Behaviors.same();
            });
        });
    }

    private void onReported(WorkerState state) {
        if (state.hosts() > 0) {
            Instant now = clock.instant();
            sample(state.name().value(), now, state::health);
            sample(COORDINATOR, now, () -> ownHealth(now));
        }
    }

    private void sample(String node, Instant now, Supplier<NodeHealth> health) {
        Instant before = last.get(node);
        if (before == null || !now.isBefore(before.plus(INTERVAL))) {
            last.put(node, now);
            recorder.tell(new Recorder.Save(new Change.HealthSampled(node, now, health.get()), ignoring));
        }
    }

    private NodeHealth ownHealth(Instant now) {
        return new NodeHealth(now, own.cpuWait(), own.longestStall(), Optional.of(Duration.ZERO), Duration.ZERO);
    }
}
