package io.assistedswarm.worker.host;

import static io.assistedswarm.worker.Samples.ISO;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.assistedswarm.protocol.ClusterSpec;
import io.assistedswarm.protocol.Description;
import io.assistedswarm.protocol.Failure;
import io.assistedswarm.protocol.Failure.Side;
import io.assistedswarm.protocol.Fault;
import io.assistedswarm.protocol.Fault.Kind;
import io.assistedswarm.protocol.FaultEvent;
import io.assistedswarm.protocol.HostCommand;
import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.HostPhase;
import io.assistedswarm.protocol.Transition;
import io.assistedswarm.worker.Samples;
import io.assistedswarm.worker.TestingEquipment;
import io.assistedswarm.worker.TestingProcesses.TestingProcess;
import io.assistedswarm.worker.image.Images.Downloaded;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.pekko.Done;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.pattern.StatusReply;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A host that does what its fault asks for; its agent is the test's. */
class HostActorFaultTest {
    private static final ActorTestKit TEST_KIT = ActorTestKit.create(ManualTime.config());
    private static final ManualTime TIME = ManualTime.get(TEST_KIT.system());
    private static final ClusterSpec SPEC = Samples.singleNode();
    private static final HostId HOST = SPEC.host(0);
    private static final Duration LENGTH = Duration.ofMinutes(5);

    @TempDir
    private Path folder;

    private final TestProbe<StatusReply<Done>> replies = TEST_KIT.createTestProbe();
    private TestingEquipment equipment;
    private ActorRef<HostCommand> actor;

    @AfterAll
    static void stopSystem() {
        TEST_KIT.shutdownTestKit();
    }

    @BeforeEach
    void spawn() {
        equipment = new TestingEquipment(TEST_KIT, folder);
        equipment.open(Samples.swarm());
        actor = TEST_KIT.spawn(HostActor.create(HOST, equipment.equipment()));
    }

    @AfterEach
    void stop() {
        TEST_KIT.stop(actor);
    }

    @Test
    void startsNoAgentForAHostThatIsNeverToRegister() {
        boot(new Fault(Kind.NEVER_REGISTER, HostPhase.BOOTED, Duration.ZERO));
        happens(FaultEvent.INJECTED, "neverRegister");
        assertThat(equipment.processes.started()).isEmpty();
        assertThat(describe().awaiting()).contains("fault injected: neverRegister since");
        TIME.timePasses(Duration.ofMinutes(15));
        assertThat(reaches(HostPhase.FAILED).failure().orElseThrow().reason()).isEqualTo("FaultInjected/neverRegister");
    }

    @Test
    void makesTheAgentStandStillForAsLongAsWasAskedFor() {
        boot(new Fault(Kind.VANISH, HostPhase.KNOWN, LENGTH));
        seeAgent("known", "");
        reaches(HostPhase.REGISTERED);
        reaches(HostPhase.KNOWN);
        happens(FaultEvent.INJECTED, "vanish at known for 300s");
        assertThat(agent(0).calls()).containsExactly("suspend");
        seeAgent("disconnected", "");
        happens(FaultEvent.ANSWERED, "disconnected");
        TIME.timePasses(LENGTH.minusMillis(1));
        assertThat(describe().awaiting())
                .contains("fault injected: vanish at known for 300s since 2026-11-23T03:20:00Z");
        assertThat(agent(0).calls()).containsExactly("suspend");
        TIME.timePasses(Duration.ofMillis(1));
        happens(FaultEvent.OVER, "vanish at known for 300s");
        assertThat(agent(0).calls()).containsExactly("suspend", "resume");
        seeAgent("known", "");
        seeAgent("preparing-successful", "");
        reaches(HostPhase.PREPARING);
        assertThat(agent(0).calls()).as("done once").hasSize(2);
        assertThat(equipment.processes.started()).hasSize(1);
    }

    @Test
    void killsTheAgentAndStartsAnotherOneForARestart() {
        boot(new Fault(Kind.RESTART, HostPhase.INSTALLING, Duration.ZERO));
        seeAgent("installing-in-progress", "Installing");
        passesTo(HostPhase.INSTALLING);
        eventually(() -> agent(0).calls().contains("kill"));
        assertThat(equipment.processes.started()).hasSize(1);
        agent(0).exit(137);
        agent(0).gone.complete(Done.getInstance());
        happens(FaultEvent.INJECTED, "restart at installing");
        TIME.timePasses(Duration.ofMillis(1));
        happens(FaultEvent.OVER, "restart at installing");
        agent(1);
        assertThat(describe().process().orElseThrow().restarts())
                .as("it did not end by itself")
                .isZero();
        seeAgent("error", "Installing");
        happens(FaultEvent.ANSWERED, "error");
        Failure failure = reaches(HostPhase.FAILED).failure().orElseThrow();
        assertThat(failure.side()).isEqualTo(Side.PLAN);
        assertThat(failure.reason()).isEqualTo("FaultInjected/restart");
        assertThat(failure.message()).contains("the service says");
    }

