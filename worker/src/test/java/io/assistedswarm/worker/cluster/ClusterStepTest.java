package io.assistedswarm.worker.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.assistedswarm.protocol.ClusterCommand.HostReached;
import io.assistedswarm.protocol.ClusterPhase;
import io.assistedswarm.protocol.ClusterSpec;
import io.assistedswarm.protocol.ClusterTraits;
import io.assistedswarm.protocol.ClusterTraits.Hold;
import io.assistedswarm.protocol.Deadlines;
import io.assistedswarm.protocol.Failure;
import io.assistedswarm.protocol.Failure.Side;
import io.assistedswarm.protocol.Fault;
import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.HostPhase;
import io.assistedswarm.worker.Samples;
import io.assistedswarm.worker.cluster.ClusterObserved.Controller;
import io.assistedswarm.worker.cluster.ClusterObserved.Release;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ClusterStepTest {
    private static final ClusterObserved HELD = ClusterObserved.atStart(
                    Samples.special(ClusterTraits.PLAIN.withHold(Hold.UNTIL_RELEASED)))
            .withApplied();
    private static final ClusterObserved GROWING = ClusterObserved.atStart(
                    Samples.special(ClusterTraits.PLAIN.withHosts(0, 2)))
            .withApplied();
    private static final String UUID = "3f0e8a52-7c11-4a52-9f0b-1b2c3d4e5f60";
    private static final ClusterSpec THREE_AND_ONE = Samples.cluster(3, 1);
    private static final Fault NO_INSTALLER = new Fault(Fault.Kind.FAIL_INSTALLER, HostPhase.INSTALLING, Duration.ZERO);
    private static final Failure LOSS = new Failure(Side.GENERATOR, Failure.AGENT_LOST, "its agent ended by itself");
    private static final Failure WITH_ITS_CLUSTER =
            new Failure(Side.SERVICE, Failure.HOST_ERROR, "Host is part of a cluster that failed to install");
    private static final Failure CRASH = new Failure(Side.GENERATOR, "AgentCrashed", "ended 3 times");

    @Test
    void appliesItsObjectsFirst() {
        ClusterObserved placed = ClusterObserved.atStart(THREE_AND_ONE);
        assertThat(ClusterStep.next(placed)).isEqualTo(ClusterAction.Apply.INSTANCE);
        assertThat(reached(placed.withApplied())).isEqualTo(ClusterPhase.APPLIED);
    }

    @Test
    void appliesItsObjectsAgainAfterAFailoverBeforeItGoesOn() {
        ClusterObserved placed =
                ClusterObserved.atStart(THREE_AND_ONE).withInstall(Samples.install("installing", UUID));
        assertThat(ClusterStep.next(placed)).isEqualTo(ClusterAction.Apply.INSTANCE);
        assertThat(reached(placed.withApplied())).isEqualTo(ClusterPhase.INSTALLING);
    }

    @Test
    void waitsForTheIsoAndThenForItsHosts() {
        ClusterObserved applied = at(ClusterPhase.APPLIED);
        assertThat(awaited(applied)).startsWith("the InfraEnv's ISO; InfraEnv not seen");
        assertThat(awaited(applied.withInfraEnv(Samples.withoutIso("no such version"), false)))
                .contains("InfraEnv without an ISO: no such version");
        ClusterObserved withIso = applied.withInfraEnv(Samples.withIso(), true);
        assertThat(reached(withIso)).isEqualTo(ClusterPhase.IMAGE_READY);
        assertThat(awaited(withIso.withPhase(ClusterPhase.IMAGE_READY)
                        .withHost(new HostReached(THREE_AND_ONE.host(0), HostPhase.KNOWN, Optional.empty()))))
                .startsWith("all hosts known; ")
                .endsWith("last host quickstart-7f3a-0-1 placed");
    }

    @ParameterizedTest
    @CsvSource({
        "ready, PREPARING",
        "preparing-for-installation, PREPARING",
        "installing, INSTALLING",
        "installing-pending-user-action, INSTALLING",
        "finalizing, FINALIZING",
        "installed, FINALIZING",
        "adding-hosts, FINALIZING",
    })
    void readsThePhaseOffTheAgentClusterInstall(String state, ClusterPhase phase) {
        ClusterObserved seen = at(ClusterPhase.IMAGE_READY).withInstall(Samples.install(state, ""));
        assertThat(reached(seen)).isEqualTo(phase);
        assertThat(ClusterStep.next(seen.withPhase(phase))).isInstanceOf(ClusterAction.Await.class);
    }

    @ParameterizedTest
    @CsvSource({"insufficient", "pending-for-input", "''", "a state of the future"})
    void staysWhereItIsWhileTheServiceIsNotReady(String state) {
        ClusterObserved seen = at(ClusterPhase.IMAGE_READY)
                .withInfraEnv(Samples.withIso(), true)
                .withInstall(Samples.install(state, ""));
        assertThat(awaited(seen)).contains("AgentClusterInstall '" + state + "' 40 %");
    }

    @Test
    void neverGoesBack() {
        assertThat(ClusterStep.next(at(ClusterPhase.FINALIZING).withInstall(Samples.install("ready", ""))))
                .isInstanceOf(ClusterAction.Await.class);
    }

    @ParameterizedTest
    @EnumSource(
            value = ClusterPhase.class,
            names = {"PREPARING", "INSTALLING", "FINALIZING"})
    void startsItsControllerAsSoonAsTheServiceTellsItsId(ClusterPhase phase) {
        ClusterObserved seen = at(phase).withInstall(Samples.install("ready", UUID));
        assertThat(ClusterStep.next(seen.withInfraEnv(Samples.withIso(), true)))
                .isEqualTo(new ClusterAction.StartController(UUID));
        assertThat(awaited(seen.withInfraEnv(Samples.withIso(), false)))
                .isEqualTo("an InfraEnv status whose URLs tell its id");
    }

    @ParameterizedTest
    @CsvSource({"RUNNING, false", "BROKEN_OFF, false", "DUE, true", "FINISHED, false"})
    void startsABrokenControllerAgainAfterAWhile(Controller controller, boolean starts) {
        ClusterObserved seen = at(ClusterPhase.INSTALLING)
                .withInfraEnv(Samples.withIso(), true)
                .withInstall(Samples.install("installing", UUID))
                .withController(controller);
        assertThat(ClusterStep.next(seen) instanceof ClusterAction.StartController)
                .isEqualTo(starts);
    }

    @Test
    void isInstalledWhenTheServiceHasCompletedAndTheControllerHasFinished() {
        ClusterObserved seen = at(ClusterPhase.FINALIZING)
                .withInfraEnv(Samples.withIso(), true)
                .withInstall(Samples.completed(UUID))
                .withController(Controller.RUNNING);
        assertThat(reached(seen)).isEqualTo(ClusterPhase.COMPLETED);
        assertThat(awaited(seen.withPhase(ClusterPhase.COMPLETED))).startsWith("the end of its controller");
        assertThat(reached(seen.withPhase(ClusterPhase.COMPLETED).withController(Controller.FINISHED)))
                .isEqualTo(ClusterPhase.INSTALLED);
    }

    @Test
    void isNotInstalledByAControllerThatFinishesBeforeTheService() {
        assertThat(ClusterStep.next(at(ClusterPhase.FINALIZING)
                        .withInstall(Samples.install("finalizing", UUID))
                        .withController(Controller.FINISHED)))
                .isInstanceOf(ClusterAction.Await.class);
    }

    @Test
    void anInfraEnvAloneIsDiscoveredWhenAllItsHostsAre() {
        ClusterSpec alone = Samples.infraEnvOnly(2);
        ClusterObserved seen = ClusterObserved.atStart(alone)
                .withApplied()
                .withInfraEnv(Samples.withIso(), true)
                .withPhase(ClusterPhase.IMAGE_READY)
                .withHost(new HostReached(alone.host(0), HostPhase.DISCOVERED, Optional.empty()));
        assertThat(awaited(seen)).startsWith("all hosts known-unbound; ");
        assertThat(reached(seen.withHost(new HostReached(alone.host(1), HostPhase.DISCOVERED, Optional.empty()))))
                .isEqualTo(ClusterPhase.DISCOVERED);
    }

    @Test
    void anInfraEnvAloneHasNoController() {
        ClusterSpec alone = Samples.infraEnvOnly(1);
        assertThat(ClusterStep.next(ClusterObserved.atStart(alone)
                        .withApplied()
                        .withInfraEnv(Samples.withIso(), true)
                        .withPhase(ClusterPhase.IMAGE_READY)
                        .withInstall(Samples.install("installing", UUID))))
                .isInstanceOf(ClusterAction.Await.class);
    }

    @ParameterizedTest
    @CsvSource({
        "error, 'Timeout while waiting', 'The installation failed', InstallationFailed, 'The installation failed'",
        "error, 'Timeout while waiting', '', InstallationFailed, 'Timeout while waiting'",
        "error, '', '', InstallationFailed, error",
        "cancelled, '', 'The user cancelled', InstallationCancelled, 'The user cancelled'",
    })
    void failsWithWhatTheServiceSays(String state, String info, String message, String reason, String says) {
        assertThat(ClusterStep.next(at(ClusterPhase.INSTALLING)
                        .withInstall(Samples.failed(state, info, message))
                        .withHostsHeard()))
                .isEqualTo(
                        reason.equals("InstallationFailed")
                                ? new ClusterAction.AskAsAgent(serviceSays(reason, says))
                                : new ClusterAction.Fail(serviceSays(reason, says)));
    }

    private static Failure serviceSays(String reason, String says) {
        return new Failure(Side.SERVICE, reason, "the service says: " + says);
    }

    @Test
    void failsWithTheFirstOfItsFailedHosts() {
        ClusterObserved seen = at(ClusterPhase.IMAGE_READY)
                .withHost(new HostReached(THREE_AND_ONE.host(3), HostPhase.FAILED, Optional.of(CRASH)))
                .withHost(new HostReached(THREE_AND_ONE.host(1), HostPhase.FAILED, Optional.of(CRASH)));
        assertThat(ClusterStep.next(seen))
                .isEqualTo(new ClusterAction.Fail(
                        new Failure(Side.GENERATOR, "AgentCrashed", "host quickstart-7f3a-0-1: ended 3 times")));
    }

    @Test
    void hearsItsHostsBeforeItBlamesTheService() {
        ClusterObserved seen = at(ClusterPhase.INSTALLING)
                .withInstall(Samples.failed("error", "cluster has hosts in error", ""))
                .withHost(new HostReached(THREE_AND_ONE.host(0), HostPhase.FAILED, Optional.of(WITH_ITS_CLUSTER)));
        assertThat(ClusterStep.next(seen)).isInstanceOf(ClusterAction.HearHosts.class);
        assertThat(failure(seen.withHostsHeard()).side()).isEqualTo(Side.SERVICE);
        Failure lost =
                failure(seen.withHost(new HostReached(THREE_AND_ONE.host(2), HostPhase.LOST, Optional.of(LOSS))));
        assertThat(lost.isLoss()).isTrue();
        assertThat(lost.message())
                .startsWith("host quickstart-7f3a-0-2: its agent ended")
                .endsWith("the service says: cluster has hosts in error");
    }

    @Test
    void isCausedByWhatBefellAHostThatTheServiceDoesNotInstallWithIt() {
        ClusterObserved seen = at(ClusterPhase.INSTALLING)
                .withHost(new HostReached(
                        THREE_AND_ONE.host(1), HostPhase.PREPARING, Optional.empty(), Optional.of(LOSS)))
                .withInstall(Samples.failed("error", "cluster has hosts in error", ""))
                .withHostsHeard();
        assertThat(failure(seen))
                .returns(true, Failure::isLoss)
                .extracting(Failure::message)
                .asString()
                .contains(THREE_AND_ONE.host(1).name());
        ClusterObserved taken =
                seen.withHost(new HostReached(THREE_AND_ONE.host(1), HostPhase.INSTALLING, Optional.empty()));
        assertThat(failure(taken).side()).isEqualTo(Side.SERVICE);
    }

    @Test
    void hearsItsHostsWhenOneFailsAndDoesNotWaitWhenAllHave() {
        ClusterObserved seen = at(ClusterPhase.INSTALLING)
                .withHost(new HostReached(THREE_AND_ONE.host(0), HostPhase.FAILED, Optional.of(WITH_ITS_CLUSTER)));
        assertThat(ClusterStep.next(seen)).isInstanceOf(ClusterAction.HearHosts.class);
        for (HostId host : THREE_AND_ONE.hosts()) {
            seen = seen.withHost(new HostReached(host, HostPhase.FAILED, Optional.of(WITH_ITS_CLUSTER)));
        }
        assertThat(failure(seen).reason()).isEqualTo(Failure.HOST_ERROR);
    }

    @Test
    void blamesALostWorkerOnlyUntilItsHostsAreBack() {
        HostId moved = THREE_AND_ONE.host(1);
        ClusterObserved seen = at(ClusterPhase.INSTALLING)
                .withPlacedAgain(List.of(moved))
                .withHost(new HostReached(moved, HostPhase.REGISTERED, Optional.empty()))
                .withInstall(Samples.failed("error", "cluster has hosts in error", ""))
                .withHostsHeard();
        assertThat(failure(seen).reason()).isEqualTo(Failure.WORKER_LOST);
        assertThat(ClusterStep.timedOut(seen, "").reason()).isEqualTo(Failure.WORKER_LOST);
        ClusterObserved back = seen.withHost(new HostReached(moved, HostPhase.KNOWN, Optional.empty()));
        assertThat(failure(back).side()).isEqualTo(Side.SERVICE);
        assertThat(ClusterStep.timedOut(back, "").side()).isEqualTo(Side.SERVICE);
    }

    /** By whomever its agent was not let in: the plan's token, or the service's own. */
    @ParameterizedTest
    @EnumSource(
            value = Side.class,
            names = {"PLAN", "SERVICE"})
    void isCausedByAHostWhoseAgentWasNotLetIn(Side side) {
        Failure shutOut = new Failure(side, Failure.UNAUTHORIZED, "it says 401");
        ClusterObserved seen = at(ClusterPhase.INSTALLING)
                .withInstall(Samples.failed("error", "cluster has hosts in error", ""))
                .withHost(new HostReached(THREE_AND_ONE.host(0), HostPhase.FAILED, Optional.of(WITH_ITS_CLUSTER)))
                .withHost(new HostReached(THREE_AND_ONE.host(2), HostPhase.FAILED, Optional.of(shutOut)));
        assertThat(ClusterStep.next(seen))
                .isEqualTo(
                        new ClusterAction.Fail(
                                new Failure(
                                        side,
                                        Failure.UNAUTHORIZED,
                                        "host quickstart-7f3a-0-2: it says 401; then InstallationFailed: the service says: cluster has hosts in error")));
    }

    @ParameterizedTest
    @CsvSource({
        "APPLIED, RUNNING, false",
        "IMAGE_READY, RUNNING, true",
        "INSTALLING, RUNNING, true",
        "FINALIZING, BROKEN_OFF, true",
        "FINALIZING, FINISHED, true",
        "COMPLETED, RUNNING, true",
    })
    void mayBeLateAsItIsShutOut(ClusterPhase phase, Controller controller, boolean may) {
        ClusterObserved seen = at(phase).withController(controller).withInstall(Samples.install("insufficient", ""));
        assertThat(ClusterStep.mayBeShutOut(seen, ClusterStep.timedOut(seen, "")))
                .isEqualTo(may);
        assertThat(ClusterStep.mayBeShutOut(seen, LOSS)).isFalse();
    }

    private static Failure failure(ClusterObserved seen) {
        return switch (ClusterStep.next(seen)) {
            case ClusterAction.Fail fail -> fail.failure();
            case ClusterAction.AskAsAgent ask -> ask.failure();
            case ClusterAction other -> throw new AssertionError(other);
        };
    }

    @ParameterizedTest
    @CsvSource({
        "PREPARING, 0, true",
        "PREPARING, 3, true",
        "INSTALLING, 0, true",
        "INSTALLING, 3, false",
        "FINALIZING, 3, false",
    })
    void mayInstallWithoutAWorkerButNotWithoutAMaster(ClusterPhase phase, int host, boolean fails) {
        ClusterObserved seen =
                at(phase).withHost(new HostReached(THREE_AND_ONE.host(host), HostPhase.FAILED, Optional.of(CRASH)));
        assertThat(ClusterStep.next(seen) instanceof ClusterAction.Fail).isEqualTo(fails);
    }

    @Test
    void remembersTheFurthestPhaseOfAHostThatIsToldOutOfOrder() {
        ClusterObserved seen = at(ClusterPhase.INSTALLING)
                .withHost(new HostReached(THREE_AND_ONE.host(0), HostPhase.JOINED, Optional.empty()))
                .withHost(new HostReached(THREE_AND_ONE.host(0), HostPhase.INSTALLING, Optional.empty()));
        assertThat(seen.hosts()).containsEntry(THREE_AND_ONE.host(0), HostPhase.JOINED);
    }

    @ParameterizedTest
    @EnumSource(
            value = ClusterPhase.class,
            names = {"INSTALLED", "DISCOVERED", "FAILED", "STOPPED"})
    void doesNothingMoreAtAnEnd(ClusterPhase end) {
        assertThat(ClusterStep.next(ClusterObserved.atStart(THREE_AND_ONE)
                        .withPhase(end)
                        .withInstall(Samples.failed("error", "", ""))))
                .isEqualTo(new ClusterAction.Await(""));
    }

    @ParameterizedTest
    @CsvSource({
        "PLACED, RUNNING, SERVICE, ApplyTimeout",
        "APPLIED, RUNNING, SERVICE, ImageTimeout",
        "IMAGE_READY, RUNNING, SERVICE, DiscoveryTimeout",
        "PREPARING, RUNNING, SERVICE, PreparationTimeout",
        "INSTALLING, RUNNING, SERVICE, InstallationTimeout",
        "INSTALLING, BROKEN_OFF, GENERATOR, ControllerCrashed",
        "FINALIZING, DUE, GENERATOR, ControllerCrashed",
        "FINALIZING, FINISHED, SERVICE, InstallationTimeout",
        "COMPLETED, RUNNING, GENERATOR, ControllerTimeout",
    })
    void saysWhoWasLate(ClusterPhase phase, Controller controller, Side side, String reason) {
        Failure failure = ClusterStep.timedOut(
                at(phase).withController(controller).withInstall(Samples.install("insufficient", "")), "hub says 500");
        assertThat(failure.side()).isEqualTo(side);
        assertThat(failure.reason()).isEqualTo(reason);
        assertThat(failure.message()).contains("'insufficient' 40 %").endsWith("last error: hub says 500");
    }

    @ParameterizedTest
    @CsvSource({"KNOWN, false", "INSTALLING, true"})
    void blamesThePlanForWhatTheServiceSaysOnceAHostHasHadItsFault(HostPhase reached, boolean explained) {
        HostId faulted = THREE_AND_ONE.host(1);
        ClusterObserved seen = ClusterObserved.atStart(THREE_AND_ONE.withFaults(Map.of(1, NO_INSTALLER)))
                .withApplied()
                .withPhase(ClusterPhase.INSTALLING)
                .withHost(new HostReached(faulted, reached, Optional.empty()))
                .withInstall(Samples.failed("error", "cluster has hosts in error", ""))
                .withHostsHeard();
        Failure failure = failure(seen);
        assertThat(Fault.explained(failure)).isEqualTo(explained);
        assertThat(failure.reason()).isEqualTo(explained ? "FaultInjected/failInstaller" : "InstallationFailed");
        assertThat(failure.message()).endsWith("the service says: cluster has hosts in error");
        assertThat(Fault.explained(ClusterStep.timedOut(seen, ""))).isEqualTo(explained);
        assertThat(ClusterStep.timedOut(seen.withController(Controller.DUE), "").side())
                .isEqualTo(Side.GENERATOR);
    }

    @Test
    void blamesThePlanForAClusterWhoseFaultyHostHasFailed() {
        HostId faulted = THREE_AND_ONE.host(1);
        Failure why = NO_INSTALLER.explains(faulted, new Failure(Side.SERVICE, "HostError", "error"));
        ClusterObserved seen = ClusterObserved.atStart(THREE_AND_ONE.withFaults(Map.of(1, NO_INSTALLER)))
                .withApplied()
                .withPhase(ClusterPhase.PREPARING)
                .withHost(new HostReached(faulted, HostPhase.FAILED, Optional.of(why)));
        Failure failure = failure(seen);
        assertThat(failure).isEqualTo(why);
        assertThat(Fault.explained(ClusterStep.timedOut(seen, ""))).isTrue();
    }

    @Test
    void recordsEveryPhaseThatWasPassedUnseen() {
        assertThat(ClusterPath.between(ClusterPhase.APPLIED, ClusterPhase.FINALIZING, THREE_AND_ONE))
                .containsExactly(
                        ClusterPhase.IMAGE_READY,
                        ClusterPhase.PREPARING,
                        ClusterPhase.INSTALLING,
                        ClusterPhase.FINALIZING);
        assertThat(ClusterPath.between(ClusterPhase.APPLIED, ClusterPhase.DISCOVERED, Samples.infraEnvOnly(1)))
                .containsExactly(ClusterPhase.IMAGE_READY, ClusterPhase.DISCOVERED);
    }

    @ParameterizedTest
    @EnumSource(ClusterPhase.class)
    void hasADeadlineInEveryPhaseThatSetsItsClock(ClusterPhase phase) {
        boolean goesOn =
                phase == ClusterPhase.PENDING || phase == ClusterPhase.FINALIZING || ClusterPath.isUntimed(phase);
        assertThat(ClusterPath.limit(phase, Deadlines.DEFAULT).isEmpty()).isEqualTo(goesOn);
    }

    @Test
    void staysHeldUntilItIsReleased() {
        ClusterObserved ready = HELD.withPhase(ClusterPhase.IMAGE_READY).withInstall(Samples.held("ready"));
        assertThat(reached(ready)).isEqualTo(ClusterPhase.HELD);
        ClusterObserved held = ready.withPhase(ClusterPhase.HELD);
        assertThat(awaited(held)).startsWith("its release");
        assertThat(HELD.withReleaseWanted().release()).isEqualTo(Release.WANTED);
        assertThat(ClusterStep.next(held.withReleaseWanted())).isEqualTo(ClusterAction.LetGo.INSTANCE);
        ClusterObserved released = held.withReleaseWanted().withRelease(Release.DONE);
        assertThat(reached(released)).isEqualTo(ClusterPhase.PREPARING);
        // The watch may be late.
        assertThat(released.withInstall(Samples.held("ready")).release()).isEqualTo(Release.DONE);
        assertThat(released.withReleaseWanted().release()).isEqualTo(Release.DONE);
    }

    @Test
    void seesThatTheUserHasReleasedItAtTheObjectItself() {
        ClusterObserved held = HELD.withPhase(ClusterPhase.HELD).withInstall(Samples.held("ready"));
        assertThat(reached(held.withInstall(Samples.install("ready", "")))).isEqualTo(ClusterPhase.PREPARING);
    }

    @Test
    void isNotHeldUnlessThePlanSaysSo() {
        assertThat(at(ClusterPhase.IMAGE_READY).withReleaseWanted().release()).isEqualTo(Release.DONE);
        assertThat(ClusterPath.between(ClusterPhase.IMAGE_READY, ClusterPhase.INSTALLING, THREE_AND_ONE))
                .doesNotContain(ClusterPhase.HELD);
        assertThat(ClusterPath.between(ClusterPhase.IMAGE_READY, ClusterPhase.INSTALLING, HELD.cluster()))
                .containsExactly(ClusterPhase.HELD, ClusterPhase.PREPARING, ClusterPhase.INSTALLING);
    }

    @Test
    void addsItsDayTwoHostsBeforeItIsAtItsEnd() {
        ClusterObserved completed = GROWING.withPhase(ClusterPhase.COMPLETED).withInstall(Samples.completed(UUID));
        assertThat(ClusterStep.next(completed.withController(Controller.RUNNING)))
                .isInstanceOf(ClusterAction.Await.class);
        assertThat(reached(completed.withController(Controller.FINISHED))).isEqualTo(ClusterPhase.ADDING_HOSTS);
        ClusterObserved adding = completed.withController(Controller.FINISHED).withPhase(ClusterPhase.ADDING_HOSTS);
        assertThat(awaited(adding)).startsWith("its day-2 hosts; ").endsWith("last host quickstart-7f3a-0-3 placed");
        ClusterObserved one =
                adding.withHost(new HostReached(GROWING.cluster().host(3), HostPhase.ADDED, Optional.empty()));
        assertThat(awaited(one)).endsWith("last host quickstart-7f3a-0-4 placed");
        assertThat(reached(one.withHost(new HostReached(GROWING.cluster().host(4), HostPhase.ADDED, Optional.empty()))))
                .isEqualTo(ClusterPhase.INSTALLED);
    }

    @Test
    void failsWithADayTwoHostAsTheServiceHasNoVerdictOnIt() {
        Failure why = new Failure(Side.SERVICE, "DiscoveryTimeout", "too late");
        ClusterObserved adding = GROWING.withPhase(ClusterPhase.ADDING_HOSTS)
                .withInstall(Samples.completed(UUID))
                .withController(Controller.FINISHED)
                .withHost(new HostReached(GROWING.cluster().host(4), HostPhase.FAILED, Optional.of(why)));
        assertThat(((ClusterAction.Fail) ClusterStep.next(adding)).failure().message())
                .isEqualTo("host quickstart-7f3a-0-4: too late");
        assertThat(ClusterStep.timedOut(GROWING.withPhase(ClusterPhase.ADDING_HOSTS), "")
                        .reason())
                .isEqualTo("DayTwoTimeout");
    }

    private static ClusterObserved at(ClusterPhase phase) {
        return ClusterObserved.atStart(THREE_AND_ONE).withApplied().withPhase(phase);
    }

    private static String awaited(ClusterObserved seen) {
        assertThat(ClusterStep.next(seen)).isInstanceOf(ClusterAction.Await.class);
        return ((ClusterAction.Await) ClusterStep.next(seen)).what();
    }

    private static ClusterPhase reached(ClusterObserved seen) {
        assertThat(ClusterStep.next(seen)).isInstanceOf(ClusterAction.Reach.class);
        return ((ClusterAction.Reach) ClusterStep.next(seen)).phase();
    }
}
