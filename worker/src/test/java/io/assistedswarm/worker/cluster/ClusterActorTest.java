package io.assistedswarm.worker.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.assistedswarm.protocol.Assignment;
import io.assistedswarm.protocol.ClusterCommand;
import io.assistedswarm.protocol.ClusterPhase;
import io.assistedswarm.protocol.ClusterSpec;
import io.assistedswarm.protocol.ClusterTraits;
import io.assistedswarm.protocol.ClusterTraits.Hold;
import io.assistedswarm.protocol.Description;
import io.assistedswarm.protocol.Download;
import io.assistedswarm.protocol.Failure;
import io.assistedswarm.protocol.Failure.Side;
import io.assistedswarm.protocol.HostCommand;
import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.HostPhase;
import io.assistedswarm.protocol.Observations.AgentClusterInstallState;
import io.assistedswarm.protocol.Placement;
import io.assistedswarm.protocol.Transition;
import io.assistedswarm.protocol.WorkerName;
import io.assistedswarm.worker.Samples;
import io.assistedswarm.worker.TestingEquipment;
import io.assistedswarm.worker.TestingEquipment.Told;
import io.assistedswarm.worker.TestingProcesses.TestingProcess;
import io.assistedswarm.worker.hub.HubRefusal;
import io.assistedswarm.worker.hub.HubTrouble;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClusterActorTest {
    private static final ActorTestKit TEST_KIT = ActorTestKit.create(ManualTime.config());
    private static final ManualTime TIME = ManualTime.get(TEST_KIT.system());
    private static final String UUID = "3f0e8a52-7c11-4a52-9f0b-1b2c3d4e5f60";
    private static final ClusterSpec SPEC = Samples.cluster(3, 1);
    /** Two hosts here, one in each of two other berths. */
    private static final Assignment FIRST = assignment(1);

    @TempDir
    private Path folder;

    private final TestProbe<StatusReply<Done>> replies = TEST_KIT.createTestProbe();
    private TestingEquipment equipment;
    private ActorRef<ClusterCommand> actor;

    @AfterAll
    static void stopSystem() {
        TEST_KIT.shutdownTestKit();
    }

    @BeforeEach
    void spawn() {
        equipment = new TestingEquipment(TEST_KIT, folder);
        equipment.open(Samples.swarm());
        actor = TEST_KIT.spawn(ClusterActor.create(Samples.CLUSTER, equipment.equipment()));
    }

    @AfterEach
    void stop() {
        TEST_KIT.stop(actor);
    }

    @Test
    void goesTheStraightPathToInstalled() {
        start(FIRST);
        reaches(ClusterPhase.APPLIED);
        assertThat(equipment.hub.calls()).containsExactly("cluster " + Samples.CLUSTER);
        seeIso();
        reaches(ClusterPhase.IMAGE_READY);
        see(Samples.install("ready", ""));
        reaches(ClusterPhase.PREPARING);
        assertThat(equipment.processes.started()).isEmpty();
        see(Samples.install("installing", UUID));
        reaches(ClusterPhase.INSTALLING);
        assertThat(controller(0).spec.command()).containsExactly("controller", UUID);
        see(Samples.install("finalizing", UUID));
        reaches(ClusterPhase.FINALIZING);
        see(Samples.completed(UUID));
        reaches(ClusterPhase.COMPLETED);
        controller(0).exit(0);
        reaches(ClusterPhase.INSTALLED);
        assertThat(describe().awaiting()).isEmpty();
        assertThat(describe().deadline()).isEmpty();
        assertThat(equipment.processes.started()).hasSize(1);
    }

    @Test
    void fetchesWhatItsUserWantsOnceItIsInstalled() {
        install(List.of(Download.LOGS, Download.KUBECONFIG));
        controller(0).exit(0);
        reaches(ClusterPhase.INSTALLED);
        assertThat(equipment.transition())
                .isEqualTo(fetched(Download.KUBECONFIG, 1234, Duration.ofMillis(56), Optional.empty()));
        assertThat(equipment.transition())
                .isEqualTo(fetched(Download.LOGS, 1234, Duration.ofMillis(56), Optional.empty()));
        assertThat(equipment.hub.calls())
                .endsWith("fetch kubeconfig " + Samples.CLUSTER, "fetch logs " + Samples.CLUSTER);
        assertThat(describe().awaiting()).isEmpty();
        assertThat(describe().deadline()).isEmpty();
        assertThat(describe().history())
                .last()
                .satisfies(last -> assertThat(last.text()).isEqualTo("downloaded logs: 1234 bytes in 0.056 s"));
    }

    @Test
    void staysInstalledWhenADownloadIsRefusedAndGoesOnWithTheNext() {
        install(List.of(Download.KUBECONFIG, Download.LOGS));
        equipment.hub.fail(new HubRefusal(Side.PLAN, "Forbidden", "not for you"));
        controller(0).exit(0);
        reaches(ClusterPhase.INSTALLED);
        assertThat(equipment.transition())
                .isEqualTo(fetched(
                        Download.KUBECONFIG,
                        0,
                        Duration.ZERO,
                        Optional.of(new Failure(Side.PLAN, "Forbidden", "not for you"))));
        assertThat(((Transition.OfDownload) equipment.transition()).what()).isEqualTo(Download.LOGS);
        assertThat(describe().phase()).isEqualTo("installed");
    }

    @Test
    void triesADownloadAgainUntilItsTimeIsOver() {
        install(List.of(Download.LOGS));
        HubTrouble notYet = new HubTrouble("was answered with 409", 409, Optional.empty(), null);
        for (int i = 0; i < 500; i++) {
            equipment.hub.fail(notYet);
        }
        controller(0).exit(0);
        reaches(ClusterPhase.INSTALLED);
        assertThat(describe().awaiting()).isEqualTo("its user's downloads: logs");
        assertThat(describe().deadline()).isPresent();
        for (int i = 0; i < 5; i++) {
            TIME.timePasses(Duration.ofMinutes(1));
            describe();
        }
        TIME.timePasses(Samples.swarm().deadlines().download());
        Transition.OfDownload given = (Transition.OfDownload) equipment.transition();
        assertThat(given.failure()).hasValueSatisfying(why -> {
            assertThat(why.reason()).isEqualTo("DownloadTimeout");
            assertThat(why.message()).contains("logs").contains("was answered with 409");
        });
        assertThat(equipment.hub.calls())
                .filteredOn(call -> call.startsWith("fetch"))
                .hasSizeGreaterThan(2);
        assertThat(describe().deadline()).isEmpty();
    }

    @Test
    void oneDownloadThatDoesNotComeKeepsNoOtherFromComing() {
        install(List.of(Download.KUBECONFIG, Download.LOGS));
        equipment.hub.fail(new HubTrouble("was answered with 503", 503, Optional.empty(), null));
        controller(0).exit(0);
        reaches(ClusterPhase.INSTALLED);
        assertThat(((Transition.OfDownload) equipment.transition()).what()).isEqualTo(Download.LOGS);
        assertThat(describe().awaiting()).isEqualTo("its user's downloads: kubeconfig");
        TIME.timePasses(Duration.ofMinutes(1));
        Transition.OfDownload later = (Transition.OfDownload) equipment.transition();
        assertThat(later.what()).isEqualTo(Download.KUBECONFIG);
        assertThat(later.failure()).isEmpty();
    }

    @Test
    void fetchesOnlyTheLogsOfAClusterThatHasFailed() {
        install(List.of(Download.KUBECONFIG, Download.LOGS));
        see(Samples.failed("error", "no", "no"));
        TIME.timePasses(Duration.ofSeconds(30));
        reaches(ClusterPhase.FAILED);
        assertThat(((Transition.OfDownload) equipment.transition()).what()).isEqualTo(Download.LOGS);
        assertThat(equipment.hub.calls())
                .filteredOn(call -> call.startsWith("fetch"))
                .hasSize(1);
    }

    /** As far as its controller, which runs. */
    private void install(List<Download> downloads) {
        ClusterSpec spec = Samples.special(ClusterTraits.PLAIN.withDownloads(downloads));
        start(Samples.assignment(spec, 1));
        seeIso();
        see(Samples.install("installing", UUID));
        reaches(ClusterPhase.APPLIED);
        reaches(ClusterPhase.IMAGE_READY);
        reaches(ClusterPhase.PREPARING);
        reaches(ClusterPhase.INSTALLING);
        see(Samples.completed(UUID));
        reaches(ClusterPhase.FINALIZING);
        reaches(ClusterPhase.COMPLETED);
        assertThat(controller(0)).isNotNull();
    }

    private static Transition.OfDownload fetched(Download what, long bytes, Duration took, Optional<Failure> failure) {
        return new Transition.OfDownload(Samples.CLUSTER, what, TestingEquipment.NOW, 1, bytes, took, failure);
    }

    @Test
    void anInfraEnvAloneGoesThePathToDiscovered() {
        ClusterSpec alone = Samples.infraEnvOnly(2);
        start(Samples.assignment(alone, 1));
        reaches(ClusterPhase.APPLIED);
        seeIso();
        reaches(ClusterPhase.IMAGE_READY);
        alone.hosts()
                .forEach(host ->
                        actor.tell(new ClusterCommand.HostReached(host, HostPhase.DISCOVERED, Optional.empty())));
        reaches(ClusterPhase.DISCOVERED);
        assertThat(equipment.processes.started()).isEmpty();
    }

    @Test
    void keepsWhatItSawBeforeItWasStarted() {
        seeIso();
        see(Samples.install("ready", ""));
        start(FIRST);
        reaches(ClusterPhase.APPLIED);
        reaches(ClusterPhase.IMAGE_READY);
        reaches(ClusterPhase.PREPARING);
    }

    @Test
    void goesAwayWhenNobodyStartsIt() {
        TIME.timePasses(TestingEquipment.UNSTARTED);
        replies.expectTerminated(actor);
    }

    @Test
    void confirmsASecondStartAndGoesOn() {
        start(FIRST);
        reaches(ClusterPhase.APPLIED);
        start(FIRST);
        describe();
        assertThat(equipment.hub.calls()).hasSize(1);
    }

    @Test
    void refusesAnEarlierGeneration() {
        start(assignment(2));
        actor.tell(new ClusterCommand.Start(FIRST, replies.ref()));
        assertThat(replies.receiveMessage().getError().getMessage()).contains("already runs as generation 2, not as 1");
    }

    @Test
    void beginsAgainAsAHigherGenerationOnceTheOldControllerIsGone() {
        install();
        start(assignment(2));
        eventually(controller(0)::isStopped);
        equipment.expectNoTransition();
        controller(0).gone.complete(Done.getInstance());
        assertThat(equipment.transition().generation()).isEqualTo(2);
        assertThat(equipment.hub.calls()).hasSize(2);
        assertThat(controller(1).spec.environment()).containsEntry("SWARM_GENERATION", "2");
    }

    @Test
    void startsABrokenControllerAgainAfterThreeSecondsThenSix() {
        install();
        for (int crash = 0; crash < 2; crash++) {
            controller(crash).exit(1);
            int crashes = crash + 1;
            eventually(() -> describe()
                    .lastError()
                    .filter(error -> error.attempts() == crashes)
                    .isPresent());
            TIME.timePasses(Duration.ofSeconds(3L << crash).minusMillis(1));
            describe();
            assertThat(equipment.processes.started()).hasSize(crash + 1);
            TIME.timePasses(Duration.ofMillis(1));
            controller(crash + 1);
        }
        eventually(() ->
                describe().process().filter(process -> process.restarts() == 2).isPresent());
    }

    @Test
    void isNotInstalledByAControllerThatBreaksOff() {
        install();
        see(Samples.completed(UUID));
        reaches(ClusterPhase.FINALIZING);
        reaches(ClusterPhase.COMPLETED);
        controller(0).exit(1);
        equipment.expectNoTransition();
    }

    @Test
    void triesAgainWhatTheHubDidNotDoAndShowsIt() {
        equipment.hub.fail(new HubTrouble("apply was answered with 500", 500, Optional.empty(), null));
        equipment.hub.fail(new HubTrouble("too many requests", 429, Optional.of(Duration.ofSeconds(9)), null));
        start(FIRST);
        eventually(() -> describe().lastError().isPresent());
        assertThat(describe().lastError().orElseThrow().message()).isEqualTo("apply was answered with 500");
        TIME.timePasses(TestingEquipment.RETRY);
        eventually(() -> describe().lastError().orElseThrow().attempts() == 2);
        TIME.timePasses(Duration.ofSeconds(8));
        describe();
        assertThat(equipment.hub.calls()).hasSize(2);
        // And up to as long again as it would have waited by itself.
        TIME.timePasses(Duration.ofSeconds(1).plus(TestingEquipment.RETRY.multipliedBy(2)));
        reaches(ClusterPhase.APPLIED);
    }

    @Test
    void failsAtOnceWhenTheHubRefuses() {
        equipment.hub.fail(new HubRefusal(Side.PLAN, "ManifestRefused", "apply was answered with 422"));
        start(FIRST);
        assertThat(reaches(ClusterPhase.FAILED).failure())
                .contains(new Failure(Side.PLAN, "ManifestRefused", "apply was answered with 422"));
        TIME.timePasses(Duration.ofMinutes(1));
        describe();
        assertThat(equipment.hub.calls()).hasSize(1);
    }

    @Test
    void failsWithAHostThatFailed() {
        start(FIRST);
        reaches(ClusterPhase.APPLIED);
        Failure crash = new Failure(Side.GENERATOR, "AgentCrashed", "ended 3 times");
        actor.tell(new ClusterCommand.HostReached(SPEC.host(2), HostPhase.FAILED, Optional.of(crash)));
        assertThat(reaches(ClusterPhase.FAILED).failure())
                .contains(new Failure(Side.GENERATOR, "AgentCrashed", "host quickstart-7f3a-0-2: ended 3 times"));
    }

    @Test
    void failsWhenItsDeadlinePasses() {
        start(FIRST);
        reaches(ClusterPhase.APPLIED);
        TIME.timePasses(Samples.swarm().deadlines().image());
        assertThat(reaches(ClusterPhase.FAILED).failure().orElseThrow().reason())
                .isEqualTo("ImageTimeout");
    }

    @Test
    void tellsTheOtherBerthsOfARebootAndMakesTheMarkerHere() {
        start(FIRST);
        reaches(ClusterPhase.APPLIED);
        actor.tell(new ClusterCommand.HostReached(SPEC.host(2), HostPhase.INSTALLING, Optional.empty()));
        equipment.told.expectNoMessage(Duration.ofMillis(50));
        actor.tell(new ClusterCommand.HostReached(SPEC.host(2), HostPhase.REBOOTING, Optional.empty()));
        HostCommand rebooted = new HostCommand.SiblingRebooted(SPEC.host(2));
        // Not the berth that it is in: its own installer has made the marker there.
        assertThat(equipment.told.receiveSeveralMessages(2))
                .containsExactlyInAnyOrder(
                        new Told("w1-1/quickstart-7f3a-0-0", rebooted), new Told("w3-1/quickstart-7f3a-0-3", rebooted));
        equipment.told.expectNoMessage(Duration.ofMillis(50));
        assertThat(equipment.workspace.hasMarker(SPEC.host(2))).isTrue();
    }

    @Test
    void tellsThoseThatArePlacedAgainOfWhatRebootedBefore() {
        start(FIRST);
        reaches(ClusterPhase.APPLIED);
        actor.tell(new ClusterCommand.HostReached(SPEC.host(0), HostPhase.REBOOTING, Optional.empty()));
        equipment.told.receiveSeveralMessages(2);
        start(FIRST.moving(List.of(Samples.berth("w4-1", 3, 1, 1))));
        assertThat(equipment.told.receiveSeveralMessages(2))
                .extracting(Told::entityId)
                .containsExactly("w2-1/quickstart-7f3a-0-2", "w4-1/quickstart-7f3a-0-3");
        assertThat(describe().generation()).isEqualTo(1);
    }

    @Test
    void blamesTheLossOfAWorkerForWhatTheServiceThenFails() {
        start(FIRST);
        reaches(ClusterPhase.APPLIED);
        start(FIRST.moving(List.of(Samples.berth("w4-1", 3, 1, 1))));
        TIME.timePasses(Samples.swarm().deadlines().image());
        Failure failure = reaches(ClusterPhase.LOST).failure().orElseThrow();
        assertThat(failure.isLoss()).isTrue();
        assertThat(failure.message()).contains("ImageTimeout");
    }

    @Test
    void blamesTheServiceOnceItsHostsHaveHadTheirTimeToSayWhy() {
        startInstalling();
        see(Samples.failed("error", "cluster has hosts in error", ""));
        TIME.timePasses(Duration.ofSeconds(29));
        assertThat(describe().awaiting()).startsWith("what its hosts say: the service says: ");
        equipment.expectNoTransition();
        TIME.timePasses(Duration.ofSeconds(1));
        assertThat(reaches(ClusterPhase.FAILED).failure().orElseThrow().side()).isEqualTo(Side.SERVICE);
    }

    /** Its controller, for one: hosts that have rebooted have nothing to say. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void blamesThePlanWhenItsAgentsAreNotLetInAnyMore(boolean late) {
        equipment.hub.refuseAgents("401 {\"code\":401,\"message\":\"token is expired\"}");
        startInstalling();
        if (late) {
            TIME.timePasses(Samples.swarm().deadlines().installation());
        } else {
            see(Samples.failed("error", "cluster has hosts in error", ""));
            TIME.timePasses(Duration.ofSeconds(30));
        }
        Failure failure = reaches(ClusterPhase.FAILED).failure().orElseThrow();
        assertThat(failure.reason()).isEqualTo(Failure.UNAUTHORIZED);
        assertThat(failure.side()).isEqualTo(Side.PLAN);
        assertThat(failure.message()).contains("token is expired\"}; ").contains(late ? "in time" : "the service says");
        assertThat(equipment.hub.calls()).filteredOn("as agent"::equals).hasSize(1);
    }

    @Test
    void asksNothingAsAnAgentWhenAHostHasSaidWhyItFailed() {
        startInstalling();
        Failure shutOut = new Failure(Side.PLAN, Failure.UNAUTHORIZED, "it says 401");
        actor.tell(new ClusterCommand.HostReached(SPEC.host(2), HostPhase.FAILED, Optional.of(shutOut)));
        see(Samples.failed("error", "cluster has hosts in error", ""));
        assertThat(reaches(ClusterPhase.FAILED).failure().orElseThrow().message())
                .startsWith("host quickstart-7f3a-0-2: it says 401");
        assertThat(equipment.hub.calls()).doesNotContain("as agent");
    }

    @Test
    void isLostWhenAHostSaysThatItWas() {
        startInstalling();
        see(Samples.failed("error", "cluster has hosts in error", ""));
        Failure loss = new Failure(Side.GENERATOR, Failure.AGENT_LOST, "its agent ended by itself");
        actor.tell(new ClusterCommand.HostReached(SPEC.host(2), HostPhase.LOST, Optional.of(loss)));
        assertThat(reaches(ClusterPhase.LOST).failure().orElseThrow().reason()).isEqualTo(Failure.AGENT_LOST);
    }

    @Test
    void tellsThemAgainWhenItIsToldAgain() {
        start(FIRST);
        actor.tell(new ClusterCommand.HostReached(SPEC.host(0), HostPhase.REBOOTING, Optional.empty()));
        actor.tell(new ClusterCommand.HostReached(SPEC.host(0), HostPhase.JOINED, Optional.empty()));
        assertThat(equipment.told.receiveSeveralMessages(4))
                .extracting(Told::entityId)
                .containsExactly(
                        "w2-1/quickstart-7f3a-0-2",
                        "w3-1/quickstart-7f3a-0-3",
                        "w2-1/quickstart-7f3a-0-2",
                        "w3-1/quickstart-7f3a-0-3");
    }

    @Test
    void confirmsAStopOnlyWhenTheControllersGroupIsGone() {
        install();
        tellStop();
        eventually(controller(0)::isStopped);
        controller(0).exit(143);
        replies.expectNoMessage(Duration.ofMillis(100));
        controller(0).gone.complete(Done.getInstance());
        assertThat(replies.receiveMessage().isSuccess()).isTrue();
        reaches(ClusterPhase.STOPPED);
        replies.expectTerminated(actor);
    }

    @Test
    void waitsForWhatABrokenControllerLeftBehindWhenItIsStopped() {
        install();
        controller(0).exit(1);
        eventually(() -> describe().lastError().isPresent());
        tellStop();
        replies.expectNoMessage(Duration.ofMillis(100));
        controller(0).gone.complete(Done.getInstance());
        assertThat(replies.receiveMessage().isSuccess()).isTrue();
    }

    @Test
    void waitsForAStartThatIsUnderWayWhenItIsStopped() {
        equipment.processes.hold();
        startInstalling();
        TestingProcess starting = controller(0);
        tellStop();
        replies.expectNoMessage(Duration.ofMillis(100));
        starting.completeStart();
        eventually(starting::isStopped);
        starting.gone.complete(Done.getInstance());
        assertThat(replies.receiveMessage().isSuccess()).isTrue();
    }

    @Test
    void keepsItsEndWhenItIsStoppedAfterwards() {
        install();
        see(Samples.completed(UUID));
        reaches(ClusterPhase.FINALIZING);
        reaches(ClusterPhase.COMPLETED);
        controller(0).exit(0);
        reaches(ClusterPhase.INSTALLED);
        controller(0).gone.complete(Done.getInstance());
        tellStop();
        assertThat(replies.receiveMessage().isSuccess()).isTrue();
        equipment.expectNoTransition();
    }

    private void install() {
        startInstalling();
        controller(0);
        eventually(() -> describe().process().isPresent());
    }

    @Test
    void holdsTheInstallationUntilItIsToldToReleaseIt() {
        start(Samples.assignment(Samples.special(ClusterTraits.PLAIN.withHold(Hold.UNTIL_RELEASED)), 1));
        reaches(ClusterPhase.APPLIED);
        seeIso();
        reaches(ClusterPhase.IMAGE_READY);
        see(Samples.held("ready"));
        reaches(ClusterPhase.HELD);
        TIME.timePasses(Duration.ofDays(2));
        assertThat(describe().deadline()).isEmpty();
        actor.tell(new ClusterCommand.Release(Samples.CLUSTER));
        actor.tell(new ClusterCommand.Release(Samples.CLUSTER));
        reaches(ClusterPhase.PREPARING);
        assertThat(equipment.hub.calls()).containsExactly("cluster " + Samples.CLUSTER, "release " + Samples.CLUSTER);
        assertThat(describe().deadline()).isPresent();
    }

    @Test
    void tellsItsDayTwoHostsThatItIsInstalledAndAgainWheneverTheyShowUp() {
        ClusterSpec growing = Samples.special(ClusterTraits.PLAIN.withHosts(0, 1));
        HostId late = growing.host(3);
        Told installed = new Told("w1-1/quickstart-7f3a-0-3", new HostCommand.ClusterInstalled(Samples.CLUSTER));
        start(Samples.assignment(growing, 1));
        reaches(ClusterPhase.APPLIED);
        seeIso();
        reaches(ClusterPhase.IMAGE_READY);
        actor.tell(new ClusterCommand.HostReached(late, HostPhase.PLACED, Optional.empty()));
        see(Samples.completed(UUID));
        reaches(ClusterPhase.PREPARING);
        reaches(ClusterPhase.INSTALLING);
        reaches(ClusterPhase.FINALIZING);
        reaches(ClusterPhase.COMPLETED);
        equipment.told.expectNoMessage(Duration.ofMillis(50));
        controller(0).exit(0);
        reaches(ClusterPhase.ADDING_HOSTS);
        equipment.told.expectMessage(installed);
        actor.tell(new ClusterCommand.HostReached(late, HostPhase.PLACED, Optional.empty()));
        equipment.told.expectMessage(installed);
        actor.tell(new ClusterCommand.HostReached(late, HostPhase.ADDED, Optional.empty()));
        reaches(ClusterPhase.INSTALLED);
    }

    @ParameterizedTest
    @CsvSource({"w2, 7", "w1, 6"})
    void startsNothingInABerthOfAnotherWorkerOrOfAnEarlierStart(WorkerName worker, int incarnation) {
        Placement first = FIRST.placements().getFirst();
        Assignment elsewhere = new Assignment(
                SPEC,
                List.of(new Placement(first.berth(), worker, 0, SPEC.hosts().size(), 1, incarnation)),
                1);
        actor.tell(new ClusterCommand.Start(elsewhere, replies.ref()));
        assertThat(replies.receiveMessage().getError().getMessage())
                .contains("belongs to worker " + worker + ", and was sent to w1");
        equipment.expectNoTransition();
    }

    private void startInstalling() {
        start(FIRST);
        reaches(ClusterPhase.APPLIED);
        seeIso();
        reaches(ClusterPhase.IMAGE_READY);
        see(Samples.install("installing", UUID));
        reaches(ClusterPhase.PREPARING);
        reaches(ClusterPhase.INSTALLING);
    }

    private void start(Assignment assignment) {
        actor.tell(new ClusterCommand.Start(assignment, replies.ref()));
        assertThat(replies.receiveMessage().isSuccess()).isTrue();
    }

    private void tellStop() {
        actor.tell(new ClusterCommand.Stop("the swarm is stopped", true, replies.ref()));
    }

    private void seeIso() {
        actor.tell(new ClusterCommand.InfraEnvSeen(Samples.withIso()));
    }

    private void see(AgentClusterInstallState state) {
        actor.tell(new ClusterCommand.AgentClusterInstallSeen(state));
    }

    private Transition.OfCluster reaches(ClusterPhase phase) {
        Transition.OfCluster reached = (Transition.OfCluster) equipment.transition();
        assertThat(reached.phase()).isEqualTo(phase);
        return reached;
    }

    private TestingProcess controller(int index) {
        eventually(() -> equipment.processes.started().size() > index);
        return equipment.processes.started().get(index);
    }

    private Description describe() {
        TestProbe<StatusReply<Description>> probe = TEST_KIT.createTestProbe();
        actor.tell(new ClusterCommand.Describe(probe.ref()));
        return probe.receiveMessage().getValue();
    }

    private static Assignment assignment(int generation) {
        return new Assignment(
                SPEC,
                List.of(
                        Samples.berth("w1-1", 0, 2, generation),
                        Samples.berth("w2-1", 2, 1, generation),
                        Samples.berth("w3-1", 3, 1, generation)),
                generation);
    }

    private static void eventually(Callable<Boolean> condition) {
        await().pollInterval(Duration.ofMillis(5)).pollDelay(Duration.ZERO).until(condition);
    }
}