    @Test
    void keepsTheMachineDownForAsLongAsARestartTakes() {
        boot(new Fault(Kind.RESTART, HostPhase.KNOWN, LENGTH));
        seeAgent("known", "");
        passesTo(HostPhase.KNOWN);
        eventually(() -> agent(0).calls().contains("kill"));
        agent(0).gone.complete(Done.getInstance());
        happens(FaultEvent.INJECTED, "restart at known for 300s");
        TIME.timePasses(LENGTH.minusMillis(1));
        describe();
        assertThat(equipment.processes.started()).hasSize(1);
        TIME.timePasses(Duration.ofMillis(1));
        agent(1);
    }

    @Test
    void looksForTheInstallerUntilThereIsOneToBeKilled() {
        boot(new Fault(Kind.FAIL_INSTALLER, HostPhase.INSTALLING, Duration.ZERO));
        seeAgent("installing-in-progress", "Starting installation");
        passesTo(HostPhase.INSTALLING);
        eventually(() -> describe().lastError().isPresent());
        assertThat(describe().lastError().orElseThrow().message()).contains("no process of an installer");
        agent(0).installers = 1;
        TIME.timePasses(TestingEquipment.RETRY);
        happens(FaultEvent.INJECTED, "failInstaller");
        assertThat(agent(0).calls())
                .containsExactly("kill bootstrap-installer installer", "kill bootstrap-installer installer");
        assertThat(agent(0).isStopped()).isFalse();
    }

    @Test
    void givesUpOnAnInstallerThatIsThrough() {
        boot(new Fault(Kind.FAIL_INSTALLER, HostPhase.INSTALLING, Duration.ZERO));
        seeAgent("installing-in-progress", "Starting installation");
        passesTo(HostPhase.INSTALLING);
        eventually(() -> describe().lastError().isPresent());
        seeAgent("installing-in-progress", "Rebooting");
        Transition.OfFault missed = (Transition.OfFault) equipment.transition();
        assertThat(missed.event()).isEqualTo(FaultEvent.MISSED);
        assertThat(missed.detail()).contains("Rebooting");
        reaches(HostPhase.REBOOTING);
    }

    private void boot(Fault fault) {
        ClusterSpec spec = SPEC.withFaults(Map.of(0, fault));
        actor.tell(new HostCommand.Start(HOST, Samples.assignment(spec, 1), replies.ref()));
        reaches(HostPhase.PLACED);
        actor.tell(new HostCommand.InfraEnvSeen(Samples.withIso()));
        actor.tell(new HostCommand.BareMetalHostSeen(Samples.machine(HOST, "ready", ISO)));
        reaches(HostPhase.CREATED);
        reaches(HostPhase.DOWNLOADING);
        eventually(() -> !equipment.images.downloads().isEmpty());
        equipment.images.downloads().getLast().result.complete(new Downloaded(100, Duration.ofMillis(5)));
        reaches(HostPhase.BOOTED);
    }

    private void seeAgent(String state, String stage) {
        actor.tell(new HostCommand.AgentSeen(Samples.agent(HOST, state, stage)));
    }

    private Transition.OfHost reaches(HostPhase phase) {
        Transition.OfHost reached = (Transition.OfHost) equipment.transition();
        assertThat(reached.phase()).isEqualTo(phase);
        return reached;
    }

    private void passesTo(HostPhase phase) {
        HostPath.between(HostPhase.BOOTED, phase, new Journey(false, false, false, false, false, false))
                .forEach(this::reaches);
    }

    private void happens(FaultEvent event, String detail) {
        assertThat(equipment.transition())
                .isEqualTo(new Transition.OfFault(HOST, event, TestingEquipment.NOW, 1, detail));
    }

    private TestingProcess agent(int index) {
        eventually(() -> equipment.processes.started().size() > index);
        return equipment.processes.started().get(index);
    }

    private Description describe() {
        TestProbe<StatusReply<Description>> probe = TEST_KIT.createTestProbe();
        actor.tell(new HostCommand.Describe(probe.ref()));
        return probe.receiveMessage().getValue();
    }

    private static void eventually(Callable<Boolean> condition) {
        await().pollInterval(Duration.ofMillis(5)).pollDelay(Duration.ZERO).until(condition);
    }
}
