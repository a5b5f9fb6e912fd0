package io.assistedswarm.coordinator;

import static io.assistedswarm.coordinator.Samples.clusters;
import static io.assistedswarm.coordinator.Samples.plan;
import static io.assistedswarm.coordinator.Samples.replacing;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.assistedswarm.coordinator.api.Views.ClusterView;
import io.assistedswarm.coordinator.api.Views.HostView;
import io.assistedswarm.coordinator.api.Views.SwarmState;
import io.assistedswarm.coordinator.api.Views.SwarmView;
import io.assistedswarm.coordinator.api.Views.Verdict;
import io.assistedswarm.coordinator.api.Views.WorkerView;
import io.assistedswarm.coordinator.plan.Pace;
import io.assistedswarm.coordinator.report.Report;
import io.assistedswarm.coordinator.swarm.SwarmsCommand;
import io.assistedswarm.protocol.ClusterId;
import io.assistedswarm.protocol.Fencing;
import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.SwarmId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Down;
import org.apache.pekko.pattern.StatusReply;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real coordinator and several worker nodes, all in this JVM, over loopback. */
@Tag("heavy")
class SeveralNodesIT {
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    @TempDir
    private Path data;

    private RunningCoordinator coordinator;

    @BeforeEach
    void start() {
        coordinator = new RunningCoordinator(
                data, new Fencing(Duration.ofSeconds(3), Duration.ofMillis(200), Duration.ofMinutes(1), 25));
    }

    @AfterEach
    void stop() {
        coordinator.close();
    }

