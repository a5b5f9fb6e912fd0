package io.assistedswarm.worker.host;

import static io.assistedswarm.worker.Samples.ISO;
import static org.assertj.core.api.Assertions.assertThat;

import io.assistedswarm.protocol.ClusterSpec;
import io.assistedswarm.protocol.Failure;
import io.assistedswarm.protocol.Failure.Side;
import io.assistedswarm.protocol.Fault;
import io.assistedswarm.protocol.Fault.Kind;
import io.assistedswarm.protocol.FaultEvent;
import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.HostPhase;
import io.assistedswarm.protocol.Observations.AgentState;
import io.assistedswarm.worker.Samples;
import io.assistedswarm.worker.host.HostObserved.AgentProcess;
import io.assistedswarm.worker.hub.MachineState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FaultStepTest {
    private static final Instant NOW = Instant.parse("2026-11-23T03:20:00Z");
    private static final ClusterSpec THREE = Samples.cluster(3, 0);
    private static final HostId HOST = THREE.host(0);
    private static final Fault NEVER = new Fault(Kind.NEVER_REGISTER, HostPhase.BOOTED, Duration.ZERO);
    private static final Fault BAD_NAME = new Fault(Kind.FAIL_VALIDATION, HostPhase.BOOTED, Duration.ZERO);
    private static final Fault VANISH = new Fault(Kind.VANISH, HostPhase.KNOWN, Duration.ofMinutes(2));
    private static final Fault RESTART = new Fault(Kind.RESTART, HostPhase.INSTALLING, Duration.ZERO);
    private static final Fault NO_INSTALLER = new Fault(Kind.FAIL_INSTALLER, HostPhase.INSTALLING, Duration.ZERO);

    @Test
    void bootsAMachineWithoutAnAgentThatIsNeverToRegister() {
        HostObserved booting = with(NEVER, HostPhase.DOWNLOADING).withProcess(AgentProcess.NOT_STARTED);
        assertThat(HostStep.next(booting)).isEqualTo(new HostAction.Reach(HostPhase.BOOTED, "without an agent"));
        HostObserved booted = booting.withPhase(HostPhase.BOOTED);
        assertThat(HostStep.next(booted)).isEqualTo(new HostAction.Note(FaultEvent.INJECTED, "neverRegister"));
        assertThat(awaited(after(booted, FaultEvent.INJECTED)))
                .startsWith("its Agent, which the service makes at registration")
                .endsWith("; fault injected: neverRegister since 2026-11-23T03:20:00Z");
    }

    @Test
    void saysThatAHostHasABadNameFromTheBootOn() {
        assertThat(HostStep.next(with(BAD_NAME, HostPhase.DOWNLOADING)))
                .isEqualTo(new HostAction.Reach(HostPhase.BOOTED, "agent started"));
        assertThat(HostStep.next(with(BAD_NAME, HostPhase.BOOTED)))
                .isEqualTo(new HostAction.Note(FaultEvent.INJECTED, "failValidation"));
    }

    @Test
    void stopsAtTheFaultsPhaseOnTheWayToALaterOne() {
        HostObserved seen = with(VANISH, HostPhase.BOOTED).withAgent(Samples.agent(HOST, "preparing-successful", ""));
        assertThat(HostStep.next(seen)).isEqualTo(new HostAction.Reach(HostPhase.KNOWN, "preparing-successful"));
        seen = seen.withPhase(HostPhase.KNOWN);
        assertThat(HostStep.next(seen)).isEqualTo(new HostAction.Misbehave(VANISH));
        seen = after(seen, FaultEvent.INJECTED);
        assertThat(HostStep.next(seen)).isEqualTo(new HostAction.Reach(HostPhase.PREPARING, "preparing-successful"));
    }

    @Test
    void isNotDiscoveredBeforeItIsBack() {
        Fault vanish = new Fault(Kind.VANISH, HostPhase.REGISTERED, Duration.ofMinutes(2));
        HostObserved gone = after(
                HostObserved.atStart(new Journey(true, false, false, false, false, false), Optional.of(vanish))
                        .withMachine(Samples.machine(HOST, "provisioned", ISO))
                        .withProcess(AgentProcess.RUNNING)
                        .withPhase(HostPhase.REGISTERED)
                        .withAgent(Samples.agent(HOST, "known-unbound", "")),
                FaultEvent.INJECTED);
        assertThat(awaited(gone)).startsWith("Agent state known-unbound");
        assertThat(HostStep.next(after(timeUp(gone), FaultEvent.OVER)))
                .isEqualTo(new HostAction.Reach(HostPhase.DISCOVERED, "known-unbound"));
    }

    @Test
    void vanishesOnceAndComesBackWhenItsTimeIsUp() {
        HostObserved gone = after(known(VANISH), FaultEvent.INJECTED);
        assertThat(awaited(gone)).endsWith("fault injected: vanish at known for 120s since 2026-11-23T03:20:00Z");
        HostObserved due = timeUp(gone);
        assertThat(HostStep.next(due)).isEqualTo(new HostAction.Recover(VANISH));
        assertThat(awaited(after(due, FaultEvent.OVER))).endsWith(", over");
    }

    @Test
    void comesBackAlsoWhenTheServiceHasFailedItMeanwhile() {
        HostObserved failed = timeUp(after(known(VANISH), FaultEvent.INJECTED)).withPhase(HostPhase.FAILED);
        assertThat(HostStep.next(failed)).isEqualTo(new HostAction.Recover(VANISH));
        assertThat(HostStep.next(failed.withPhase(HostPhase.STOPPED))).isEqualTo(new HostAction.Await(""));
    }

    @Test
    void waitsWithAFaultForAnAgentThatIsJustDown() {
        assertThat(awaited(known(VANISH).withProcess(AgentProcess.BROKEN_OFF))).contains("starts again soon");
    }

    @Test
    void startsAnotherAgentInTheMiddleOfTheInstallationAfterARestart() {
        HostObserved installing = with(RESTART, HostPhase.INSTALLING)
                .withAgent(Samples.agent(HOST, "installing-in-progress", "Installing"));
        assertThat(HostStep.next(installing)).isEqualTo(new HostAction.Misbehave(RESTART));
        HostObserved down = after(installing, FaultEvent.INJECTED).withProcess(AgentProcess.BROKEN_OFF);
        assertThat(awaited(down)).doesNotContain("by itself");
        assertThat(HostStep.next(timeUp(down))).isEqualTo(new HostAction.Recover(RESTART));
        assertThat(HostStep.next(after(timeUp(down), FaultEvent.OVER).withProcess(AgentProcess.DUE)))
                .isEqualTo(HostAction.StartAgent.INSTANCE);
    }

    @Test
    void killsAnInstallerOnlyOnceItHasReported() {
        HostObserved installing = with(NO_INSTALLER, HostPhase.INSTALLING);
        assertThat(HostStep.next(installing.withAgent(Samples.agent(HOST, "installing", ""))))
                .isInstanceOf(HostAction.Await.class);
        assertThat(HostStep.next(
                        installing.withAgent(Samples.agent(HOST, "installing-in-progress", "Starting installation"))))
                .isEqualTo(new HostAction.Misbehave(NO_INSTALLER));
    }

    @ParameterizedTest
    @CsvSource({
        "RUNNING, Rebooting",
        "REBOOTED, Writing image to disk",
        "RUNNING, Joined",
    })
    void missesAnInstallerThatIsThroughBefore(AgentProcess process, String stage) {
        HostObserved seen = with(NO_INSTALLER, HostPhase.INSTALLING)
                .withProcess(process)
                .withAgent(Samples.agent(HOST, "installing-in-progress", stage));
        assertThat(HostStep.next(seen))
                .isEqualTo(new HostAction.Note(
                        FaultEvent.MISSED,
                        "failInstaller: the host was Agent state 'installing-in-progress', stage '" + stage
                                + "' before"));
        HostObserved missed = after(seen, FaultEvent.MISSED);
        assertThat(HostStep.next(missed)).isInstanceOf(HostAction.Reach.class);
        assertThat(FaultStep.explained(serviceFailure(), missed, THREE, HOST)).isEqualTo(serviceFailure());
    }

    @Test
    void injectsNothingIntoAHostThatTheServiceHasFailedBefore() {
        HostObserved broken = known(VANISH).withAgent(Samples.agent(HOST, "error", "Failed"));
        assertThat(HostStep.next(broken)).isInstanceOf(HostAction.Fail.class);
    }

    @ParameterizedTest
    @CsvSource({
        "VANISH, disconnected, true",
        "VANISH, error, true",
        "VANISH, preparing-for-installation, false",
        "RESTART, discovering, true",
        "RESTART, insufficient, false",
        "FAIL_INSTALLER, error, true",
        "FAIL_VALIDATION, insufficient, true",
        "FAIL_VALIDATION, discovering, false",
        "NEVER_REGISTER, known, false",
    })
    void noticesWhatTheServiceMakesOfIt(Kind kind, String state, boolean answered) {
        HostObserved seen = after(known(new Fault(kind, HostPhase.KNOWN, Duration.ofMinutes(2))), FaultEvent.INJECTED)
                .withAgent(Samples.agent(HOST, state, ""));
        HostAction answer = new HostAction.Note(FaultEvent.ANSWERED, state);
        if (answered) {
            assertThat(HostStep.next(seen)).isEqualTo(answer);
            assertThat(HostStep.next(after(seen, FaultEvent.ANSWERED))).isNotEqualTo(answer);
        } else {
            assertThat(HostStep.next(seen)).isNotEqualTo(answer);
        }
    }

    @Test
    void explainsAllThatComesAfterTheFaultWhateverTheServiceSays() {
        HostObserved seen = after(known(VANISH), FaultEvent.INJECTED);
        assertThat(FaultStep.explained(serviceFailure(), seen, THREE, HOST))
                .isEqualTo(new Failure(
                        Side.PLAN,
                        "FaultInjected/vanish",
                        "the plan asked host " + HOST
                                + " for 'vanish at known for 120s'; the service says: too long in a stage"));
        assertThat(FaultStep.explained(serviceFailure(), known(VANISH), THREE, HOST))
                .as("before it was injected")
                .isEqualTo(serviceFailure());
    }

    @Test
    void explainsAnInstallerThatItHasKilledItself() {
        HostObserved seen = after(
                with(NO_INSTALLER, HostPhase.INSTALLING)
                        .withAgent(new AgentState(HOST, "error", "installation command failed", "", List.of())),
                FaultEvent.INJECTED);
        Failure failed = ((HostAction.Fail) HostStep.next(after(seen, FaultEvent.ANSWERED))).failure();
        assertThat(FaultStep.explained(failed, seen, THREE, HOST).reason()).isEqualTo("FaultInjected/failInstaller");
        Failure another = new Failure(Side.GENERATOR, "AgentCrashed", "ended 3 times");
        assertThat(FaultStep.explained(another, seen, THREE, HOST)).isEqualTo(another);
    }

    @Test
    void doesNotExcuseWhatBreaksOnOurSide() {
        Failure ours = new Failure(Side.GENERATOR, "InternalError", "broken");
        HostObserved gone = after(known(VANISH), FaultEvent.INJECTED);
        assertThat(FaultStep.explained(ours, after(gone, FaultEvent.OVER), THREE, HOST))
                .isEqualTo(ours);
        assertThat(FaultStep.explained(ours, gone, THREE, HOST).side())
                .as("while the agent is held")
                .isEqualTo(Side.PLAN);
    }

    @ParameterizedTest
    @CsvSource({"REGISTERED, false", "KNOWN, false", "INSTALLING, true"})
    void explainsWhyAHostDidNotGetOnThatWaitsForASiblingWithAFault(HostPhase phase, boolean explained) {
        ClusterSpec cluster = THREE.withFaults(Map.of(2, NO_INSTALLER));
        HostObserved seen = with(Optional.empty(), phase);
        Failure failure = FaultStep.explained(serviceFailure(), seen, cluster, HOST);
        assertThat(Fault.explained(failure)).isEqualTo(explained);
        if (explained) {
            assertThat(failure.message()).contains("host " + cluster.host(2)).endsWith("too long in a stage");
        }
    }

    private static Failure serviceFailure() {
        return new Failure(Side.SERVICE, "HostError", "the service says: too long in a stage");
    }

    private static HostObserved known(Fault fault) {
        return with(fault, HostPhase.KNOWN).withAgent(Samples.agent(HOST, "known", ""));
    }

    private static HostObserved with(Fault fault, HostPhase phase) {
        return with(Optional.of(fault), phase);
    }

    private static HostObserved with(Optional<Fault> fault, HostPhase phase) {
        return HostObserved.atStart(new Journey(false, false, false, false, false, false), fault)
                .withInfraEnv(Samples.withIso(), true)
                .withCreated()
                .withDownloaded(ISO)
                .withWritten(MachineState.PROVISIONED)
                .withMachine(Samples.machine(HOST, "provisioned", ISO))
                .withProcess(AgentProcess.RUNNING)
                .withPhase(phase);
    }

    private static HostObserved after(HostObserved seen, FaultEvent event) {
        return seen.withInjection(seen.injection().orElseThrow().after(event, NOW));
    }

    private static HostObserved timeUp(HostObserved seen) {
        return seen.withInjection(seen.injection().orElseThrow().timeUp());
    }

    private static String awaited(HostObserved seen) {
        assertThat(HostStep.next(seen)).isInstanceOf(HostAction.Await.class);
        return ((HostAction.Await) HostStep.next(seen)).what();
    }
}
