package io.assistedswarm.coordinator.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import io.assistedswarm.coordinator.placement.Workers;
import io.assistedswarm.coordinator.swarm.SwarmsCommand;
import io.assistedswarm.protocol.MachineReport;
import io.assistedswarm.protocol.WorkerCommand;
import io.assistedswarm.protocol.WorkerName;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.pattern.StatusReply;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class WorkerSurveyTest {
    private static final ActorTestKit KIT = ActorTestKit.create();
    private static final Instant NOW = Instant.parse("2026-11-26T02:00:00Z");
    private static final MachineReport REPORT = new MachineReport(NOW.plusSeconds(90), "/data", List.of(), "5.2", "");

    private final TestProbe<SwarmsCommand> swarms = KIT.createTestProbe();
    private final TestProbe<WorkerCommand> worker = KIT.createTestProbe();

    @AfterAll
    static void shutDown() {
        KIT.shutdownTestKit();
    }

    @Test
    void asksEachWorkerAndComparesItsClock() throws Exception {
        CompletableFuture<List<WorkerFacts>> facts = look(true, "here", "gone");
        WorkerCommand.InspectMachine asked = worker.expectMessageClass(WorkerCommand.InspectMachine.class);
        assertThat(asked.podman()).isTrue();
        asked.replyTo().tell(StatusReply.success(REPORT));

        List<WorkerFacts> found = facts.get(20, TimeUnit.SECONDS);
        assertThat(found.get(0).machine()).contains(REPORT);
        assertThat(found.get(0).ahead()).isEqualTo(Duration.ofSeconds(90));
        assertThat(found.get(1).machine()).isEmpty();
        assertThat(found.get(1).trouble()).isEqualTo("it has just left");
    }

    @Test
    void aSilentWorkerIsAFactToo() throws Exception {
        CompletableFuture<List<WorkerFacts>> facts = look(false, "here");
        WorkerCommand.InspectMachine asked = worker.expectMessageClass(WorkerCommand.InspectMachine.class);
        asked.replyTo().tell(StatusReply.error("its disk is away"));

        assertThat(facts.get(20, TimeUnit.SECONDS))
                .extracting(WorkerFacts::trouble)
                .containsExactly("its disk is away");
    }

    @Test
    void countsNothingWithinTheTimeThatTheAnswerTook() {
        assertThat(WorkerSurvey.ahead(NOW, NOW.minusSeconds(1), NOW.plusSeconds(1)))
                .isZero();
        assertThat(WorkerSurvey.ahead(NOW, NOW.plusSeconds(2), NOW.plusSeconds(3)))
                .isEqualTo(Duration.ofSeconds(-2));
        assertThat(WorkerSurvey.ahead(NOW, NOW.minusSeconds(3), NOW.minusSeconds(2)))
                .isEqualTo(Duration.ofSeconds(2));
    }

    /** One that is called {@code gone} is listed, and no longer to be found. */
    private CompletableFuture<List<WorkerFacts>> look(boolean podman, String... names) {
        CompletableFuture<List<WorkerFacts>> facts =
                new WorkerSurvey(swarms.ref(), KIT.scheduler(), () -> NOW).look(podman, Duration.ofSeconds(20));
        swarms.expectMessageClass(SwarmsCommand.GetWorkers.class)
                .replyTo()
                .tell(List.of(names).stream()
                        .map(name -> SettingChecksTest.worker(name, 2, 1))
                        .toList());
        swarms.expectMessageClass(SwarmsCommand.FindWorkers.class)
                .replyTo()
                .tell(new Workers.Found(Map.of(
                        new WorkerName("here"), new Workers.Moored(new Address("pekko", "swarm"), worker.ref()))));
        return facts;
    }
}
