package io.assistedswarm.worker.host;

import static io.assistedswarm.worker.Samples.ISO;
import static org.assertj.core.api.Assertions.assertThat;

import io.assistedswarm.protocol.Failure;
import io.assistedswarm.protocol.Failure.Side;
import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.HostPhase;
import io.assistedswarm.protocol.Observations.AgentState;
import io.assistedswarm.protocol.Observations.BareMetalHostState;
import io.assistedswarm.protocol.Observations.Unmet;
import io.assistedswarm.worker.Samples;
import io.assistedswarm.worker.host.HostObserved.AgentProcess;
import io.assistedswarm.worker.hub.MachineState;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class HostStepTest {
    private static final HostId HOST = Samples.singleNode().host(0);
    private static final Journey INSTALLATION = new Journey(false, false, false, false, false, false);
    private static final Journey DISCOVERY = new Journey(true, false, false, false, false, false);
    private static final Journey LATE = new Journey(false, true, false, false, false, false);
    private static final Journey DAY_TWO = new Journey(false, false, true, false, false, false);
    private static final String OTHER_ISO = ISO + "?v=2";

    @Test
    void waitsForTheIsoAndSaysWhatTheServiceSaysOfIt() {
        HostObserved placed = HostObserved.atStart(INSTALLATION, Optional.empty());
        assertThat(awaited(placed)).isEqualTo("the InfraEnv's ISO (the InfraEnv has not been seen)");
        assertThat(awaited(placed.withInfraEnv(Samples.withoutIso("no release image"), false)))
                .isEqualTo("the InfraEnv's ISO: no release image");
    }

    @Test
    void createsTheHostMarksItReadyAndIsCreated() {
        HostObserved seen = placed();
        assertThat(HostStep.next(seen)).isEqualTo(HostAction.CreateHost.INSTANCE);
        seen = seen.withCreated();
        assertThat(HostStep.next(seen)).isEqualTo(new HostAction.Mark(MachineState.READY));
        assertThat(reached(seen.withWritten(MachineState.READY))).isEqualTo(HostPhase.CREATED);
    }

    @Test
    void doesNotCreateAHostAgainThatAnEarlierActorHasCreated() {
        assertThat(HostStep.next(placed().withMachine(machine("", ""))))
                .isEqualTo(new HostAction.Mark(MachineState.READY));
        assertThat(reached(placed().withMachine(machine("ready", "")))).isEqualTo(HostPhase.CREATED);
        assertThat(reached(placed().withMachine(machine("provisioned", ISO)))).isEqualTo(HostPhase.CREATED);
    }

    @Test
    void waitsForTheImageAndThenDownloadsIt() {
        HostObserved created =
                placed().withCreated().withWritten(MachineState.READY).withPhase(HostPhase.CREATED);
        assertThat(awaited(created)).startsWith("spec.image.url of the BareMetalHost");
        assertThat(reached(created.withMachine(machine("ready", ISO)))).isEqualTo(HostPhase.DOWNLOADING);
        assertThat(HostStep.next(downloading())).isEqualTo(new HostAction.Download(ISO));
    }

    @Test
    void provisionsTheImageThatWasDownloadedAndNoOther() {
        assertThat(HostStep.next(downloading().withDownloaded(ISO))).isEqualTo(new HostAction.MarkProvisioned(ISO));
        assertThat(HostStep.next(downloading().withDownloaded(ISO).withMachine(machine("ready", OTHER_ISO))))
                .isEqualTo(new HostAction.Download(OTHER_ISO));
    }

    @Test
    void waitsForAnotherImageWhenTheServiceTakesItBackBeforeTheBoot() {
        assertThat(awaited(downloading().withDownloaded(ISO).withMachine(machine("ready", ""))))
                .startsWith("another image");
    }

    @Test
    void startsTheAgentOnceTheMachineIsProvisionedAndIsBooted() {
        HostObserved provisioned = downloading().withDownloaded(ISO).withWritten(MachineState.PROVISIONED);
        assertThat(HostStep.next(provisioned)).isEqualTo(HostAction.StartAgent.INSTANCE);
        assertThat(reached(provisioned.withProcess(AgentProcess.RUNNING))).isEqualTo(HostPhase.BOOTED);
    }

    @Test
    void cannotStartTheAgentBeforeTheInfraEnvsIdIsKnown() {
        HostObserved provisioned = downloading().withWritten(MachineState.PROVISIONED);
        assertThat(awaited(provisioned.withInfraEnv(Samples.withIso(), false)))
                .isEqualTo("an InfraEnv status whose URLs tell its id");
    }

    @ParameterizedTest
    @EnumSource(
            value = HostPhase.class,
            names = {"BOOTED", "REGISTERED", "KNOWN"})
    void bootsTheMachineAgainWhenItsImageIsTakenBackOrChanged(HostPhase phase) {
        HostObserved running = running(phase);
        assertThat(HostStep.next(running.withMachine(machine("provisioned", ""))))
                .isEqualTo(HostAction.TakeDown.INSTANCE);
        assertThat(HostStep.next(running.withMachine(machine("provisioned", OTHER_ISO))))
                .isEqualTo(HostAction.TakeDown.INSTANCE);
    }

    @ParameterizedTest
    @EnumSource(
            value = HostPhase.class,
            names = {"PREPARING", "INSTALLING", "REBOOTING", "JOINED"})
    void leavesTheMachineAloneWhenItsImageGoesDuringTheInstallation(HostPhase phase) {
        assertThat(HostStep.next(running(phase).withMachine(machine("provisioned", ""))))
                .isInstanceOf(HostAction.Await.class);
    }

    @Test
    void leavesADetachedMachineAlone() {
        BareMetalHostState detached = new BareMetalHostState(HOST, "provisioned", "", true);
        assertThat(HostStep.next(running(HostPhase.KNOWN).withMachine(detached)))
                .isInstanceOf(HostAction.Await.class);
    }

    @Test
    void downloadsTheNextImageOfAMachineThatWasTakenDown() {
        HostObserved down = running(HostPhase.REGISTERED)
                .withWritten(MachineState.AVAILABLE)
                .withDownloaded("")
                .withProcess(AgentProcess.NOT_STARTED);
        assertThat(awaited(down.withMachine(machine("provisioned", "")))).startsWith("another image");
        HostObserved offered = down.withMachine(machine("available", OTHER_ISO));
        assertThat(HostStep.next(offered)).isEqualTo(new HostAction.Download(OTHER_ISO));
        offered = offered.withDownloaded(OTHER_ISO);
        assertThat(HostStep.next(offered)).isEqualTo(new HostAction.MarkProvisioned(OTHER_ISO));
        assertThat(HostStep.next(offered.withWritten(MachineState.PROVISIONED)))
                .isEqualTo(HostAction.StartAgent.INSTANCE);
    }

    @ParameterizedTest
    @CsvSource({
        "'', '', REGISTERED",
        "discovering, '', REGISTERED",
        "insufficient, '', REGISTERED",
        "pending-for-input, '', REGISTERED",
        "known-unbound, '', REGISTERED",
        "known, '', KNOWN",
        "preparing-for-installation, '', PREPARING",
        "preparing-successful, '', PREPARING",
        "installing, '', INSTALLING",
        "installing, Starting installation, INSTALLING",
        "installing-in-progress, Writing image to disk, INSTALLING",
        "installing-pending-user-action, Rebooting, REBOOTING",
        "installing-in-progress, Rebooting, REBOOTING",
        "installing-in-progress, Configuring, REBOOTING",
        "installing-in-progress, Joined, JOINED",
        "installing-in-progress, Done, JOINED",
        "installed, Done, INSTALLED",
        "added-to-existing-cluster, '', INSTALLED",
    })
    void readsThePhaseOffTheAgent(String state, String stage, HostPhase phase) {
        HostObserved booted = running(HostPhase.BOOTED).withAgent(agent(state, stage));
        assertThat(reached(booted)).isEqualTo(phase);
        // The same again changes nothing.
        assertThat(HostStep.next(booted.withPhase(phase).withAgent(agent(state, stage))))
                .isInstanceOf(HostAction.Await.class);
    }

    @ParameterizedTest
    @CsvSource({"known, ''", "installing, ''", "installing-in-progress, Writing image to disk"})
    void neverGoesBack(String state, String stage) {
        HostObserved joined = running(HostPhase.JOINED).withProcess(AgentProcess.REBOOTED);
        assertThat(HostStep.next(joined.withAgent(agent(state, stage)))).isInstanceOf(HostAction.Await.class);
    }

    @Test
    void aHostWithoutAClusterEndsKnownUnboundAndKeepsItsAgent() {
        HostObserved booted = booted(DISCOVERY).withAgent(agent("known-unbound", ""));
        assertThat(reached(booted)).isEqualTo(HostPhase.DISCOVERED);
        HostObserved discovered = booted.withPhase(HostPhase.DISCOVERED);
        assertThat(awaited(discovered)).isEmpty();
        assertThat(HostStep.next(discovered.withProcess(AgentProcess.DUE))).isEqualTo(HostAction.StartAgent.INSTANCE);
        assertThat(HostStep.next(discovered.withAgent(agent("error", "")))).isInstanceOf(HostAction.Await.class);
    }

    @ParameterizedTest
    @EnumSource(
            value = HostPhase.class,
            names = {"BOOTED", "REGISTERED", "KNOWN", "PREPARING"})
    void startsACrashedAgentAgainAfterAWhile(HostPhase phase) {
        HostObserved crashed = running(phase).withProcess(AgentProcess.BROKEN_OFF);
        assertThat(awaited(crashed)).contains("the agent ended by itself and starts again soon");
        assertThat(HostStep.next(crashed.withProcess(AgentProcess.DUE))).isEqualTo(HostAction.StartAgent.INSTANCE);
    }

    @Test
    void isRebootingByItsMarkerBeforeTheServiceSaysSo() {
        HostObserved rebooted = running(HostPhase.INSTALLING)
                .withAgent(agent("installing-in-progress", "Writing image to disk"))
                .withProcess(AgentProcess.REBOOTED);
        assertThat(HostStep.next(rebooted))
                .isEqualTo(new HostAction.Reach(HostPhase.REBOOTING, "installing-in-progress, Writing image to disk"));
        assertThat(awaited(rebooted.withPhase(HostPhase.REBOOTING))).startsWith("stage Joined");
    }

    @Test
    void isJoinedWhenTheServiceIsAheadOfTheMarker() {
        assertThat(reached(running(HostPhase.INSTALLING)
                        .withAgent(agent("installing-in-progress", "Joined"))
                        .withProcess(AgentProcess.REBOOTED)))
                .isEqualTo(HostPhase.JOINED);
    }

    @ParameterizedTest
    @CsvSource({
        "REGISTERED, known, '', StartAgent",
        "KNOWN, known, '', StartAgent",
        "PREPARING, preparing-for-installation, '', StartAgent",
        "INSTALLING, installing-in-progress, Writing image to disk, Fail",
        "REBOOTING, installing-in-progress, Rebooting, MakeMarker",
        "JOINED, installing-in-progress, Joined, MakeMarker",
        "INSTALLED, installed, Done, Await",
    })
    void aLaterActorGoesOnWhereTheLostOneWas(HostPhase phase, String state, String stage, String action) {
        HostObserved seen = placed().withMachine(machine("provisioned", ISO)).withAgent(agent(state, stage));
        if (phase.compareTo(HostPhase.REGISTERED) > 0) {
            assertThat(reached(seen)).isEqualTo(phase);
        }
        assertThat(HostStep.next(seen.withPhase(phase.compareTo(HostPhase.REGISTERED) > 0 ? phase : HostPhase.KNOWN))
                        .getClass()
                        .getSimpleName())
                .isEqualTo(action);
    }

    @Test
    void blamesTheGeneratorForAnInstallationThatLostItsWorker() {
        HostObserved seen = placed().withPhase(HostPhase.INSTALLING)
                .withMachine(machine("provisioned", ISO))
                .withAgent(agent("installing-in-progress", "Writing image to disk"));
        Failure failure = ((HostAction.Fail) HostStep.next(seen)).failure();
        assertThat(failure.side()).isEqualTo(Side.GENERATOR);
        assertThat(failure.reason()).isEqualTo(Failure.WORKER_LOST);
        assertThat(failure.message()).contains("Writing image to disk");
    }

    @ParameterizedTest
    @EnumSource(
            value = AgentProcess.class,
            names = {"BROKEN_OFF", "DUE"})
    void blamesTheGeneratorForAnInstallationWhoseAgentEndedByItself(AgentProcess process) {
        HostObserved seen = running(HostPhase.INSTALLING)
                .withAgent(agent("installing-in-progress", "Writing image to disk"))
                .withAgentDied()
                .withProcess(process);
        Failure failure = ((HostAction.Fail) HostStep.next(seen)).failure();
        assertThat(failure.isLoss()).isTrue();
        assertThat(failure.reason()).isEqualTo(Failure.AGENT_LOST);
        assertThat(failure.message()).contains("ended by itself", "Writing image to disk");
    }

    @ParameterizedTest
    @CsvSource({
        // The installation began before the new agent registered, and was seen later.
        "known, error, true",
        "preparing-for-installation, error, true",
        // It was taken in again.
        "discovering, error, false",
        "insufficient, error, false",
    })
    void blamesTheGeneratorForWhatTheServiceSaysUntilItHasTakenTheHostInAgain(String after, String last, boolean ours) {
        HostObserved started = running(HostPhase.KNOWN)
                .withAgent(agent("known", ""))
                .withAgentDied()
                .withProcess(AgentProcess.DUE)
                .withAgentStarted();
        HostObserved seen = started.withAgent(agent(after, "")).withAgent(agent(last, ""));
        Failure failure = ((HostAction.Fail) HostStep.next(seen)).failure();
        assertThat(failure.isLoss()).isEqualTo(ours);
        assertThat(failure.side()).isEqualTo(ours ? Side.GENERATOR : Side.SERVICE);
    }

    @Test
    void blamesAnAgentsDeathForARestartInTheInstallationThoughOlderNewsCameAfterIt() {
        HostObserved seen = running(HostPhase.REGISTERED)
                .withAgent(agent("insufficient", ""))
                .withAgentDied()
                .withProcess(AgentProcess.DUE)
                .withAgentStarted()
                .withAgent(agent("known", ""))
                .withAgent(agent("installing", ""));
        AgentState restarted =
                new AgentState(HOST, "error", "The host unexpectedly restarted during the installation", "", List.of());
        assertThat(((HostAction.Fail) HostStep.next(seen.withAgent(restarted))).failure())
                .returns(true, Failure::isLoss)
                .extracting(Failure::message)
                .asString()
                .startsWith("its agent ended by itself; then HostError: the service says: The host unexpectedly");
        AgentState other = new AgentState(HOST, "error", "Host failed to install", "", List.of());
        assertThat(((HostAction.Fail) HostStep.next(seen.withAgent(other)))
                        .failure()
                        .side())
                .isEqualTo(Side.SERVICE);
    }

    @Test
    void blamesTheServiceForWhatItSaysOfAHostThatHasOnlyToWait() {
        HostObserved moved = placed().withMishap(HostObserved.Mishap.of(HostObserved.Mishap.Kind.PLACED_AGAIN))
                .withMachine(machine("provisioned", ISO))
                .withPhase(HostPhase.REBOOTING)
                .withAgent(agent("installing-in-progress", "Rebooting"));
        HostObserved broken = moved.withAgent(agent("error", "Rebooting"));
        assertThat(((HostAction.Fail) HostStep.next(broken)).failure().isLoss()).isTrue();
        HostObserved marked = moved.withRebootMarked().withAgent(agent("error", "Rebooting"));
        assertThat(((HostAction.Fail) HostStep.next(marked)).failure().side()).isEqualTo(Side.SERVICE);
    }

    @ParameterizedTest
    @CsvSource({"error, HostError", "cancelled, HostCancelled"})
    void failsWithWhatTheServiceSays(String state, String reason) {
        AgentState broken = new AgentState(HOST, state, "Host failed to install", "Installing", List.of());
        assertThat(HostStep.next(running(HostPhase.INSTALLING).withAgent(broken)))
                .isEqualTo(new HostAction.Fail(
                        new Failure(Side.SERVICE, reason, "the service says: Host failed to install")));
    }

    @Test
    void blamesTheGeneratorForAnInstallerThatBroke() {
        AgentState broken =
                new AgentState(HOST, "error", "installation command failed", "Waiting for control plane", List.of());
        Failure failure =
                ((HostAction.Fail) HostStep.next(running(HostPhase.INSTALLING).withAgent(broken))).failure();
        assertThat(failure.side()).isEqualTo(Side.GENERATOR);
        assertThat(failure.reason()).isEqualTo("InstallerFailed");
    }

    @ParameterizedTest
    @EnumSource(
            value = HostPhase.class,
            names = {"INSTALLED", "FAILED", "STOPPED"})
    void doesNothingMoreAtAnEnd(HostPhase end) {
        HostObserved seen = running(end).withProcess(AgentProcess.DUE).withAgent(agent("error", ""));
        assertThat(HostStep.next(seen)).isEqualTo(new HostAction.Await(""));
    }

    @Test
    void saysWhichConditionsTheServiceFindsUnmet() {
        AgentState insufficient = new AgentState(
                HOST,
                "insufficient",
                "",
                "",
                List.of(unmet("Connected", "The host is not connected"), unmet("Validated", "No ntp")));
        assertThat(awaited(running(HostPhase.REGISTERED).withAgent(insufficient)))
                .isEqualTo(
                        "Agent state known; Agent state 'insufficient', unmet: Connected: The host is not connected |"
                                + " Validated: No ntp");
    }

    private static Unmet unmet(String type, String message) {
        return new Unmet(type, "Reason", message, Optional.empty());
    }

    @ParameterizedTest
    @CsvSource({
        "PLACED, CreationTimeout",
        "CREATED, ImageUrlTimeout",
        "DOWNLOADING, DownloadTimeout",
        "BOOTED, RegistrationTimeout",
        "REGISTERED, DiscoveryTimeout",
        "KNOWN, PreparationTimeout",
        "PREPARING, PreparationTimeout",
        "INSTALLING, InstallationTimeout",
        "REBOOTING, InstallationTimeout",
        "JOINED, InstallationTimeout",
    })
    void blamesTheServiceForWhatItDidNotDoInTime(HostPhase phase, String reason) {
        HostObserved seen = placed().withPhase(phase).withProcess(AgentProcess.RUNNING);
        Failure failure = HostStep.timedOut(seen, 0, "hub says 500");
        assertThat(failure.side()).isEqualTo(Side.SERVICE);
        assertThat(failure.reason()).isEqualTo(reason);
        assertThat(failure.message()).endsWith("last error: hub says 500");
    }

    @Test
    void blamesTheServiceForAMissingIso() {
        Failure failure = HostStep.timedOut(
                HostObserved.atStart(INSTALLATION, Optional.empty())
                        .withInfraEnv(Samples.withoutIso("no such version"), false),
                0,
                "");
        assertThat(failure.reason()).isEqualTo("ImageTimeout");
        assertThat(failure.message()).isEqualTo("no ISO in time; InfraEnv without an ISO: no such version");
    }

    @Test
    void blamesTheGeneratorForAnImageThatWasThereButNotBooted() {
        Failure failure = HostStep.timedOut(downloading().withDownloaded(ISO), 0, "");
        assertThat(failure.side()).isEqualTo(Side.GENERATOR);
        assertThat(failure.reason()).isEqualTo("BootTimeout");
    }

    @ParameterizedTest
    @CsvSource({
        "BROKEN_OFF, 1, AgentCrashed",
        "DUE, 1, AgentCrashed",
        "RUNNING, 3, AgentCrashed",
        "RUNNING, 2, InstallationTimeout",
        "REBOOTED, 3, InstallationTimeout",
    })
    void blamesTheGeneratorForAnAgentThatKeepsCrashing(AgentProcess process, int crashes, String reason) {
        Failure failure = HostStep.timedOut(running(HostPhase.INSTALLING).withProcess(process), crashes, "");
        assertThat(failure.reason()).isEqualTo(reason);
        assertThat(failure.side()).isEqualTo(reason.equals("AgentCrashed") ? Side.GENERATOR : Side.SERVICE);
    }

    @Test
    void recordsEveryPhaseThatWasPassedUnseen() {
        assertThat(HostPath.between(HostPhase.BOOTED, HostPhase.INSTALLING, INSTALLATION))
                .containsExactly(HostPhase.REGISTERED, HostPhase.KNOWN, HostPhase.PREPARING, HostPhase.INSTALLING);
        assertThat(HostPath.between(HostPhase.BOOTED, HostPhase.DISCOVERED, DISCOVERY))
                .containsExactly(HostPhase.REGISTERED, HostPhase.DISCOVERED);
        assertThat(HostPath.between(HostPhase.REGISTERED, HostPhase.KNOWN, LATE))
                .containsExactly(HostPhase.UNBOUND, HostPhase.KNOWN);
        assertThat(HostPath.between(HostPhase.DISCOVERED, HostPhase.INSTALLING, DISCOVERY))
                .containsExactly(HostPhase.KNOWN, HostPhase.PREPARING, HostPhase.INSTALLING);
        assertThat(HostPath.between(HostPhase.KNOWN, HostPhase.ADDED, DAY_TWO))
                .containsExactly(HostPhase.INSTALLING, HostPhase.REBOOTING, HostPhase.ADDED);
        assertThat(HostPath.between(HostPhase.JOINED, HostPhase.INSTALLED, INSTALLATION))
                .containsExactly(HostPhase.INSTALLED);
    }

    @Test
    void bindsADiscoveredHostOnceAndThenLetsItRegisterAgain() {
        HostObserved pooled = booted(LATE).withAgent(agent("known-unbound", ""));
        assertThat(reached(pooled)).isEqualTo(HostPhase.UNBOUND);
        pooled = pooled.withPhase(HostPhase.UNBOUND);
        assertThat(HostStep.next(pooled)).isEqualTo(HostAction.Bind.INSTANCE);
        HostObserved bound = pooled.withBound();
        assertThat(awaited(bound)).startsWith("Agent state known, once it is bound and has registered again");
        HostObserved binding = bound.withAgent(agent("binding", ""));
        assertThat(HostStep.next(binding)).isEqualTo(HostAction.Rejoin.INSTANCE);
        HostObserved down = binding.withProcess(AgentProcess.NOT_STARTED);
        assertThat(HostStep.next(down)).isEqualTo(HostAction.StartAgent.INSTANCE);
        HostObserved again = down.withAgentStarted();
        // The service has not yet seen it register.
        assertThat(HostStep.next(again)).isInstanceOf(HostAction.Await.class);
        assertThat(reached(again.withAgent(agent("known", "")))).isEqualTo(HostPhase.KNOWN);
    }

    @Test
    void letsAHostRegisterAgainEachTimeThatItChangesHands() {
        HostObserved once = booted(LATE)
                .withPhase(HostPhase.UNBOUND)
                .withBound()
                .withAgent(agent("binding", ""))
                .withAgentStarted()
                .withAgent(agent("discovering", ""));
        assertThat(HostStep.next(once)).isInstanceOf(HostAction.Await.class);
        assertThat(HostStep.next(once.withAgent(agent("unbinding", "")))).isEqualTo(HostAction.Rejoin.INSTANCE);
    }

    @Test
    void leavesAHostUnboundThatTheUserHasUnboundAgain() {
        HostObserved unbound = booted(LATE).withPhase(HostPhase.KNOWN).withAgent(agent("known-unbound", ""));
        assertThat(HostStep.next(unbound)).isInstanceOf(HostAction.Await.class);
    }

    @Test
    void saysThatTheServiceDidNotBindInTime() {
        Failure failure = HostStep.timedOut(
                booted(LATE).withPhase(HostPhase.UNBOUND).withBound().withAgent(agent("binding", "")), 0, "");
        assertThat(failure.side()).isEqualTo(Side.SERVICE);
        assertThat(failure.reason()).isEqualTo("BindingTimeout");
    }

    @ParameterizedTest
    @CsvSource({
        "known, '', KNOWN",
        "preparing-for-installation, '', PREPARING",
        "installing-in-progress, Writing image to disk, INSTALLING",
        "installing-in-progress, Rebooting, REBOOTING",
        "installing-in-progress, Joined, JOINED",
        "installed, Done, INSTALLED",
    })
    void followsAHostWithoutAClusterThatTheUserBinds(String state, String stage, HostPhase phase) {
        HostObserved discovered = booted(DISCOVERY).withPhase(HostPhase.DISCOVERED);
        assertThat(HostStep.next(discovered.withAgent(agent("binding", "")))).isEqualTo(HostAction.Rejoin.INSTANCE);
        assertThat(reached(discovered.withAgent(agent(state, stage)))).isEqualTo(phase);
        assertThat(HostPath.isUntimed(phase, DISCOVERY)).isTrue();
    }

    @ParameterizedTest
    @EnumSource(
            value = HostPhase.class,
            names = {"DISCOVERED", "KNOWN", "PREPARING", "INSTALLING", "REBOOTING", "JOINED"})
    void doesNotHoldAgainstAHostWhatBecomesOfItInTheUsersHands(HostPhase phase) {
        HostObserved claimed = booted(DISCOVERY).withPhase(phase);
        assertThat(HostStep.next(claimed.withAgent(agent("error", "Installing"))))
                .isInstanceOf(HostAction.Await.class);
        assertThat(HostStep.next(claimed.withAgent(agent("installing", "")).withProcess(AgentProcess.NOT_STARTED)))
                .isNotInstanceOf(HostAction.Fail.class);
    }

    @Test
    void countsAHostAsDiscoveredThatTheUserBindsBeforeItWasSeenInThePool() {
        assertThat(reached(booted(DISCOVERY).withAgent(agent("binding", "")))).isEqualTo(HostPhase.DISCOVERED);
        assertThat(HostStep.next(booted(DISCOVERY).withAgent(agent("error", ""))))
                .isInstanceOf(HostAction.Fail.class);
    }

    @Test
    void createsADayTwoHostOnlyWhenItsClusterIsInstalled() {
        HostObserved waiting = HostObserved.atStart(DAY_TWO, Optional.empty()).withInfraEnv(Samples.withIso(), true);
        assertThat(awaited(waiting)).isEqualTo("the installation of its cluster, which it then joins");
        assertThat(HostPath.isUntimed(HostPhase.PLACED, DAY_TWO)).isTrue();
        assertThat(HostStep.next(waiting.withClusterInstalled())).isEqualTo(HostAction.CreateHost.INSTANCE);
    }

    @ParameterizedTest
    @CsvSource({
        "insufficient, '', REGISTERED",
        "known, '', KNOWN",
        "installing, '', INSTALLING",
        "installing-in-progress, Writing image to disk, INSTALLING",
        "installing-in-progress, Rebooting, ADDED",
        "installing-in-progress, Done, ADDED",
        "added-to-existing-cluster, Done, ADDED",
    })
    void aDayTwoHostEndsWithItsReboot(String state, String stage, HostPhase phase) {
        assertThat(reached(booted(DAY_TWO).withAgent(agent(state, stage)))).isEqualTo(phase);
    }

    @Test
    void aDayTwoHostEndsWithItsMarker() {
        assertThat(reached(booted(DAY_TWO)
                        .withPhase(HostPhase.INSTALLING)
                        .withAgent(agent("installing-in-progress", "Writing image to disk"))
                        .withProcess(AgentProcess.REBOOTED)))
                .isEqualTo(HostPhase.ADDED);
    }

    @Test
    void aHostOfAHeldClusterMayBeKnownForLong() {
        assertThat(HostPath.isUntimed(HostPhase.KNOWN, new Journey(false, false, false, true, false, false)))
                .isTrue();
        assertThat(HostPath.isUntimed(HostPhase.KNOWN, INSTALLATION)).isFalse();
    }

    private static HostObserved booted(Journey journey) {
        return HostObserved.atStart(journey, Optional.empty())
                .withInfraEnv(Samples.withIso(), true)
                .withMachine(machine("provisioned", ISO))
                .withProcess(AgentProcess.RUNNING)
                .withPhase(HostPhase.BOOTED);
    }

    private static HostObserved placed() {
        return HostObserved.atStart(INSTALLATION, Optional.empty()).withInfraEnv(Samples.withIso(), true);
    }

    private static HostObserved downloading() {
        return placed().withCreated()
                .withWritten(MachineState.READY)
                .withMachine(machine("ready", ISO))
                .withPhase(HostPhase.DOWNLOADING);
    }

    private static HostObserved running(HostPhase phase) {
        return downloading()
                .withDownloaded(ISO)
                .withWritten(MachineState.PROVISIONED)
                .withMachine(machine("provisioned", ISO))
                .withProcess(AgentProcess.RUNNING)
                .withPhase(phase);
    }

    private static BareMetalHostState machine(String state, String url) {
        return Samples.machine(HOST, state, url);
    }

    private static AgentState agent(String state, String stage) {
        return Samples.agent(HOST, state, stage);
    }

    private static String awaited(HostObserved seen) {
        assertThat(HostStep.next(seen)).isInstanceOf(HostAction.Await.class);
        return ((HostAction.Await) HostStep.next(seen)).what();
    }

    private static HostPhase reached(HostObserved seen) {
        assertThat(HostStep.next(seen)).isInstanceOf(HostAction.Reach.class);
        return ((HostAction.Reach) HostStep.next(seen)).phase();
    }
}
