package io.assistedswarm.rehearsal.service.machine;

import static io.assistedswarm.rehearsal.service.TestingRows.NOW;
import static io.assistedswarm.rehearsal.service.TestingRows.SETTINGS;
import static org.assertj.core.api.Assertions.assertThat;

import io.assistedswarm.rehearsal.service.TestingRows;
import io.assistedswarm.rehearsal.service.machine.ClusterMachine.Move;
import io.assistedswarm.rehearsal.service.model.Check;
import io.assistedswarm.rehearsal.service.model.Cluster;
import io.assistedswarm.rehearsal.service.model.ClusterState;
import io.assistedswarm.rehearsal.service.model.Host;
import io.assistedswarm.rehearsal.service.model.HostStage;
import io.assistedswarm.rehearsal.service.model.HostState;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClusterMachineTest {
    private final ClusterMachine machine = new ClusterMachine(SETTINGS);

    @Test
    void isReadyWhenEveryHostIsKnownAndEveryCheckPasses() {
        Cluster cluster = cluster(3, 2, HostState.KNOWN);

        assertThat(refreshed(cluster)).contains(ClusterState.READY);
    }

    @Test
    void isNotReadyWithOneHostThatIsNot() {
        Cluster cluster = cluster(3, 0, HostState.KNOWN);
        cluster.hostList().getFirst().state = HostState.DISCOVERING;

        assertThat(refreshed(cluster)).isEmpty();
    }

    @Test
    void isNotReadyWithAMasterTooFew() {
        Cluster cluster = cluster(3, 0, HostState.KNOWN);
        cluster.hosts.remove(cluster.hostList().getLast().id);

        assertThat(refreshed(cluster)).isEmpty();
    }

    @Test
    void waitsForTheUserWithoutAMachineNetwork() {
        Cluster cluster = cluster(3, 0, HostState.KNOWN);
        cluster.machineNetworks = List.of();

        assertThat(refreshed(cluster)).contains(ClusterState.PENDING_FOR_INPUT);
    }

    @ParameterizedTest
    @CsvSource({
        "unverified,PENDING",
        "failed,FAILURE",
        "succeeded,SUCCESS",
    })
    void needsItsVipsVerified(String verification, Check.Status status) {
        Cluster cluster = cluster(3, 0, HostState.KNOWN);
        cluster.vipVerification.put("10.123.255.253", verification);

        assertThat(ClusterChecks.of(cluster).check("api-vips-valid"))
                .map(Check::status)
                .contains(status);
    }

    @ParameterizedTest
    @CsvSource({"10.124.0.1", "10.123.0.0", "10.123.255.255", "10.123.255.254", "10.123.0.1"})
    void refusesAVipOutsideTheNetworkReservedOrTaken(String vip) {
        Cluster cluster = cluster(3, 0, HostState.KNOWN);
        cluster.apiVips = List.of(vip);
        cluster.vipVerification.put(vip, "succeeded");

        assertThat(ClusterChecks.of(cluster).check("api-vips-valid"))
                .map(Check::failed)
                .contains(true);
    }

    @Test
    void installsWhenAllHostsArePrepared() {
        Cluster cluster = cluster(3, 1, HostState.PREPARING_SUCCESSFUL);
        cluster.state = ClusterState.PREPARING_FOR_INSTALLATION;
        cluster.imagesGenerated = true;
        assertThat(refreshed(cluster)).contains(ClusterState.INSTALLING);

        cluster.hostList().getFirst().state = HostState.PREPARING_FOR_INSTALLATION;
        assertThat(refreshed(cluster)).isEmpty();
    }

    @Test
    void goesBackToReadyWhenAHostCannotBePreparedOrTimeIsUp() {
        Cluster cluster = cluster(3, 0, HostState.PREPARING_SUCCESSFUL);
        cluster.state = ClusterState.PREPARING_FOR_INSTALLATION;
        cluster.hostList().getFirst().state = HostState.PREPARING_FAILED;
        assertThat(refreshed(cluster)).contains(ClusterState.READY);

        cluster.hostList().getFirst().state = HostState.PREPARING_FOR_INSTALLATION;
        cluster.stateSince = NOW.minus(Duration.ofMinutes(11));
        assertThat(refreshed(cluster)).contains(ClusterState.READY);
    }

    @ParameterizedTest
    @CsvSource({"0,0,true", "1,0,true", "2,0,false", "2,1,false", "2,2,true", "3,2,true"})
    void finalizesWithoutASingleWorkerButWaitsForTwoOfMore(int workers, int installedWorkers, boolean finalizes) {
        Cluster cluster = cluster(3, workers, HostState.INSTALLED);
        cluster.state = ClusterState.INSTALLING;
        cluster.installStartedAt = Optional.of(NOW);
        cluster.hostList().stream()
                .skip(3 + installedWorkers)
                .forEach(host -> host.state = HostState.INSTALLING_IN_PROGRESS);

        assertThat(refreshed(cluster).isPresent()).isEqualTo(finalizes);
    }

    /** It registered again while the cluster was prepared, and the cluster went on. */
    @Test
    void failsWhenAMasterIsNotBeingInstalled() {
        Cluster cluster = cluster(3, 0, HostState.INSTALLING_IN_PROGRESS);
        cluster.state = ClusterState.INSTALLING;
        cluster.hostList().getFirst().state = HostState.KNOWN;

        assertThat(refreshed(cluster)).contains(ClusterState.ERROR);
    }

    @Test
    void failsWhenAMasterDoes() {
        Cluster cluster = cluster(3, 0, HostState.INSTALLING_IN_PROGRESS);
        cluster.state = ClusterState.INSTALLING;
        cluster.hostList().getFirst().state = HostState.ERROR;

        assertThat(refreshed(cluster)).contains(ClusterState.ERROR);
    }

    @Test
    void isInstalledOnlyWithOperatorsKubeconfigAndTheControllersWord() {
        Cluster cluster = cluster(1, 0, HostState.INSTALLED);
        cluster.state = ClusterState.FINALIZING;
        assertThat(refreshed(cluster)).isEmpty();

        operators(cluster, "console", "cvo");
        assertThat(refreshed(cluster)).isEmpty();

        cluster.kubeconfigMerged = true;
        assertThat(refreshed(cluster)).isEmpty();

        cluster.completion = Optional.of(new Cluster.Completion(true, ""));
        assertThat(refreshed(cluster)).contains(ClusterState.INSTALLED);
    }

    @Test
    void failsWhenTheControllerSaysSo() {
        Cluster cluster = cluster(1, 0, HostState.INSTALLED);
        cluster.state = ClusterState.FINALIZING;
        cluster.completion = Optional.of(new Cluster.Completion(false, "no console"));

        assertThat(machine.refresh(cluster, NOW)).contains(new Move(ClusterState.ERROR, "no console"));
    }

    /** Percentages that the recorded service showed. */
    @ParameterizedTest
    @CsvSource({"WAITING_FOR_BOOTKUBE,35", "WRITING_IMAGE_TO_DISK,45", "REBOOTING,62", "DONE,80"})
    void countsASingleNodesProgressAsRecorded(HostStage stage, int percent) {
        Cluster cluster = cluster(1, 0, HostState.INSTALLING_IN_PROGRESS);
        cluster.state = ClusterState.INSTALLING;
        Host host = cluster.hostList().getFirst();
        host.bootstrap = true;
        int own = Stages.percentage(Stages.of(host), stage);
        host.progress = Optional.of(new Host.Progress(stage, "", NOW, NOW, own));

        // A node's 37.5 percent is recorded as 35 of the whole: 10 + 70 * 37 / 100.
        assertThat(ClusterMachine.percentage(cluster)).isEqualTo(percent);
    }

    @Test
    void standsAtNinetyFiveUntilTheEnd() {
        Cluster cluster = cluster(1, 0, HostState.INSTALLED);
        cluster.state = ClusterState.FINALIZING;
        Host host = cluster.hostList().getFirst();
        host.progress = Optional.of(new Host.Progress(HostStage.DONE, "", NOW, NOW, 100));
        assertThat(ClusterMachine.percentage(cluster)).isEqualTo(80);

        operators(cluster, "console", "cvo");
        assertThat(ClusterMachine.percentage(cluster)).isEqualTo(95);

        cluster.state = ClusterState.ADDING_HOSTS;
        assertThat(ClusterMachine.percentage(cluster)).isEqualTo(100);
    }

    private Optional<ClusterState> refreshed(Cluster cluster) {
        cluster.checks = ClusterChecks.of(cluster);
        return machine.refresh(cluster, NOW).map(Move::state);
    }

    private static Cluster cluster(int controlPlanes, int workers, HostState hosts) {
        Cluster cluster = TestingRows.cluster(controlPlanes, workers);
        TestingRows.hosts(cluster, hosts);
        return cluster;
    }

    private static void operators(Cluster cluster, String... names) {
        for (String name : names) {
            cluster.operators.put(name, new Cluster.Operator(name, "available", "", Optional.of(NOW)));
        }
    }
}
