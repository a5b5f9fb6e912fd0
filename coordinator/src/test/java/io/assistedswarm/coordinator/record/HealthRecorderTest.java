package io.assistedswarm.coordinator.record;

import static io.assistedswarm.coordinator.Samples.START;
import static org.assertj.core.api.Assertions.assertThat;

import io.assistedswarm.protocol.DataDisk;
import io.assistedswarm.protocol.NodeHealth;
import io.assistedswarm.protocol.StrainGauge;
import io.assistedswarm.protocol.WorkerName;
import io.assistedswarm.protocol.WorkerState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class HealthRecorderTest {
    private static final ActorTestKit TEST_KIT = ActorTestKit.create();
    private static final NodeHealth HEALTH = new NodeHealth(
            START, Optional.of(0.5), Duration.ofMillis(7), Optional.of(Duration.ofSeconds(2)), Duration.ofMillis(1));

    private final AtomicReference<Instant> clock = new AtomicReference<>(START);
    private final TestProbe<Recorder.Command> recorder = TEST_KIT.createTestProbe();
    private final ActorRef<WorkerState> health =
            TEST_KIT.spawn(HealthRecorder.create(clock::get, StrainGauge.start(), recorder.ref()));

    @AfterAll
    static void stopSystem() {
        TEST_KIT.shutdownTestKit();
    }

    @Test
    void recordsAWorkerThatHoldsHostsEveryTenSecondsAndTheCoordinatorBesideIt() {
        health.tell(state("idle", 0));
        health.tell(state("w1", 3));
        assertThat(sampled()).isEqualTo(new Change.HealthSampled("w1", START, HEALTH));
        assertThat(sampled().node()).isEqualTo(HealthRecorder.COORDINATOR);

        health.tell(state("w1", 3));
        health.tell(state("w2", 3));
        assertThat(sampled().node()).isEqualTo("w2");

        clock.set(START.plusSeconds(10));
        health.tell(state("w1", 3));
        assertThat(List.of(sampled().node(), sampled().node())).containsExactly("w1", HealthRecorder.COORDINATOR);
    }

    private Change.HealthSampled sampled() {
        return (Change.HealthSampled)
                recorder.expectMessageClass(Recorder.Save.class).change();
    }

    private static WorkerState state(String name, int hosts) {
        return new WorkerState(
                new WorkerName(name),
                "pekko://w",
                "1",
                List.of(),
                9,
                2,
                1,
                hosts,
                hosts,
                1,
                1,
                1,
                HEALTH,
                DataDisk.UNKNOWN);
    }
}