    @Test
    void runsEveryClusterWhereItWasPlacedAndUsesPlacesAgain() {
        try (TestingWorker a = new TestingWorker("a", 6, coordinator.address());
                TestingWorker b = new TestingWorker("b", 6, coordinator.address())) {
            awaitWorkers(2);
            SwarmView submitted = coordinator.submit(plan(Pace.UNLIMITED, clusters(8, 3, 0), clusters(1, 3, 6)));
            SwarmView done = awaitState(submitted.id(), SwarmState.DONE);
            assertThat(done.verdict()).isEqualTo(Verdict.PASSED);
            assertThat(done.hosts()).isEqualTo(Map.of("installed", 33));
            Map<String, TestingWorker> workers = Map.of("a", a, "b", b);
            List<HostView> hosts =
                    coordinator.ask(replyTo -> new SwarmsCommand.GetHosts(Optional.empty(), Optional.empty(), replyTo));
            assertThat(hosts)
                    .hasSize(33)
                    .allSatisfy(host -> assertThat(workers.get(host.worker()).hostsHere)
                            .as("%s runs where it was placed", host.name())
                            .contains(HostId.parse(host.name()).orElseThrow()));
            assertThat(a.hostsHere.size() + b.hostsHere.size()).isEqualTo(33);
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(coordinator.workers()).allMatch(worker -> worker.used() == 0));
            Report report =
                    coordinator.ask(replyTo -> new SwarmsCommand.GetReport(new SwarmId(submitted.id()), replyTo));
            assertThat(report.clusters()).isEqualTo(Map.of("installed", 9));
            assertThat(report.verdict()).as("as it was shown").isEqualTo(Verdict.PASSED);
            assertThat(coordinator
                            .ask((ActorRef<StatusReply<SwarmView>> replyTo) ->
                                    new SwarmsCommand.Delete(new SwarmId(submitted.id()), false, replyTo))
                            .state())
                    .isEqualTo(SwarmState.DELETING);
            awaitState(submitted.id(), SwarmState.DELETED);
        }
    }

    @Test
    void waitsVisiblyForWorkersAndGivesANewOneWorkWithinTenSeconds() {
        SwarmView submitted = coordinator.submit(plan(Pace.UNLIMITED, clusters(2, 2, 0)));
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(view(submitted.id()).waiting())
                        .isEqualTo("waits for workers: " + submitted.id() + "-0 needs 2 places, 0 workers"));
        try (TestingWorker first = new TestingWorker("first", 2, coordinator.address())) {
            first.installs = false;
            await().atMost(PATIENCE).until(() -> !first.clustersHere.isEmpty());
            assertThat(view(submitted.id()).clusters()).isEqualTo(Map.of("pending", 1, "placed", 1));
            try (TestingWorker second = new TestingWorker("second", 2, coordinator.address())) {
                awaitWorkers(2);
                await().atMost(Duration.ofSeconds(10))
                        .until(() -> second.clustersHere.contains(cluster(submitted.id(), 1)));
                first.install(cluster(submitted.id(), 0));
                assertThat(awaitState(submitted.id(), SwarmState.DONE).verdict())
                        .isEqualTo(Verdict.PASSED);
            }
        }
    }

    @Test
    void bringsTheClustersOfALostWorkerToOthersAsSoonAsTheyHaveRoom() {
        try (TestingWorker stays = new TestingWorker("stays", 2, coordinator.address());
                TestingWorker goes = new TestingWorker("goes", 4, coordinator.address())) {
            awaitWorkers(2);
            stays.installs = false;
            goes.installs = false;
            SwarmView submitted = coordinator.submit(plan(Pace.UNLIMITED, clusters(1, 3, 0), clusters(1, 2, 0)));
            await().atMost(PATIENCE).until(() -> goes.hostsHere.size() == 3 && stays.hostsHere.size() == 2);
            Cluster.get(coordinator.system()).manager().tell(new Down(goes.address()));
            await().atMost(PATIENCE)
                    .untilAsserted(
                            () -> assertThat(view(submitted.id()).waiting())
                                    .isEqualTo(
                                            "3 hosts of lost workers want other places: waits for more workers: "
                                                    + cluster(submitted.id(), 0)
                                                    + " needs 3 places, 1 workers have 2 that are not held by InfraEnvs without a cluster"));
            assertThat(coordinator.workers()).extracting(WorkerView::name).containsExactly("stays");
            try (TestingWorker comes = new TestingWorker("comes", 4, coordinator.address())) {
                // A cluster that is installed before its hosts are started has no need of them.
                comes.installs = false;
                await().atMost(PATIENCE).until(() -> comes.hostsHere.size() == 3);
                comes.install(cluster(submitted.id(), 0), 2);
                stays.install(cluster(submitted.id(), 1));
                SwarmView done = awaitState(submitted.id(), SwarmState.DONE);
                assertThat(done.verdict()).isEqualTo(Verdict.PASSED);
                assertThat(clustersOf(submitted.id()))
                        .extracting(ClusterView::generation)
                        .containsExactly(2, 1);
            }
        }
    }

    @Test
    void replacesAClusterThatCannotGoOnElsewhereByAFreshOne() {
        try (TestingWorker stays = new TestingWorker("stays", 4, coordinator.address());
                TestingWorker goes = new TestingWorker("goes", 2, coordinator.address())) {
            awaitWorkers(2);
            goes.installs = false;
            stays.installs = false;
            stays.saves = false;
            SwarmView submitted = coordinator.submit(replacing(plan(Pace.UNLIMITED, clusters(3, 2, 0))));
            await().atMost(PATIENCE).until(() -> goes.hostsHere.size() == 2 && stays.hostsHere.size() == 4);
            ClusterId lost = goes.clustersHere.iterator().next();
            ClusterId fresh = cluster(submitted.id(), 3);
            Cluster.get(coordinator.system()).manager().tell(new Down(goes.address()));
            stays.clustersHere.forEach(stays::install);
            await().atMost(PATIENCE).until(() -> stays.clustersHere.contains(fresh));
            stays.install(fresh);
            SwarmView done = awaitState(submitted.id(), SwarmState.DONE);
            assertThat(done.verdict()).isEqualTo(Verdict.PASSED);
            assertThat(done.clusters()).isEqualTo(Map.of("installed", 3, "lost", 1));
            assertThat(done.replaced()).isEqualTo(1);
            assertThat(clustersOf(submitted.id()).getLast().replaces()).contains(lost.name());
        }
    }

    @Test
    void refusesAPlanThatCanNeverFitAndSaysWhy() {
        try (TestingWorker only = new TestingWorker("only", 4, coordinator.address())) {
            awaitWorkers(1);
            StatusReply<SwarmView> refusal =
                    coordinator.submission(Optional.empty(), plan(Pace.UNLIMITED, clusters(1, 3, 3)));
            assertThat(refusal.getError())
                    .hasMessageContaining("needs 6 places at least")
                    .hasMessageContaining("the 1 workers can offer 4");
            assertThat(only.hostsHere).isEmpty();
        }
    }

    private void awaitWorkers(int count) {
        await().atMost(PATIENCE).until(() -> coordinator.workers().size() == count);
    }

    private SwarmView awaitState(String id, SwarmState state) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(view(id).state()).isEqualTo(state));
        return view(id);
    }

    private SwarmView view(String id) {
        return coordinator.view(new SwarmId(id));
    }

    private List<ClusterView> clustersOf(String id) {
        return coordinator.ask(replyTo -> new SwarmsCommand.GetClusters(Optional.of(new SwarmId(id)), replyTo));
    }

    private static ClusterId cluster(String swarm, int index) {
        return new ClusterId(new SwarmId(swarm), index);
    }
}
