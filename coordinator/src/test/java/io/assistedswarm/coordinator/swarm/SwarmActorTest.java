package io.assistedswarm.coordinator.swarm;

import static io.assistedswarm.coordinator.Samples.START;
import static io.assistedswarm.coordinator.Samples.SWARM;
import static io.assistedswarm.coordinator.Samples.after;
import static io.assistedswarm.coordinator.Samples.cluster;
import static io.assistedswarm.coordinator.Samples.clusters;
import static io.assistedswarm.coordinator.Samples.failed;
import static io.assistedswarm.coordinator.Samples.infraEnvs;
import static io.assistedswarm.coordinator.Samples.lost;
import static io.assistedswarm.coordinator.Samples.plan;
import static io.assistedswarm.coordinator.Samples.reached;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.assistedswarm.coordinator.api.Views.DeletionView;
import io.assistedswarm.coordinator.api.Views.HostView;
import io.assistedswarm.coordinator.api.Views.HubTroubleView;
import io.assistedswarm.coordinator.api.Views.PollsView;
import io.assistedswarm.coordinator.api.Views.SwarmState;
import io.assistedswarm.coordinator.api.Views.SwarmView;
import io.assistedswarm.coordinator.api.Views.Verdict;
import io.assistedswarm.coordinator.hub.Hub;
import io.assistedswarm.coordinator.placement.Admission.Request;
import io.assistedswarm.coordinator.placement.Workers;
import io.assistedswarm.coordinator.plan.Pace;
import io.assistedswarm.coordinator.plan.PaceChange;
import io.assistedswarm.coordinator.plan.SwarmPlan;
import io.assistedswarm.coordinator.plan.SwarmPlan.ClusterGroup;
import io.assistedswarm.coordinator.record.Arrival;
import io.assistedswarm.coordinator.record.Change;
import io.assistedswarm.coordinator.record.Order;
import io.assistedswarm.coordinator.swarm.TestingFleet.Told;
import io.assistedswarm.protocol.Assignment;
import io.assistedswarm.protocol.BerthId;
import io.assistedswarm.protocol.ClusterApi;
import io.assistedswarm.protocol.ClusterCommand;
import io.assistedswarm.protocol.ClusterId;
import io.assistedswarm.protocol.ClusterPhase;
import io.assistedswarm.protocol.ClusterTraits;
import io.assistedswarm.protocol.ClusterTraits.Hold;
import io.assistedswarm.protocol.Deadlines;
import io.assistedswarm.protocol.Description;
import io.assistedswarm.protocol.Download;
import io.assistedswarm.protocol.Failure;
import io.assistedswarm.protocol.HostCommand;
import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.HostPhase;
import io.assistedswarm.protocol.Observations.AgentClusterInstallState;
import io.assistedswarm.protocol.Observations.AgentState;
import io.assistedswarm.protocol.Observations.InfraEnvState;
import io.assistedswarm.protocol.Observations.UserRefused;
import io.assistedswarm.protocol.Placement;
import io.assistedswarm.protocol.Refusal;
import io.assistedswarm.protocol.SwarmId;
import io.assistedswarm.protocol.Transition;
import io.assistedswarm.protocol.WorkerCommand;
import io.assistedswarm.protocol.WorkerCommand.SwarmClosed;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.pekko.Done;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.FishingOutcomes;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.pattern.StatusReply;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class SwarmActorTest extends TestingSwarm {
    private static final ActorTestKit TEST_KIT = ActorTestKit.create(ManualTime.config());
    private static final Failure TIMEOUT = new Failure(Failure.Side.SERVICE, "RegistrationTimeout", "no Agent");

    private static final DeletionView NOTHING_LEFT = new DeletionView(
            Map.of("ClusterImageSet", 1L), Map.of("ClusterImageSet", 1L), Map.of("ClusterImageSet", 0L), List.of());

    SwarmActorTest() {
        super(TEST_KIT);
    }

    @AfterAll
    static void stopSystem() {
        TEST_KIT.shutdownTestKit();
    }

    @Test
    void opensTheSwarmThenStartsTheClusterThenItsHosts() {
        submit(plan(Pace.UNLIMITED, clusters(1, 1, 1)));
        grant(0);
        assertThat(told("a").command()).isInstanceOf(WorkerCommand.OpenSwarm.class);
        ClusterCommand.Start start =
                (ClusterCommand.Start) told("a-1/quickstart-7f3a-0").command();
        assertThat(start.assignment().generation()).isEqualTo(1);
        // Each has a mailbox of its own, so nobody comes first.
        assertThat(fleet.told.receiveSeveralMessages(2))
                .allSatisfy(host -> assertThat(host.command()).isInstanceOf(HostCommand.Start.class))
                .extracting(Told::to)
                .containsExactlyInAnyOrder("a-1/quickstart-7f3a-0-0", "a-1/quickstart-7f3a-0-1");
        assertThat(view().clusters()).isEqualTo(Map.of("placed", 1));
    }

    @Test
    void sendsAgainUntilItIsConfirmed() {
        submit(plan(Pace.UNLIMITED, clusters(1, 1, 0)));
        fleet.silent = true;
        grant(0);
        assertThat(told("a").command()).isInstanceOf(WorkerCommand.OpenSwarm.class);
        pass(Duration.ofSeconds(2));
        assertThat(told("a").command()).isInstanceOf(WorkerCommand.OpenSwarm.class);
        fleet.silent = false;
        pass(Duration.ofSeconds(3));
        assertThat(told("a").command()).isInstanceOf(WorkerCommand.OpenSwarm.class);
        assertThat(told("a-1/quickstart-7f3a-0").command()).isInstanceOf(ClusterCommand.Start.class);
    }

    @Test
    void givesUpAClusterThatItsWorkerRefusesToStart() {
        submit(plan(Pace.UNLIMITED, clusters(1, 1, 0)));
        fleet.refusal = Optional.of("disk full");
        hub.deletion = CompletableFuture.completedFuture(NOTHING_LEFT);
        grant(0);
        fleet.told.receiveMessage();
        clock.updateAndGet(now -> now.plus(Duration.ofMinutes(3)));
        pass(Duration.ofSeconds(6));
        Change.SwarmReached done = reachedState();
        assertThat(done.state()).isEqualTo(SwarmState.DONE);
        assertThat(done.verdict()).isEqualTo(Verdict.FAILED);
        assertThat(done.verdictReasons().getFirst())
                .contains("StartUnconfirmed (generator)")
                .contains("disk full");
        assertThat(released()).isEqualTo(cluster(0));
    }

    @Test
    void givesUpAClusterAtOnceWhenItsWorkerCanNeverOpenTheSwarm() {
        submit(plan(Pace.UNLIMITED, clusters(1, 1, 0)));
        fleet.refusal = Optional.of(new Refusal("agent '/opt/dry/agent' is not there", true).text());
        hub.deletion = CompletableFuture.completedFuture(NOTHING_LEFT);
        grant(0);
        assertThat(told("a").command()).isInstanceOf(WorkerCommand.OpenSwarm.class);
        pass(Duration.ofSeconds(6));
        Change.SwarmReached done = reachedState();
        assertThat(done.verdict()).isEqualTo(Verdict.FAILED);
        assertThat(done.verdictReasons().getFirst())
                .endsWith("worker a did not open the swarm: agent '/opt/dry/agent' is not there");
        fleet.told.expectNoMessage();
    }

    @Test
    void takesTheSwarmsOwnManifestsAwayBeforeItEndsWithoutAnythingBegun() {
        submit(plan(Pace.UNLIMITED, clusters(1, 1, 0)));
        fleet.refusal = Optional.of(new Refusal("'podman' is not on the worker's PATH", true).text());
        grant(0);
        pass(Duration.ofSeconds(6));
        assertThat(hub.deletionAsked).succeedsWithin(Duration.ofSeconds(3));
        assertThat(view().state()).isEqualTo(SwarmState.RUNNING);
        hub.deletion.complete(NOTHING_LEFT);
        assertThat(reachedState().state()).isEqualTo(SwarmState.DONE);
        assertThat(view().deletion()).hasValueSatisfying(counted -> {
            assertThat(counted.deleted()).containsEntry("ClusterImageSet", 1L);
            assertThat(counted.left()).containsEntry("ClusterImageSet", 0L);
        });
    }

    @Test
    void endsAlsoWhenTheHubDoesNotTakeTheManifestsBack() {
        submit(plan(Pace.UNLIMITED, clusters(1, 1, 0)));
        fleet.refusal = Optional.of(new Refusal("'podman' is not on the worker's PATH", true).text());
        hub.deletion = CompletableFuture.failedFuture(new IllegalStateException("connection refused"));
        grant(0);
        pass(Duration.ofSeconds(6));
        assertThat(reachedState().state()).isEqualTo(SwarmState.DONE);
        assertThat(view().deletion()).isEmpty();
    }

    @Test
    void keepsTheSwarmsOwnManifestsWhereAClusterWasBegun() {
        submit(plan(Pace.UNLIMITED, clusters(1, 1, 0)));
        grant(0);
        assertThat(told("a").command()).isInstanceOf(WorkerCommand.OpenSwarm.class);
        assertThat(told("a-1/quickstart-7f3a-0").command()).isInstanceOf(ClusterCommand.Start.class);
        end(0, ClusterPhase.FAILED, HostPhase.FAILED);
        passUntil(() -> view().state() == SwarmState.DONE);
        assertThat(hub.deletionAsked).isNotDone();
    }

    @Test
    void hasPatienceWithAWorkerThatPullsImagesToOpenTheSwarm() {
        submit(plan(Pace.UNLIMITED, clusters(1, 1, 0)));
        fleet.silent = true;
        grant(0);
        assertThat(told("a").command()).isInstanceOf(WorkerCommand.OpenSwarm.class);
        clock.updateAndGet(now -> now.plus(Duration.ofMinutes(20)));
        fleet.silent = false;
        pass(Duration.ofSeconds(6));
        assertThat(told("a").command()).isInstanceOf(WorkerCommand.OpenSwarm.class);
        assertThat(told("a-1/quickstart-7f3a-0").command()).isInstanceOf(ClusterCommand.Start.class);
    }

    @Test
    void tellsAnActorWhatWasSeenBeforeItWasStarted() {
        submit(plan(Pace.UNLIMITED, clusters(1, 1, 0)));
        InfraEnvState seen = new InfraEnvState(cluster(0), "http://iso", "", "", "");
        hub.observer.join().infraEnv(seen);
        grant(0);
        told("a");
        told("a-1/quickstart-7f3a-0");
        told("a-1/quickstart-7f3a-0-0");
        pass(Duration.ofSeconds(2));
        Told last = new Told("a-1/quickstart-7f3a-0-0", new HostCommand.InfraEnvSeen(seen));
        assertThat(fleet.told.fishForMessage(
                        Duration.ofSeconds(3),
                        heard ->
                                heard.equals(last) ? FishingOutcomes.complete() : FishingOutcomes.continueAndCollect()))
                .contains(new Told("a-1/quickstart-7f3a-0", new ClusterCommand.InfraEnvSeen(seen)));
        hub.observer.join().infraEnv(seen);
        pass(Duration.ofSeconds(2));
        fleet.told.expectNoMessage(Duration.ofMillis(100));
    }

    @Test
    void tellsAClusterAndItsHostsOnceThatTheirUserIsNotAcceptedAnyMore() {
        submit(plan(Pace.UNLIMITED, clusters(1, 1, 0)));
        grant(0);
        told("a");
        told("a-1/quickstart-7f3a-0");
        told("a-1/quickstart-7f3a-0-0");
        UserRefused seen = UserRefused.unauthorized(cluster(0), "invalid_grant");
        hub.observer.join().userRefused(seen);
        hub.observer.join().userRefused(seen);
        pass(Duration.ofSeconds(2));
        assertThat(told("a-1/quickstart-7f3a-0").command()).isEqualTo(new ClusterCommand.UserRefusedSeen(seen));
        assertThat(told("a-1/quickstart-7f3a-0-0").command()).isEqualTo(new HostCommand.UserRefusedSeen(seen));
        fleet.told.expectNoMessage(Duration.ofMillis(100));
    }

    @Test
    void keepsThePaceOfThePlan() {
        submit(plan(new Pace(2, Duration.ofSeconds(10), 3, 9), clusters(5, 1, 0)));
        assertThat(queued()).isEqualTo(cluster(0));
        assertThat(queued()).isEqualTo(cluster(1));
        grant(0);
        grant(1);
        workers.expectNoMessage(Duration.ofMillis(100));
        assertThat(view().waiting()).contains("next batch of 2");
        clock.updateAndGet(now -> now.plusSeconds(11));
        pass(Duration.ofSeconds(1));
        assertThat(queued()).isEqualTo(cluster(2));
        workers.expectNoMessage(Duration.ofMillis(100));
        grant(2);
        clock.updateAndGet(now -> now.plusSeconds(60));
        pass(Duration.ofSeconds(1));
        assertThat(view().waiting()).contains("maxInstalling 3");
        end(0, ClusterPhase.INSTALLED, HostPhase.INSTALLED);
        pass(Duration.ofSeconds(1));
        workers.fishForMessage(
                Duration.ofSeconds(3),
                message -> message instanceof Workers.Reserve reserve
                                && reserve.request().cluster().equals(cluster(3))
                        ? FishingOutcomes.complete()
                        : FishingOutcomes.continueAndIgnore());
    }

    @Test
    void recordsHowLateAClusterCameThatHadATime() {
        submit(plan(new Pace(1, Duration.ofSeconds(10), 3, 9), clusters(2, 1, 0)));
        Instant start = saved(Change.TimetableSet.class).timetable().due(0);
        queued();
        clock.updateAndGet(now -> now.plusSeconds(7));
        grant(0);
        assertThat(saved(Change.ClusterArrived.class).arrival())
                .isEqualTo(new Arrival(cluster(0), start, start.plusSeconds(7), Duration.ZERO, Duration.ZERO));
        assertThat(view().punctuality().orElseThrow().lateForCoordinator()).isEqualTo(1);
    }

    @Test
    void changesThePaceFromNowOnAndRecordsIt() {
        submit(plan(new Pace(1, Duration.ofHours(1), 3, 9), clusters(3, 1, 0)));
        queued();
        grant(0);
        PaceChange change = new PaceChange(
                Optional.of(new Pace(2, Duration.ofHours(1), 3, 9)),
                Optional.of(2),
                Optional.empty(),
                Optional.empty());
        ask(replyTo -> new SwarmsCommand.ChangePace(SWARM, change, replyTo));
        assertThat(workersAsked(Workers.Reserve.class).request().cluster()).isEqualTo(cluster(1));
        grant(cluster(1), new Placement(new BerthId("a-2"), A, 0, 1));
        assertThat(view().waiting()).isEqualTo("waits for the pace: 2 clusters are installing (maxInstalling 2)");
        assertThat(saved(Change.TimetableSet.class).timetable().legs()).hasSize(1);
        assertThat(saved(Change.TimetableSet.class).timetable().pace().maxInstalling())
                .isEqualTo(2);
    }

    @Test
    void recordsWhatUsersSayOnceItIsDone() {
        submit(plan(Pace.UNLIMITED, clusters(2, 1, 0)));
        queued();
        ask(replyTo -> new SwarmsCommand.Pause(SWARM, replyTo));
        ask(replyTo -> new SwarmsCommand.Pause(SWARM, replyTo));
        ask(replyTo -> new SwarmsCommand.ChangePace(
                SWARM, new PaceChange(Optional.empty(), Optional.of(2), Optional.empty(), Optional.empty()), replyTo));
        ask(replyTo -> new SwarmsCommand.Scale(SWARM, Optional.empty(), 3, replyTo));
        ask(replyTo -> new SwarmsCommand.Resume(SWARM, replyTo));
        ask(replyTo -> new SwarmsCommand.Delete(SWARM, false, replyTo));
        assertThat(Stream.generate(() -> saved(Change.OrderGiven.class).order()).limit(5))
                .containsExactly(
                        Order.of(SWARM, "pause", "", START),
                        Order.of(SWARM, "pace", "maxInstalling 2", START),
                        Order.of(SWARM, "scale", "3 clusters", START),
                        Order.of(SWARM, "resume", "", START),
                        Order.of(SWARM, "delete", "", START));
    }

    @Test
    void whoRepeatsADeletionGivesNoOtherOrder() {
        submit(plan(Pace.UNLIMITED, clusters(1, 1, 0)));
        grant(0);
        fleet.told.receiveSeveralMessages(3);
        assertThat(delete(false).state()).isEqualTo(SwarmState.CANCELLING);
        delete(false);
        end(0, ClusterPhase.STOPPED, HostPhase.STOPPED);
        passUntil(() -> view().state() == SwarmState.DELETING);
        delete(false);
        hub.deletion.complete(new DeletionView(Map.of(), Map.of(), Map.of(), List.of()));
        workersAsked(Workers.FindAll.class).replyTo().tell(new Workers.Found(Map.of()));
        awaitState(SwarmState.DELETED);
        hub.deletion = new CompletableFuture<>();
        assertThat(delete(false).state())
                .as("somebody may have brought something back")
                .isEqualTo(SwarmState.DELETING);
        delete(true);
        delete(true);
        assertThat(Stream.generate(() -> saved(Change.OrderGiven.class).order()).limit(2))
                .containsExactly(
                        Order.of(SWARM, "delete", "", START), Order.of(SWARM, "delete", "by force", clock.get()));
    }

    private void awaitToldToClose(String worker) {
        fleet.told.fishForMessage(
                Duration.ofSeconds(3),
                told -> told.command() instanceof WorkerCommand.CloseSwarm
                                && told.to().equals(worker)
                        ? FishingOutcomes.complete()
                        : FishingOutcomes.continueAndIgnore());
    }

    private SwarmView delete(boolean force) {
        return ask(replyTo -> new SwarmsCommand.Delete(SWARM, force, replyTo));
    }

    @Test
    void keepsItsPaceWhenTheOtherOneMakesNoSense() {
        submit(plan(Pace.UNLIMITED, clusters(1, 3, 0)));
        queued();
        TestProbe<StatusReply<SwarmView>> answer = TEST_KIT.createTestProbe();
        PaceChange tooSmall = new PaceChange(Optional.empty(), Optional.empty(), Optional.of(2), Optional.empty());
        swarm.tell(new SwarmActor.Asked(new SwarmsCommand.ChangePace(SWARM, tooSmall, answer.ref())));
        assertThat(answer.receiveMessage().getError())
                .hasMessage(
                        "swarm quickstart-7f3a keeps its pace: pace.maxPerWorker: is 2, but the biggest cluster has 3 hosts; set it to 3 or more");
        workers.expectNoMessage(Duration.ofMillis(100));
    }

    @Test
    void passesWhenEveryClusterIsInstalledAndGivesThePlacesBack() {
        submit(plan(Pace.UNLIMITED, clusters(1, 1, 0)));
        grant(0);
        fleet.told.receiveSeveralMessages(3);
        end(0, ClusterPhase.INSTALLED, HostPhase.INSTALLED);
        assertThat(fleet.told.receiveSeveralMessages(2))
                .extracting(told -> told.command().getClass().getName())
                .containsExactlyInAnyOrder(HostCommand.Stop.class.getName(), ClusterCommand.Stop.class.getName());
        assertThat(released()).isEqualTo(cluster(0));
        Change.SwarmReached done = reachedState();
        assertThat(done.state()).isEqualTo(SwarmState.DONE);
        assertThat(done.verdict()).isEqualTo(Verdict.PASSED);
        assertThat(hub.watchClosed).isCompleted();
    }

    @Test
    void waitsForTheLastHostsOfAnInstalledCluster() {
        submit(plan(Pace.UNLIMITED, clusters(1, 1, 0)));
        grant(0);
        fleet.told.receiveSeveralMessages(3);
        tell(reached(cluster(0), ClusterPhase.INSTALLED, 1));
        pass(Duration.ofSeconds(50), Duration.ofSeconds(5));
        fleet.told.expectNoMessage(Duration.ofMillis(100));
        tell(reached(host(0, 0), HostPhase.INSTALLED, 2));
        pass(Duration.ofSeconds(1));
        fleet.told.receiveSeveralMessages(2);
        assertThat(view().hosts()).isEqualTo(Map.of("installed", 1));
    }

    @Test
    void waitsUntilItsUserHasFetchedWhatIsWantedOfAClusterAtItsEnd() {
        submit(fetching(Download.KUBECONFIG, Download.LOGS));
        grant(0);
        fleet.told.receiveSeveralMessages(3);
        end(0, ClusterPhase.INSTALLED, HostPhase.INSTALLED);
        tell(fetched(Download.KUBECONFIG, Optional.empty()));
        pass(Duration.ofSeconds(10));
        fleet.told.expectNoMessage(Duration.ofMillis(100));
        tell(fetched(Download.LOGS, Optional.of(new Failure(Failure.Side.SERVICE, "DownloadTimeout", "not in time"))));
        pass(Duration.ofSeconds(1));
        fleet.told.receiveSeveralMessages(2);
        assertThat(reachedState().verdict()).as("the plan limits no downloads").isEqualTo(Verdict.PASSED);
    }

    @Test
    void doesNotWaitForEverForDownloads() {
        submit(fetching(Download.LOGS));
        grant(0);
        fleet.told.receiveSeveralMessages(3);
        end(0, ClusterPhase.INSTALLED, HostPhase.INSTALLED);
        assertThat(view().clusters()).containsEntry("installed", 1);
        clock.set(after(0).plus(Deadlines.DEFAULT.download()));
        pass(Duration.ofSeconds(40));
        fleet.told.receiveSeveralMessages(2);
    }

    @Test
    void doesNotWaitForDownloadsOnceItIsCancelled() {
        submit(fetching(Download.LOGS));
        grant(0);
        fleet.told.receiveSeveralMessages(3);
        end(0, ClusterPhase.INSTALLED, HostPhase.INSTALLED);
        ask(replyTo -> new SwarmsCommand.Cancel(SWARM, replyTo));
        fleet.told.receiveSeveralMessages(2);
        pass(Duration.ofSeconds(1));
        assertThat(awaitState(SwarmState.CANCELLED).clusters()).containsEntry("installed", 1);
    }

    private static SwarmPlan fetching(Download... downloads) {
        return plan(
                Pace.UNLIMITED,
                new ClusterGroup(
                        1,
                        0,
                        1,
                        false,
                        false,
                        Map.of(),
                        ClusterTraits.PLAIN.withDownloads(List.of(downloads)),
                        List.of(),
                        ClusterApi.REST));
    }

    private static Transition fetched(Download what, Optional<Failure> failure) {
        return new Transition.OfDownload(cluster(0), what, after(3), 1, 10, Duration.ofSeconds(1), failure);
    }

    @Test
    void keepsThePlacesOfAnInfraEnvUntilTheSwarmIsDeleted() {
        submit(plan(Pace.UNLIMITED, infraEnvs(1, 1)));
        grant(0);
        fleet.told.receiveSeveralMessages(3);
        end(0, ClusterPhase.DISCOVERED, HostPhase.DISCOVERED);
        assertThat(reachedState().verdict()).isEqualTo(Verdict.PASSED);
        fleet.told.expectNoMessage(Duration.ofMillis(100));
        ask(replyTo -> new SwarmsCommand.Delete(SWARM, false, replyTo));
        fleet.told.receiveSeveralMessages(2);
        assertThat(released()).isEqualTo(cluster(0));
    }

    @Test
    void deletesAfterEverythingHasStoppedAndThenClosesTheWorkers() {
        submit(plan(Pace.UNLIMITED, clusters(1, 1, 0)));
        grant(0);
        fleet.told.receiveSeveralMessages(3);
        fleet.silent = true;
        SwarmView view = ask(replyTo -> new SwarmsCommand.Delete(SWARM, false, replyTo));
        assertThat(view.state()).isEqualTo(SwarmState.CANCELLING);
        assertThat(view.waiting()).isEqualTo("waits for 2 hosts and controllers to stop");
        assertThat(hub.deletionAsked).isNotDone();
        fleet.silent = false;
        pass(Duration.ofSeconds(10));
        assertThat(hub.deletionAsked).succeedsWithin(Duration.ofSeconds(3));
        DeletionView counted =
                new DeletionView(Map.of("Agent", 1L), Map.of("Agent", 1L), Map.of("Agent", 0L), List.of());
        hub.deletion.complete(counted);
        Workers.FindAll find = workersAsked(Workers.FindAll.class);
        find.replyTo().tell(new Workers.Found(moored));
        awaitToldToClose("a");
        pass(Duration.ofSeconds(1));
        assertThat(awaitState(SwarmState.DELETED).deletion()).contains(counted);
        assertThat(view().verdict()).isEqualTo(Verdict.CANCELLED);
        assertThat(hosts(Optional.empty())).isEmpty();
        assertThat(hosts(Optional.of(SWARM))).hasSize(1);
    }

    private List<HostView> hosts(Optional<SwarmId> asked) {
        TestProbe<StatusReply<List<HostView>>> answer = testKit.createTestProbe();
        swarm.tell(new SwarmActor.Asked(new SwarmsCommand.GetHosts(asked, Optional.empty(), answer.ref())));
        return answer.receiveMessage().getValue();
    }

    @Test
    void countsWhatTheWorkersHadAndNamesTheShareOfALostOne() {
        submit(plan(Pace.UNLIMITED, clusters(1, 1, 1)));
        queued();
        grant(cluster(0), new Placement(new BerthId("a-1"), A, 0, 1), new Placement(new BerthId("b-1"), B, 1, 1));
        fleet.told.receiveSeveralMessages(5);
        fleet.closed = new SwarmClosed(Map.of("process", 3L), Map.of("process", 0L));
        ask(replyTo -> new SwarmsCommand.Delete(SWARM, true, replyTo));
        fleet.told.receiveSeveralMessages(3);
        pass(Duration.ofSeconds(10));
        assertThat(hub.deletionAsked).succeedsWithin(Duration.ofSeconds(3));
        assertThat(hub.forced.getAsBoolean()).isTrue();
        hub.deletion.complete(
                new DeletionView(Map.of("Agent", 2L), Map.of("Agent", 2L), Map.of("Agent", 0L), List.of()));
        workersAsked(Workers.FindAll.class).replyTo().tell(new Workers.Found(Map.of(A, moored.get(A))));
        DeletionView counted = awaitState(SwarmState.DELETED).deletion().orElseThrow();
        assertThat(counted.created())
                .isEqualTo(counted.deleted())
                .containsOnly(Map.entry("Agent", 2L), Map.entry("process", 3L));
        assertThat(counted.notCounted()).singleElement().asString().startsWith("worker b is lost: ");
        assertThat(hub.forced.getAsBoolean()).as("force at another deletion").isFalse();

        swarm.tell(new SwarmActor.FolderFound(moored.get(B).worker()));
        awaitToldToClose("b");
    }

    @Test
    void asksAWorkerThatWasStartedAgainMeanwhileForItsFilesAndNotOneThatIsGone() {
        submit(plan(Pace.UNLIMITED, clusters(1, 1, 1)));
        queued();
        grant(cluster(0), new Placement(new BerthId("a-1"), A, 0, 1), new Placement(new BerthId("b-1"), B, 1, 1));
        fleet.told.receiveSeveralMessages(5);
        ask(replyTo -> new SwarmsCommand.Delete(SWARM, false, replyTo));
        fleet.told.receiveSeveralMessages(3);
        pass(Duration.ofSeconds(10));
        fleet.silent = true;
        hub.deletion.complete(new DeletionView(Map.of(), Map.of(), Map.of(), List.of()));
        workersAsked(Workers.FindAll.class).replyTo().tell(new Workers.Found(moored));
        assertThat(List.of(
                        fleet.told.receiveMessage().to(),
                        fleet.told.receiveMessage().to()))
                .containsExactlyInAnyOrder("a", "b");
        pass(SwarmDeletion.FOR_CLOSING.plusSeconds(1), Duration.ofSeconds(5));
        Workers.FindAll again = workersAsked(Workers.FindAll.class);
        fleet.silent = false;
        again.replyTo().tell(new Workers.Found(Map.of(A, moored(A))));
        DeletionView counted = awaitState(SwarmState.DELETED).deletion().orElseThrow();
        assertThat(counted.stuck()).isEmpty();
        assertThat(counted.notCounted()).singleElement().asString().startsWith("worker b is lost: ");
    }

    @Test
    void namesAWorkerThatIsThereAndDoesNotSayThatItHasNothingLeft() {
        submit(plan(Pace.UNLIMITED, clusters(1, 1, 0)));
        grant(0);
        fleet.told.receiveSeveralMessages(3);
        ask(replyTo -> new SwarmsCommand.Delete(SWARM, false, replyTo));
        pass(Duration.ofSeconds(10));
        fleet.silent = true;
        hub.deletion.complete(new DeletionView(Map.of(), Map.of(), Map.of(), List.of()));
        workersAsked(Workers.FindAll.class).replyTo().tell(new Workers.Found(moored));
        awaitToldToClose("a");
        pass(SwarmDeletion.FOR_CLOSING.plusSeconds(1), Duration.ofSeconds(5));
        workersAsked(Workers.FindAll.class).replyTo().tell(new Workers.Found(moored));
        DeletionView counted = awaitState(SwarmState.DELETION_FAILED).deletion().orElseThrow();
        assertThat(counted.stuck()).containsExactly("files of the swarm may be left on worker a: no answer");
    }

    @Test
    void saysWhatCouldNotBeDeletedAndTriesAgainWhenAsked() {
        submit(plan(Pace.UNLIMITED, clusters(1, 1, 0)));
        ask(replyTo -> new SwarmsCommand.Delete(SWARM, false, replyTo));
        hub.deletion.completeExceptionally(new IllegalStateException("connection refused"));
        SwarmView failed = awaitState(SwarmState.DELETION_FAILED);
        assertThat(failed.deletion().orElseThrow().stuck().getFirst()).contains("connection refused");
        hub.deletion = new CompletableFuture<>();
        assertThat(ask(replyTo -> new SwarmsCommand.Delete(SWARM, false, replyTo))
                        .state())
                .isEqualTo(SwarmState.DELETING);
    }

    @Test
    void bringsTheHostsOfALostWorkerElsewhereAndLeavesTheOthersWhereTheyAre() {
        submit(plan(Pace.UNLIMITED, clusters(1, 1, 1)));
        queued();
        grant(cluster(0), new Placement(new BerthId("a-1"), A, 0, 1), new Placement(new BerthId("b-1"), B, 1, 1));
        fleet.told.receiveSeveralMessages(5);
        pass(Duration.ofMillis(500));
        loseB();
        pass(Duration.ofMillis(500));
        assertThat(told("a-1/" + cluster(0).name()).command())
                .isEqualTo(new ClusterCommand.HostsAway(cluster(0), List.of(host(0, 1))));
        Request again = workersAsked(Workers.Reserve.class).request();
        assertThat(again).isEqualTo(new Request(cluster(0), 1, 1, false, true));
        reply(new Workers.Waits(again, "waits for places", false));
        assertThat(view().waiting()).isEqualTo("1 hosts of lost workers want other places: waits for places");
        assertThat(awaitedBy(cluster(0)))
                .isEqualTo(
                        "other places for 1 of its hosts, as their worker was lost: waits for places; all hosts known");
        assertThat(awaitedBy(host(0, 1))).isEqualTo("another place, as its worker was lost: waits for places");
        reply(new Workers.Granted(again, List.of(new Placement(new BerthId("a-2"), A, 1, 1)), moored));
        String moved = "a-2/" + host(0, 1).name();
        Map<String, Object> hosts = startedAgain("a-1/" + cluster(0).name());
        assertThat(hosts).containsOnlyKeys("a-1/" + host(0, 0).name(), moved);
        Assignment assignment = ((HostCommand.Start) hosts.get(moved)).assignment();
        assertThat(assignment.generation()).isEqualTo(2);
        assertThat(assignment.clusterGeneration()).isEqualTo(1);
        assertThat(assignment.generationOf(host(0, 0))).isEqualTo(1);
        assertThat(assignment.generationOf(host(0, 1))).isEqualTo(2);
        tell(reached(host(0, 1), HostPhase.STOPPED, 1));
        tell(new Transition.OfHost(host(0, 1), HostPhase.INSTALLED, START, 2, "", Optional.empty()));
        tell(reached(host(0, 0), HostPhase.INSTALLED, 1));
        tell(reached(cluster(0), ClusterPhase.INSTALLED, 1));
        pass(Duration.ofSeconds(1));
        fleet.told.receiveSeveralMessages(3);
        assertThat(released()).isEqualTo(cluster(0));
        assertThat(reachedState().verdict()).isEqualTo(Verdict.PASSED);
    }

    @Test
    void losesAClusterThatTheServiceFailsBeforeItHasAnotherPlace() {
        submit(plan(Pace.UNLIMITED, clusters(1, 1, 1)));
        queued();
        grant(cluster(0), new Placement(new BerthId("b-1"), B, 0, 1), new Placement(new BerthId("a-1"), A, 1, 1));
        fleet.told.receiveSeveralMessages(5);
        loseB();
        workersAsked(Workers.Reserve.class);
        hub.observer
                .join()
                .agentClusterInstall(new AgentClusterInstallState(
                        cluster(0), "error", "cluster has hosts in error", "", 40, false, true, "", false));
        pass(Duration.ofSeconds(1));
        assertThat(view().clusters()).containsEntry("lost", 1);
        assertThat(view().hosts()).containsEntry("lost", 2);
        pass(Duration.ofSeconds(1));
        assertThat(released()).isEqualTo(cluster(0));
        assertThat(reachedState().verdict()).isEqualTo(Verdict.INCOMPLETE);
    }

    @Test
    void movesWhatCanLeaveADrainedWorkerOnceNothingOfItRunsThere() {
        submit(plan(Pace.UNLIMITED, clusters(1, 1, 1)));
        queued();
        grant(cluster(0), new Placement(new BerthId("a-1"), A, 0, 1), new Placement(new BerthId("b-1"), B, 1, 1));
        fleet.told.receiveSeveralMessages(5);
        tell(reached(host(0, 1), HostPhase.INSTALLING, 1));
        view();
        reply(new Workers.Evict(cluster(0), B));
        workers.expectNoMessage(Duration.ofMillis(100));

        tell(reached(host(0, 1), HostPhase.REBOOTING, 2));
        view();
        reply(new Workers.Evict(cluster(0), B));
        reply(new Workers.Evict(cluster(0), B));
        Request again = workersAsked(Workers.Reserve.class).request();
        assertThat(view().waiting()).as("it runs where it is").isEmpty();
        fleet.told.expectNoMessage(Duration.ofMillis(100));

        reply(new Workers.Granted(again, List.of(new Placement(new BerthId("a-2"), A, 1, 1)), moored));
        HostCommand.Stop stop =
                (HostCommand.Stop) told("b-1/" + host(0, 1).name()).command();
        assertThat(stop.forGood()).isFalse();
        Workers.GiveBack back = workersAsked(Workers.GiveBack.class);
        assertThat(back.places()).extracting(Placement::berth).containsExactly(new BerthId("b-1"));
        assertThat(startedAgain("a-1/" + cluster(0).name()))
                .containsOnlyKeys(
                        "a-1/" + host(0, 0).name(), "a-2/" + host(0, 1).name());
        assertThat(view().clusters()).isEqualTo(Map.of("placed", 1));
    }

    @Test
    void takesAWorkerThatDiesWhileItIsDrainedAsEmpty() {
        submit(plan(Pace.UNLIMITED, clusters(1, 1, 0)));
        queued();
        grant(cluster(0), new Placement(new BerthId("b-1"), B, 0, 1));
        fleet.told.receiveSeveralMessages(3);
        reply(new Workers.Evict(cluster(0), B));
        Request again = workersAsked(Workers.Reserve.class).request();
        fleet.silent = true;
        reply(new Workers.Granted(again, List.of(new Placement(new BerthId("a-1"), A, 0, 1)), moored));
        fleet.told.receiveSeveralMessages(2);
        fleet.silent = false;
        loseB();
        assertThat(fleet.told.receiveSeveralMessages(3))
                .extracting(Told::to)
                .containsExactly(
                        "a", "a-1/" + cluster(0).name(), "a-1/" + host(0, 0).name());
    }

    @Test
    void givesBackPlacesThatComeForAClusterThatIsStoppedMeanwhile() {
        submit(plan(Pace.UNLIMITED, clusters(1, 1, 0)));
        queued();
        grant(cluster(0), new Placement(new BerthId("b-1"), B, 0, 1));
        fleet.told.receiveSeveralMessages(3);
        loseB();
        Request again = workersAsked(Workers.Reserve.class).request();
        ask(replyTo -> new SwarmsCommand.Cancel(SWARM, replyTo));
        assertThat(released()).isEqualTo(cluster(0));
        reply(new Workers.Granted(again, List.of(new Placement(new BerthId("a-1"), A, 0, 1)), moored));
        assertThat(released()).isEqualTo(cluster(0));
        fleet.told.expectNoMessage(Duration.ofMillis(200));
    }

    @Test
    void stopsAdmittingWhenTooManyHaveFailed() {
        submit(plan(new Pace(1, Duration.ofSeconds(1), 9, 0), clusters(3, 1, 0)));
        grant(0);
        fleet.told.receiveSeveralMessages(3);
        tell(failed(host(0, 0), 1, TIMEOUT));
        tell(failed(cluster(0), 1, TIMEOUT));
        pass(Duration.ofSeconds(6));
        Change.SwarmReached done = reachedState();
        assertThat(done.verdictReasons())
                .anyMatch(reason -> reason.contains("RegistrationTimeout (service)"))
                .anyMatch(reason -> reason.contains("2 clusters stopped"))
                .anyMatch(reason -> reason.contains("maxFailures"));
    }

    @Test
    void countsALostClusterApartAndWhatWasLeftOfItsHostsWithIt() {
        submit(plan(new Pace(9, Duration.ofSeconds(1), 9, 0), clusters(2, 1, 1)));
        grant(0);
        grant(1);
        fleet.told.receiveSeveralMessages(7);
        tell(lost(cluster(0), 1));
        pass(Duration.ofSeconds(1));
        fleet.told.receiveSeveralMessages(3);
        assertThat(released()).isEqualTo(cluster(0));
        assertThat(view().clusters()).isEqualTo(Map.of("lost", 1, "placed", 1));
        assertThat(view().hosts()).isEqualTo(Map.of("lost", 2, "pending", 2));
        tell(reached(host(1, 0), HostPhase.INSTALLED, 2));
        tell(reached(host(1, 1), HostPhase.INSTALLED, 2));
        tell(reached(cluster(1), ClusterPhase.INSTALLED, 2));
        pass(Duration.ofSeconds(1));
        Change.SwarmReached done = reachedState();
        assertThat(done.verdict()).isEqualTo(Verdict.INCOMPLETE);
        assertThat(done.verdictReasons()).singleElement().asString().startsWith("1 cluster lost to the generator");
    }

    @Test
    void pausesAndResumesWithoutLosingAPlaceInTheQueue() {
        submit(plan(Pace.UNLIMITED, clusters(2, 1, 0)));
        queued();
        queued();
        ask(replyTo -> new SwarmsCommand.Pause(SWARM, replyTo));
        workersAsked(Workers.Withdraw.class);
        assertThat(view().waiting()).isEqualTo("paused: 2 clusters are not admitted");
        grant(cluster(0), new Placement(new BerthId("a-1"), A, 0, 1));
        assertThat(released()).as("a grant that was on its way").isEqualTo(cluster(0));
        ask(replyTo -> new SwarmsCommand.Resume(SWARM, replyTo));
        assertThat(queued()).isEqualTo(cluster(0));
        assertThat(queued()).isEqualTo(cluster(1));
    }

    @Test
    void cancelsWhatRunsAndWhatWaits() {
        submit(plan(new Pace(1, Duration.ofHours(1), 9, 9), clusters(2, 1, 0)));
        grant(0);
        fleet.told.receiveSeveralMessages(3);
        ask(replyTo -> new SwarmsCommand.Cancel(SWARM, replyTo));
        fleet.told.receiveSeveralMessages(2);
        tell(reached(host(0, 0), HostPhase.STOPPED, 1));
        tell(reached(cluster(0), ClusterPhase.STOPPED, 1));
        pass(Duration.ofSeconds(1));
        SwarmView cancelled = awaitState(SwarmState.CANCELLED);
        assertThat(cancelled.verdict()).isEqualTo(Verdict.CANCELLED);
        assertThat(cancelled.clusters()).isEqualTo(Map.of("stopped", 2));
    }

    @Test
    void endsWithAReasonWhenTheHubRefusesTheSwarmsManifests() {
        // Wrapped, as every failure of a stage after the first one is.
        hub.applied = CompletableFuture.failedFuture(
                new CompletionException(new Hub.Refused("manifest 10.yaml was refused: no kind X", null)));
        submit(plan(Pace.UNLIMITED, clusters(2, 1, 0)));
        assertThat(reachedState().verdictReasons().getFirst())
                .isEqualTo(
                        "2 clusters failed: SwarmManifestsNotApplied (plan), for example quickstart-7f3a-0: the swarm's own manifests were not applied: manifest 10.yaml was refused: no kind X");
    }

    @Test
    void triesTheHubAgainAndSaysThatItWaitsForIt() {
        hub.applied = CompletableFuture.failedFuture(new IllegalStateException("connection refused"));
        submit(plan(Pace.UNLIMITED, clusters(1, 1, 0)));
        workers.awaitAssert(() -> assertThat(view().waiting()).isEqualTo("waits for the hub: connection refused"));
        hub.applied = CompletableFuture.completedFuture(Done.getInstance());
        pass(Duration.ofSeconds(5));
        assertThat(queued()).isEqualTo(cluster(0));
    }

    @Test
    void showsWhatPollsCostWhereThereIsNoWatch() {
        hub.restRequests = 45;
        submit(fetching());
        assertThat(view().polls()).contains(new PollsView(45, 1));
    }

    @Test
    void showsWhatTheHubDoesNotAnswerUntilTheSwarmIsOver() {
        HubTroubleView trouble = new HubTroubleView("WATCH agents", "refused", START, START, 3, Optional.empty());
        hub.troubles = List.of(trouble);
        submit(plan(Pace.UNLIMITED, clusters(1, 1, 0)));
        assertThat(view().hub()).containsExactly(trouble);
        ask(replyTo -> new SwarmsCommand.Cancel(SWARM, replyTo));
        assertThat(awaitState(SwarmState.CANCELLED).hub()).isEmpty();
    }

    @Test
    void saysThatNothingCanBeRecordedAndSinceWhen() throws SQLException {
        submit(plan(Pace.UNLIMITED, clusters(1, 1, 0)));
        try (Connection connection = record.connection();
                Statement statement = connection.createStatement()) {
            statement.execute("alter table orders rename to hidden");
        }
        assertThatThrownBy(() ->
                        record.write(List.of(new Change.OrderGiven(Order.of(SWARM, "pause", "", START))), List.of()))
                .hasMessageStartingWith("cannot write to the record ");
        assertThat(view().waiting())
                .startsWith("the record cannot be written since ")
                .containsIgnoringCase("orders");
    }

    @Test
    void refusesToPauseWhatIsOver() {
        hub.applied = CompletableFuture.failedFuture(new Hub.Refused("no", null));
        submit(plan(Pace.UNLIMITED, clusters(1, 1, 0)));
        reachedState();
        TestProbe<StatusReply<SwarmView>> answer = TEST_KIT.createTestProbe();
        swarm.tell(new SwarmActor.Asked(new SwarmsCommand.Pause(SWARM, answer.ref())));
        StatusReply<SwarmView> refusal = answer.receiveMessage();
        assertThat(refusal.getError())
                .isInstanceOf(SwarmsCommand.Refused.class)
                .hasMessage("swarm quickstart-7f3a cannot be paused: it is done");
    }

    @Test
    void letsHeldClustersGoWhenAllOfThemAreReadyOrHaveFailed() {
        submit(plan(Pace.UNLIMITED, held(3, Hold.UNTIL_ALL_READY), clusters(1, 1, 0)));
        for (int i = 0; i < 3; i++) {
            grant(i);
            fleet.told.receiveSeveralMessages(i == 0 ? 3 : 2);
        }
        tell(reached(cluster(0), ClusterPhase.HELD, 1));
        pass(Duration.ofSeconds(1));
        fleet.told.expectNoMessage(Duration.ofMillis(100));
        assertThat(view().waiting()).isEqualTo("holds 1 ready clusters until 2 others are ready");
        tell(failed(cluster(1), 2, TIMEOUT));
        tell(reached(cluster(2), ClusterPhase.HELD, 3));
        pass(Duration.ofSeconds(1));
        assertThat(releasesTold(2)).containsExactlyInAnyOrder(cluster(0), cluster(2));
    }

    @Test
    void letsHeldClustersGoWhenTheUserSaysSoAndAlsoThoseThatAreNotReadyYet() {
        submit(plan(Pace.UNLIMITED, held(2, Hold.UNTIL_RELEASED)));
        grant(0);
        grant(1);
        fleet.told.receiveSeveralMessages(5);
        tell(reached(cluster(0), ClusterPhase.HELD, 1));
        pass(Duration.ofSeconds(1));
        assertThat(view().waiting()).isEqualTo("holds 1 ready clusters until 'swarm release'");
        ask(replyTo -> new SwarmsCommand.Release(SWARM, replyTo));
        assertThat(releasesTold(1)).containsExactly(cluster(0));
        tell(reached(cluster(1), ClusterPhase.HELD, 2));
        pass(Duration.ofSeconds(1));
        assertThat(releasesTold(1)).containsExactly(cluster(1));
        // It does not go: it may not have heard.
        pass(Duration.ofSeconds(11));
        assertThat(releasesTold(2)).containsExactlyInAnyOrder(cluster(0), cluster(1));
    }

    @Test
    void followsAHostThatTheUserBindsAfterTheSwarmIsDone() {
        submit(plan(Pace.UNLIMITED, infraEnvs(1, 1)));
        grant(0);
        fleet.told.receiveSeveralMessages(3);
        end(0, ClusterPhase.DISCOVERED, HostPhase.DISCOVERED);
        assertThat(reachedState().verdict()).isEqualTo(Verdict.PASSED);
        assertThat(hub.watchClosed).isNotDone();
        AgentState binding = new AgentState(host(0, 0), "binding", "", "", List.of());
        hub.observer.join().agent(binding);
        pass(Duration.ofMillis(500));
        assertThat(told("a-1/quickstart-7f3a-0-0").command()).isEqualTo(new HostCommand.AgentSeen(binding));
        tell(reached(host(0, 0), HostPhase.INSTALLING, 9));
        assertThat(view().hosts()).isEqualTo(Map.of("installing", 1));
        tell(failed(host(0, 0), 10, TIMEOUT));
        assertThat(view().verdict()).isEqualTo(Verdict.PASSED);
        ask(replyTo -> new SwarmsCommand.Delete(SWARM, false, replyTo));
        assertThat(hub.watchClosed).isCompleted();
    }

    private String awaitedBy(ClusterId cluster) {
        return described(replyTo -> new SwarmsCommand.DescribeCluster(cluster, replyTo));
    }

    private String awaitedBy(HostId host) {
        return described(replyTo -> new SwarmsCommand.DescribeHost(host, replyTo));
    }

    private String described(Function<ActorRef<StatusReply<Description>>, SwarmsCommand> question) {
        TestProbe<StatusReply<Description>> answer = TEST_KIT.createTestProbe();
        swarm.tell(new SwarmActor.Asked(question.apply(answer.ref())));
        return answer.receiveMessage().getValue().awaiting();
    }

    /** What its two hosts are told, who are told after the cluster; they are actors of their own, so in any order. */
    private Map<String, Object> startedAgain(String clusterEntity) {
        List<Told> told = fleet.told.receiveSeveralMessages(3);
        assertThat(told.getFirst().to()).isEqualTo(clusterEntity);
        return told.stream().skip(1).collect(Collectors.toMap(Told::to, Told::command));
    }

    private List<ClusterId> releasesTold(int count) {
        List<ClusterId> told = new ArrayList<>();
        while (told.size() < count) {
            if (fleet.told.receiveMessage().command() instanceof ClusterCommand.Release release) {
                told.add(release.cluster());
            }
        }
        return told;
    }

    private static ClusterGroup held(int amount, Hold hold) {
        return new ClusterGroup(1, 0, amount, false, false, Map.of(), ClusterTraits.PLAIN.withHold(hold), List.of());
    }
}
