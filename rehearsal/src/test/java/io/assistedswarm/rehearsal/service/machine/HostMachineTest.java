package io.assistedswarm.rehearsal.service.machine;

import static io.assistedswarm.rehearsal.service.TestingRows.NOW;
import static io.assistedswarm.rehearsal.service.TestingRows.SETTINGS;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.assistedswarm.rehearsal.service.Json;
import io.assistedswarm.rehearsal.service.TestingRows;
import io.assistedswarm.rehearsal.service.machine.HostMachine.Move;
import io.assistedswarm.rehearsal.service.machine.HostMachine.Registration;
import io.assistedswarm.rehearsal.service.machine.HostMachine.StageReport;
import io.assistedswarm.rehearsal.service.model.Cluster;
import io.assistedswarm.rehearsal.service.model.ClusterState;
import io.assistedswarm.rehearsal.service.model.Host;
import io.assistedswarm.rehearsal.service.model.HostStage;
import io.assistedswarm.rehearsal.service.model.HostState;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class HostMachineTest {
    private final HostMachine machine = new HostMachine(SETTINGS);
    private final HostChecks checks = new HostChecks(SETTINGS);

    @ParameterizedTest
    @EnumSource(names = {"DISCOVERING", "INSUFFICIENT", "PENDING_FOR_INPUT", "KNOWN", "DISCONNECTED"})
    void startsOverWhenItRegistersAgainBeforeTheInstallation(HostState state) {
        assertThat(machine.registerAgain(host(state)))
                .isEqualTo(
                        new Registration.StartOver(new Move(HostState.DISCOVERING, HostMachine.WAITING_FOR_HARDWARE)));
    }

    @ParameterizedTest
    @EnumSource(names = {"PREPARING_FOR_INSTALLATION", "PREPARING_SUCCESSFUL"})
    void goesBackToKnownAndKeepsItsReportsWhenItRegistersAgainWhilePrepared(HostState state) {
        assertThat(machine.registerAgain(host(state)))
                .isInstanceOfSatisfying(
                        Registration.Keep.class,
                        keep -> assertThat(keep.move().state()).isEqualTo(HostState.KNOWN));
    }

    @ParameterizedTest
    @CsvSource({
        "INSTALLING,,ERROR",
        "INSTALLING_IN_PROGRESS,WRITING_IMAGE_TO_DISK,ERROR",
        "INSTALLING_IN_PROGRESS,REBOOTING,INSTALLING_PENDING_USER_ACTION"
    })
    void failsWhenItRegistersAgainInAnInstallationBeforeItsReboot(HostState state, HostStage stage, HostState next) {
        Host host = host(state);
        reached(host, stage);

        assertThat(machine.registerAgain(host))
                .isInstanceOfSatisfying(
                        Registration.Keep.class,
                        keep -> assertThat(keep.move().state()).isEqualTo(next));
    }

    @Test
    void refusesAnInstalledHostThatRegistersAgain() {
        assertThat(machine.registerAgain(host(HostState.INSTALLED))).isInstanceOf(Registration.Refused.class);
    }

    @Test
    void leavesAFailedHostFailedWhenItRegistersAgain() {
        assertThat(machine.registerAgain(host(HostState.ERROR))).isEqualTo(new Registration.Stay());
    }

    @ParameterizedTest
    @EnumSource(names = {"DISCOVERING", "KNOWN", "PREPARING_SUCCESSFUL", "INSTALLED", "ERROR"})
    void refusesStagesOutsideAnInstallation(HostState state) {
        assertThat(machine.report(host(state), HostStage.INSTALLING, "")).isInstanceOf(StageReport.Refused.class);
    }

    @Test
    void takesStagesForwardAlsoWhenSomeAreLeftOut() {
        Host host = host(HostState.INSTALLING);

        assertThat(machine.report(host, HostStage.WRITING_IMAGE_TO_DISK, "8%"))
                .isEqualTo(new StageReport.Accepted(
                        new Move(HostState.INSTALLING_IN_PROGRESS, "Writing image to disk"),
                        HostStage.WRITING_IMAGE_TO_DISK,
                        37,
                        true));
    }

    @Test
    void takesTheSameStageAgainAsNews() {
        Host host = host(HostState.INSTALLING_IN_PROGRESS);
        reached(host, HostStage.WRITING_IMAGE_TO_DISK);

        assertThat(machine.report(host, HostStage.WRITING_IMAGE_TO_DISK, "15%"))
                .isInstanceOfSatisfying(
                        StageReport.Accepted.class,
                        accepted -> assertThat(accepted.newStage()).isFalse());
    }

    @Test
    void refusesALowerStage() {
        Host host = host(HostState.INSTALLING_IN_PROGRESS);
        reached(host, HostStage.REBOOTING);

        assertThat(machine.report(host, HostStage.INSTALLING, "")).isInstanceOf(StageReport.Refused.class);
    }

    @Test
    void refusesAStageThatTheRoleDoesNotHave() {
        assertThat(machine.report(host(HostState.INSTALLING), HostStage.WAITING_FOR_IGNITION, ""))
                .isInstanceOf(StageReport.Refused.class);
    }

    @Test
    void isInstalledOnceItReportsDone() {
        Host host = host(HostState.INSTALLING_IN_PROGRESS);
        reached(host, HostStage.JOINED);

        assertThat(machine.report(host, HostStage.DONE, ""))
                .isEqualTo(new StageReport.Accepted(new Move(HostState.INSTALLED, "Done"), HostStage.DONE, 100, true));
    }

    @Test
    void failsWithTheReportedText() {
        assertThat(machine.report(host(HostState.INSTALLING), HostStage.FAILED, "no disk"))
                .isEqualTo(new StageReport.Failed(new Move(HostState.ERROR, "Failed - no disk")));
    }

    @Test
    void isKnownWhenAllBlockingChecksPass() {
        assertThat(refreshed(host(HostState.DISCOVERING), NOW))
                .contains(new Move(HostState.KNOWN, "Host is ready to be installed"));
    }

    @Test
    void staysDiscoveringWithoutAnInventory() {
        Host host = host(HostState.DISCOVERING);
        host.inventory = Optional.empty();
        host.stateInfo = HostMachine.WAITING_FOR_HARDWARE;

        assertThat(refreshed(host, NOW)).isEmpty();
    }

    @Test
    void tellsEveryFailingCheckEvenThoseThatDoNotBlock() {
        Host host = host(HostState.DISCOVERING);
        host.ntp = Optional.empty();
        host.domains = Optional.empty();

        assertThat(refreshed(host, NOW))
                .contains(new Move(
                        HostState.INSUFFICIENT,
                        "Host cannot be installed due to following failing validation(s): Host couldn't synchronize"
                                + " with any NTP server"));
    }

    @Test
    void isNotHeldUpByNtpAlone() {
        Host host = host(HostState.DISCOVERING);
        host.ntp = Optional.empty();

        assertThat(refreshed(host, NOW)).map(Move::state).contains(HostState.KNOWN);
    }

    @Test
    void waitsForTheUserWithoutAMachineNetwork() {
        Host host = host(HostState.DISCOVERING);
        host.cluster().orElseThrow().machineNetworks = java.util.List.of();

        assertThat(refreshed(host, NOW)).map(Move::state).contains(HostState.PENDING_FOR_INPUT);
    }

    @Test
    void isDisconnectedAfterThreeMinutesWithoutAPoll() {
        Host host = host(HostState.KNOWN);
        host.stateInfo = HostMachine.READY;

        assertThat(refreshed(host, NOW.plus(Duration.ofMinutes(3)))).isEmpty();
        assertThat(refreshed(host, NOW.plus(Duration.ofSeconds(181))))
                .map(Move::state)
                .contains(HostState.DISCONNECTED);
    }

    @Test
    void failsWhenSilentInAnInstallationBeforeItsRebootButNotAfterwards() {
        Host host = host(HostState.INSTALLING_IN_PROGRESS);
        Instant later = NOW.plus(Duration.ofMinutes(6));
        reached(host, HostStage.WRITING_IMAGE_TO_DISK);
        assertThat(refreshed(host, later)).map(Move::state).contains(HostState.ERROR);

        reached(host, HostStage.REBOOTING);
        assertThat(refreshed(host, later)).isEmpty();
    }

    @Test
    void failsWhenAStageLastsLongerThanItMay() {
        Host host = host(HostState.INSTALLING_IN_PROGRESS);
        reached(host, HostStage.REBOOTING);

        assertThat(refreshed(host, NOW.plus(Duration.ofMinutes(41))))
                .map(Move::state)
                .contains(HostState.ERROR);
    }

    @Test
    void isPreparedOnceDiskAndImagesAreGood() {
        Host host = host(HostState.KNOWN);
        host.cluster().orElseThrow().state = ClusterState.PREPARING_FOR_INSTALLATION;
        assertThat(refreshed(host, NOW)).map(Move::state).contains(HostState.PREPARING_FOR_INSTALLATION);

        host.state = HostState.PREPARING_FOR_INSTALLATION;
        assertThat(refreshed(host, NOW)).isEmpty();

        host.diskSpeeds.put("/dev/vda", 1L);
        host.images.put(SETTINGS.images().installer(), image("success"));
        assertThat(refreshed(host, NOW)).map(Move::state).contains(HostState.PREPARING_SUCCESSFUL);
    }

    @Test
    void isNotPreparedWithASlowDiskOrAMissingImage() {
        Host slow = host(HostState.PREPARING_FOR_INSTALLATION);
        slow.cluster().orElseThrow().state = ClusterState.PREPARING_FOR_INSTALLATION;
        slow.diskSpeeds.put("/dev/vda", 11L);
        assertThat(refreshed(slow, NOW)).map(Move::state).contains(HostState.PREPARING_FAILED);

        Host unpulled = host(HostState.PREPARING_FOR_INSTALLATION);
        unpulled.cluster().orElseThrow().state = ClusterState.PREPARING_FOR_INSTALLATION;
        unpulled.images.put(SETTINGS.images().installer(), image("failure"));
        assertThat(refreshed(unpulled, NOW)).map(Move::state).contains(HostState.PREPARING_FAILED);
    }

    @Test
    void failsToPrepareAfterEightMinutes() {
        Host host = host(HostState.PREPARING_FOR_INSTALLATION);
        host.cluster().orElseThrow().state = ClusterState.PREPARING_FOR_INSTALLATION;
        host.stateSince = NOW.minus(Duration.ofMinutes(9));

        assertThat(refreshed(host, NOW)).map(Move::state).contains(HostState.PREPARING_FAILED);
    }

    @Test
    void isInstallingOnceTheClusterIs() {
        Host host = host(HostState.PREPARING_SUCCESSFUL);
        host.cluster().orElseThrow().state = ClusterState.INSTALLING;

        assertThat(refreshed(host, NOW)).contains(new Move(HostState.INSTALLING, "Installation is in progress"));
    }

    private Optional<Move> refreshed(Host host, Instant now) {
        Cluster cluster = host.cluster().orElseThrow();
        host.checks = checks.of(host, Optional.of(ClusterView.of(cluster)), machine.connected(host, now), now);
        return machine.refresh(host, now);
    }

    private static Host host(HostState state) {
        return TestingRows.hosts(TestingRows.cluster(3, 0), state).getFirst();
    }

    private static void reached(Host host, HostStage stage) {
        host.progress = Optional.ofNullable(stage).map(reached -> new Host.Progress(reached, "", NOW, NOW, 50));
    }

    private static ObjectNode image(String result) {
        return Json.LENIENT.createObjectNode().put("result", result);
    }
}
