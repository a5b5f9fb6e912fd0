package io.assistedswarm.worker.host;

import static io.assistedswarm.worker.Samples.ISO;
import static io.assistedswarm.worker.TestingEquipment.INCARNATION;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.spi.ILoggingEvent;
import io.assistedswarm.protocol.Assignment;
import io.assistedswarm.protocol.ClusterApi;
import io.assistedswarm.protocol.ClusterCommand;
import io.assistedswarm.protocol.ClusterSpec;
import io.assistedswarm.protocol.ClusterTraits;
import io.assistedswarm.protocol.Description;
import io.assistedswarm.protocol.Failure;
import io.assistedswarm.protocol.Failure.Side;
import io.assistedswarm.protocol.HostCommand;
import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.HostPhase;
import io.assistedswarm.protocol.LogIds;
import io.assistedswarm.protocol.Manifests;
import io.assistedswarm.protocol.Observations.AgentState;
import io.assistedswarm.protocol.Observations.BareMetalHostState;
import io.assistedswarm.protocol.Observations.InfraEnvState;
import io.assistedswarm.protocol.Observations.PreprovisioningImageState;
import io.assistedswarm.protocol.Observations.UserRefused;
import io.assistedswarm.protocol.Placement;
import io.assistedswarm.protocol.RuntimeSpec;
import io.assistedswarm.protocol.Transition;
import io.assistedswarm.protocol.WorkerName;
import io.assistedswarm.worker.Samples;
import io.assistedswarm.worker.TestingEquipment;
import io.assistedswarm.worker.TestingEquipment.Told;
import io.assistedswarm.worker.TestingImages.TestingDownload;
import io.assistedswarm.worker.TestingLog;
import io.assistedswarm.worker.TestingProcesses.TestingProcess;
import io.assistedswarm.worker.hub.HubRefusal;
import io.assistedswarm.worker.hub.HubTrouble;
import io.assistedswarm.worker.image.ImageRefused;
import io.assistedswarm.worker.image.Images.Downloaded;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.Done;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.FishingOutcomes;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.pattern.StatusReply;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Isolated("it reads what this JVM logs")
class HostActorTest {
    private static final ActorTestKit TEST_KIT = ActorTestKit.create(ManualTime.config());
    private static final ManualTime TIME = ManualTime.get(TEST_KIT.system());
    private static final HostId HOST = Samples.singleNode().host(0);

    @TempDir
    private Path folder;

    private final TestProbe<StatusReply<Done>> replies = TEST_KIT.createTestProbe();
    private ClusterSpec spec = Samples.singleNode();
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
    void goesTheStraightPathOfASingleNode() {
        start(1);
        reaches(HostPhase.PLACED);
        seeIso();
        reaches(HostPhase.CREATED);
        assertThat(equipment.hub.calls()).containsExactly("host " + HOST, "ready " + HOST);
        seeMachine("ready", ISO);
        reaches(HostPhase.DOWNLOADING);
        downloadOf(ISO).result.complete(new Downloaded(100, Duration.ofMillis(5)));
        reaches(HostPhase.BOOTED);
        assertThat(equipment.hub.calls()).endsWith("provisioned " + HOST + " " + ISO);
        assertThat(agent(0).spec.command()).contains("--infra-env-id", Samples.INFRA_ENV_ID);
        seeAgent("known", "");
        reaches(HostPhase.REGISTERED);
        reaches(HostPhase.KNOWN);
        seeAgent("preparing-successful", "");
        reaches(HostPhase.PREPARING);
        seeAgent("installing-in-progress", "Writing image to disk");
        reaches(HostPhase.INSTALLING);
        equipment.workspace.makeMarker(HOST);
        agent(0).exit(0);
        reaches(HostPhase.REBOOTING);
        seeAgent("installing-in-progress", "Joined");
        reaches(HostPhase.JOINED);
        seeAgent("installed", "Done");
        reaches(HostPhase.INSTALLED);
        assertThat(describe().awaiting()).isEmpty();
        assertThat(describe().deadline()).isEmpty();
        assertThat(equipment.processes.started()).hasSize(1);
    }

    @Test
    void everyLineOfItsLogHasTheIdsOfTheHost() {
        try (TestingLog log = new TestingLog()) {
            start(1);
            reaches(HostPhase.PLACED);
            seeIso();
            reaches(HostPhase.CREATED);
            seeMachine("ready", ISO);
            reaches(HostPhase.DOWNLOADING);
            downloadOf(ISO).result.completeExceptionally(new IllegalStateException("no such image"));
            assertThat(log.idsOfLineWith("no such image")).containsAllEntriesOf(LogIds.of(HOST));
            assertThat(log.lines())
                    .extracting(ILoggingEvent::getMDCPropertyMap)
                    .allSatisfy(ids -> assertThat(ids).containsAllEntriesOf(LogIds.of(HOST)));
        }
    }

    @ParameterizedTest
    @CsvSource({"3, true, true", "3, false, false", "1, true, false"})
    void saysOfTheBootstrapOfSeveralControlPlanesThatItsInstallerIsAStandIn(
            int controlPlanes, boolean bootstrap, boolean standIn) {
        equipment.open(Samples.swarm(
                new RuntimeSpec.Native(
                        new RuntimeSpec.Binaries("/a/agent", "/a/installer", "/a/controller", "/a/stand-in"),
                        RuntimeSpec.Images.NONE,
                        Samples.exec().commandLines(),
                        RuntimeSpec.Machine.AS_IT_IS,
                        List.of(),
                        Duration.ofSeconds(20)),
                new Manifests(List.of(), List.of(), List.of(), List.of())));
        spec = Samples.cluster(controlPlanes, 0);
        start(1);
        assertThat(reaches(HostPhase.PLACED).standIn()).isFalse();
        actor.tell(new HostCommand.AgentSeen(new AgentState(HOST, "installing", "", "", List.of(), bootstrap)));
        HostPhase last;
        do {
            Transition.OfHost reached = (Transition.OfHost) equipment.transition();
            assertThat(reached.standIn()).isEqualTo(standIn);
            last = reached.phase();
        } while (last != HostPhase.INSTALLING);
    }

    @Test
    void doesNothingTwiceWhenEverythingIsSeenTwice() {
        start(1);
        reaches(HostPhase.PLACED);
        seeIso();
        seeIso();
        reaches(HostPhase.CREATED);
        seeMachine("ready", ISO);
        seeMachine("ready", ISO);
        reaches(HostPhase.DOWNLOADING);
        seeIso();
        describe();
        assertThat(equipment.hub.calls()).containsExactly("host " + HOST, "ready " + HOST);
        assertThat(equipment.images.downloads()).hasSize(1);
        equipment.expectNoTransition();
    }

    @Test
    void tellsItsClusterWhereItStandsAndAgainFromTimeToTime() {
        start(1);
        Told told = new Told(
                "w1-1/quickstart-7f3a-0", new ClusterCommand.HostReached(HOST, HostPhase.PLACED, Optional.empty()));
        equipment.told.expectMessage(told);
        equipment.told.expectNoMessage(Duration.ofMillis(50));
        TIME.timePasses(TestingEquipment.HEARTBEAT);
        equipment.told.expectMessage(told);
    }

    @Test
    void keepsWhatItSawBeforeItWasStarted() {
        seeIso();
        seeMachine("ready", ISO);
        start(1);
        reaches(HostPhase.PLACED);
        reaches(HostPhase.CREATED);
        reaches(HostPhase.DOWNLOADING);
    }

    @Test
    void goesAwayWhenNobodyStartsIt() {
        seeIso();
        TIME.timePasses(TestingEquipment.UNSTARTED);
        replies.expectTerminated(actor);
    }

    @Test
    void refusesToStartForASwarmThatIsNotOpenHere() {
        TestingEquipment closed = new TestingEquipment(TEST_KIT, folder);
        ActorRef<HostCommand> other = TEST_KIT.spawn(HostActor.create(HOST, closed.equipment()));
        other.tell(new HostCommand.Start(HOST, Samples.assignment(spec, 1), replies.ref()));
        assertThat(replies.receiveMessage().getError().getMessage()).contains("is not open on this worker");
        TEST_KIT.stop(other);
    }

    /** Sharding gives a berth whose worker is not there to whoever asks for it, and what waited for one to the next under its name. */
    @ParameterizedTest
    @CsvSource({"w2, 7", "w1, 6"})
    void startsNothingInABerthOfAnotherWorkerOrOfAnEarlierStart(WorkerName worker, int incarnation) {
        actor.tell(new HostCommand.Start(HOST, at(worker, incarnation, 1), replies.ref()));
        assertThat(replies.receiveMessage().getError().getMessage())
                .contains("belongs to worker " + worker + ", and was sent to w1");
        equipment.expectNoTransition();
        actor.tell(new HostCommand.Start(HOST, at(Samples.WORKER, INCARNATION, 1), replies.ref()));
        assertThat(replies.receiveMessage().isSuccess()).isTrue();
        reaches(HostPhase.PLACED);
    }

    @Test
    void endsItsAgentWhenTheHostBelongsToAnotherWorkerNow() {
        boot();
        actor.tell(new HostCommand.Start(HOST, at(new WorkerName("w2"), INCARNATION, 2), replies.ref()));
        assertThat(replies.receiveMessage().isError()).isTrue();
        eventually(agent(0)::isStopped);
        agent(0).exit(143);
        agent(0).gone.complete(Done.getInstance());
        replies.expectTerminated(actor);
    }

    private Assignment at(WorkerName worker, int incarnation, int generation) {
        Assignment here = Samples.assignment(spec, generation);
        return new Assignment(
                here.cluster(),
                here.placements().stream()
                        .map(place -> new Placement(
                                place.berth(),
                                worker,
                                place.firstHost(),
                                place.hostCount(),
                                place.generation(),
                                incarnation))
                        .toList(),
                generation);
    }

    @Test
    void confirmsASecondStartAndGoesOn() {
        start(1);
        reaches(HostPhase.PLACED);
        start(1);
        equipment.expectNoTransition();
        assertThat(equipment.residents.hosts()).isEqualTo(1);
    }

    @Test
    void refusesAnEarlierGeneration() {
        start(2);
        tellStart(1);
        assertThat(replies.receiveMessage().getError().getMessage()).contains("already runs as generation 2, not as 1");
    }

    @Test
    void beginsAgainAsAHigherGenerationOnceTheOldProcessIsGone() {
        boot();
        TestingProcess old = agent(0);
        start(2);
        eventually(old::isStopped);
        equipment.expectNoTransition();
        old.exit(143);
        old.gone.complete(Done.getInstance());
        assertThat(equipment.transition().generation()).isEqualTo(2);
        assertThat(equipment.processes.started()).hasSize(1);
        reaches(HostPhase.CREATED);
        assertThat(equipment.residents.hosts()).isEqualTo(1);
    }

    @Test
    void goesOnUndisturbedWhenOthersOfItsClusterArePlacedAgain() {
        boot();
        TestingProcess agent = agent(0);
        Assignment placed = Samples.assignment(spec, 1);
        Assignment moved = new Assignment(placed.cluster(), placed.placements(), 2);
        actor.tell(new HostCommand.Start(HOST, moved, replies.ref()));
        assertThat(replies.receiveMessage().isSuccess()).isTrue();
        equipment.expectNoTransition();
        assertThat(agent.isStopped()).isFalse();
        assertThat(describe().generation()).isEqualTo(1);
        tellStart(1);
        assertThat(replies.receiveMessage().getError().getMessage()).contains("already runs as generation 2, not as 1");
    }

    @Test
    void startsACrashedAgentAgainAfterThreeSecondsThenSixThenTwelve() {
        boot();
        for (int crash = 0; crash < 3; crash++) {
            agent(crash).exit(2);
            int crashes = crash + 1;
            eventually(() -> describe()
                    .lastError()
                    .filter(error -> error.attempts() == crashes)
                    .isPresent());
            TIME.timePasses(Duration.ofSeconds(3L << crash).minusMillis(1));
            assertThat(describe().awaiting()).contains("starts again soon");
            assertThat(equipment.processes.started()).hasSize(crash + 1);
            TIME.timePasses(Duration.ofMillis(1));
            agent(crash + 1);
        }
        eventually(() ->
                describe().process().filter(process -> process.restarts() == 3).isPresent());
        assertThat(describe().lastError().orElseThrow().message()).contains("exited with 2");
    }

    @Test
    void isLostWithAnAgentThatEndsByItselfDuringTheInstallation() {
        bootUntilInstalling();
        agent(0).exit(137);
        Failure failure = reaches(HostPhase.LOST).failure().orElseThrow();
        assertThat(failure.reason()).isEqualTo(Failure.AGENT_LOST);
        TIME.timePasses(Duration.ofMinutes(1));
        describe();
        assertThat(equipment.processes.started())
                .as("another one would only register again")
                .hasSize(1);
    }

    @Test
    void goesOnWithAnAgentThatDiesBetweenTheMarkerAndItsEnd() {
        bootUntilInstalling();
        equipment.workspace.makeMarker(HOST);
        agent(0).exit(137);
        reaches(HostPhase.REBOOTING);
    }

    private void bootUntilInstalling() {
        boot();
        seeAgent("installing-in-progress", "Writing image to disk");
        reaches(HostPhase.REGISTERED);
        reaches(HostPhase.KNOWN);
        reaches(HostPhase.PREPARING);
        reaches(HostPhase.INSTALLING);
    }

    @Test
    void waitsShortlyAgainAfterAnAgentThatLastedLong() {
        boot();
        agent(0).exit(2);
        eventually(() -> describe().lastError().isPresent());
        TIME.timePasses(Duration.ofSeconds(3));
        agent(1).startedAt = TestingEquipment.NOW.minusSeconds(61);
        eventually(() -> describe().process().isPresent());
        agent(1).exit(2);
        eventually(() -> describe().process().isEmpty());
        TIME.timePasses(Duration.ofSeconds(3));
        agent(2);
    }

    @Test
    void takesAnExitWithZeroWithoutAMarkerForACrash() {
        boot();
        agent(0).exit(0);
        eventually(() -> describe().awaiting().contains("starts again soon"));
    }

    @ParameterizedTest
    @ValueSource(ints = {409, 429, 500, 0})
    void triesAgainWhatTheHubDidNotDoAndShowsIt(int status) {
        equipment.hub.fail(new HubTrouble("apply was answered with " + status, status, Optional.empty(), null));
        equipment.hub.fail(new HubTrouble("apply was answered with " + status, status, Optional.empty(), null));
        start(1);
        reaches(HostPhase.PLACED);
        seeIso();
        Description.LastError first = lastError();
        assertThat(first.attempts()).isEqualTo(1);
        assertThat(first.message()).isEqualTo("apply was answered with " + status);
        TIME.timePasses(TestingEquipment.RETRY);
        eventually(() -> lastError().attempts() == 2);
        TIME.timePasses(TestingEquipment.RETRY);
        assertThat(describe().phase()).isEqualTo("placed");
        assertThat(equipment.hub.calls()).hasSize(2);
        TIME.timePasses(TestingEquipment.RETRY);
        reaches(HostPhase.CREATED);
    }

    @Test
    void waitsAsLongAsTheHubAsks() {
        equipment.hub.fail(new HubTrouble("too many requests", 429, Optional.of(Duration.ofSeconds(7)), null));
        start(1);
        reaches(HostPhase.PLACED);
        seeIso();
        lastError();
        TIME.timePasses(Duration.ofSeconds(6));
        describe();
        assertThat(equipment.hub.calls()).hasSize(1);
        // And up to as long again as it would have waited by itself.
        TIME.timePasses(Duration.ofSeconds(1).plus(TestingEquipment.RETRY));
        reaches(HostPhase.CREATED);
    }

    @Test
    void failsAtOnceWhenTheHubRefuses() {
        equipment.hub.fail(new HubRefusal(Side.PLAN, "ManifestRefused", "apply was answered with 422"));
        start(1);
        reaches(HostPhase.PLACED);
        seeIso();
        Failure failure = new Failure(Side.PLAN, "ManifestRefused", "apply was answered with 422");
        assertThat(reaches(HostPhase.FAILED).failure()).contains(failure);
        equipment.told.fishForMessage(
                Duration.ofSeconds(3),
                told -> told.command()
                                .equals(new ClusterCommand.HostReached(HOST, HostPhase.FAILED, Optional.of(failure)))
                        ? FishingOutcomes.complete()
                        : FishingOutcomes.continueAndIgnore());
        TIME.timePasses(Duration.ofMinutes(1));
        describe();
        assertThat(equipment.hub.calls()).hasSize(1);
    }

    @Test
    void failsByThePlanWhenItsCommandCannotBeRendered() {
        equipment.open(Samples.swarm(
                new RuntimeSpec.Exec(List.of("agent", "{{no.such}}"), Map.of(), List.of("controller"), Map.of()),
                new Manifests(List.of(), List.of(), List.of(), List.of())));
        bootUntilAgent();
        Failure failure = reaches(HostPhase.FAILED).failure().orElseThrow();
        assertThat(failure.side()).isEqualTo(Side.PLAN);
        assertThat(failure.reason()).isEqualTo("RuntimeInvalid");
    }

    @Test
    void downloadsAgainAfterAFailedDownload() {
        start(1);
        seeIso();
        seeMachine("ready", ISO);
        downloadOf(ISO).result.completeExceptionally(new IllegalStateException("the image service answered with 503"));
        assertThat(lastError().message()).isEqualTo("the image service answered with 503");
        TIME.timePasses(TestingEquipment.RETRY);
        eventually(() -> equipment.images.downloads().size() == 2);
    }

    /** Its own URL's token: nobody else can be to blame, and sending it again and again is of no use. */
    @ParameterizedTest
    @CsvSource({"401, Unauthorized", "403, Forbidden"})
    void failsWhenTheImageServiceKeepsRefusingItsUrl(int status, String reason) {
        start(1);
        reaches(HostPhase.PLACED);
        seeIso();
        reaches(HostPhase.CREATED);
        seeMachine("ready", ISO);
        reaches(HostPhase.DOWNLOADING);
        for (int time = 1; time <= ImageRefused.TIMES_THAT_DECIDE; time++) {
            refuseDownload(time, status);
            TIME.timePasses(Duration.ofMinutes(1));
        }
        Failure failure = reaches(HostPhase.FAILED).failure().orElseThrow();
        assertThat(failure.side()).isEqualTo(Side.SERVICE);
        assertThat(failure.reason()).isEqualTo(reason);
        assertThat(failure.message()).startsWith("the image service answered with " + status);
        assertThat(equipment.images.downloads()).hasSize(ImageRefused.TIMES_THAT_DECIDE);
    }

    @Test
    void countsNoRefusalsOfAnotherUrlOrBeforeAnotherAnswer() {
        start(1);
        reaches(HostPhase.PLACED);
        seeIso();
        reaches(HostPhase.CREATED);
        seeMachine("ready", ISO);
        reaches(HostPhase.DOWNLOADING);
        for (int time = 1; time < ImageRefused.TIMES_THAT_DECIDE; time++) {
            refuseDownload(time, 401);
            TIME.timePasses(Duration.ofMinutes(1));
        }
        download(5).result.completeExceptionally(new IllegalStateException("the image service answered with 503"));
        assertThat(lastError().message()).endsWith("503");
        TIME.timePasses(Duration.ofMinutes(1));
        refuseDownload(6, 401);
        seeMachine("ready", ISO + "?v=2");
        refuseDownload(7, 401);
        TIME.timePasses(Duration.ofMinutes(1));
        download(8).result.complete(new Downloaded(100, Duration.ofMillis(5)));
        reaches(HostPhase.BOOTED);
    }

    /** @param number of the download, from 1 */
    private TestingDownload download(int number) {
        eventually(() -> equipment.images.downloads().size() == number);
        return equipment.images.downloads().getLast();
    }

    private void refuseDownload(int number, int status) {
        download(number).result.completeExceptionally(ImageRefused.orTrouble(status));
        eventually(() -> lastError().message().contains("answered with " + status));
    }

    @Test
    void breaksOffTheDownloadOfAnImageThatIsNoLongerOffered() {
        start(1);
        seeIso();
        seeMachine("ready", ISO);
        TestingDownload first = downloadOf(ISO);
        seeMachine("ready", ISO + "?v=2");
        eventually(first.result::isCancelled);
        eventually(() -> equipment.images.downloads().size() == 2);
        assertThat(equipment.images.downloads().get(1).url).isEqualTo(ISO + "?v=2");
    }

    @Test
    void endsItsAgentBeforeTheMachineIsOfferedForAnotherImage() {
        boot();
        seeMachine("provisioned", "");
        eventually(agent(0)::isStopped);
        assertThat(equipment.hub.calls()).doesNotContain("available " + HOST);
        agent(0).exit(143);
        agent(0).gone.complete(Done.getInstance());
        eventually(() -> equipment.hub.calls().contains("available " + HOST));
    }

    @Test
    void failsWhenItsDeadlinePasses() {
        boot();
        TIME.timePasses(Samples.swarm().deadlines().registration());
        Failure failure = reaches(HostPhase.FAILED).failure().orElseThrow();
        assertThat(failure.reason()).isEqualTo("RegistrationTimeout");
        assertThat(failure.side()).isEqualTo(Side.SERVICE);
        assertThat(equipment.hub.calls()).filteredOn("as agent"::equals).hasSize(1);
    }

    /** Who brings a token of the service config is the plan's; who brings the InfraEnv's own has done nothing wrong. */
    @ParameterizedTest
    @CsvSource({
        "http://svc/images/byid/%s/4.18/x86_64/full.iso, PLAN",
        "http://svc/images/byapikey/%s/4.18/full.iso, SERVICE"
    })
    void saysThatItsAgentWasNotLetIn(String image, Side side) {
        String local = "eyJhbGciOiJFUzI1NiJ9."
                + Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString(("{\"infra_env_id\":\"" + Samples.INFRA_ENV_ID + "\"}")
                                .getBytes(StandardCharsets.UTF_8))
                + ".c2lnbmVk";
        String url = image.formatted(side == Side.PLAN ? Samples.INFRA_ENV_ID : local);
        equipment.hub.refuseAgents("401 {\"code\":401,\"message\":\"Failed to parse token\"}");
        boot();
        actor.tell(new HostCommand.InfraEnvSeen(new InfraEnvState(HOST.cluster(), url, "", "", "")));
        describe();
        TIME.timePasses(Samples.swarm().deadlines().registration());
        Failure failure = reaches(HostPhase.FAILED).failure().orElseThrow();
        assertThat(failure.reason()).isEqualTo("Unauthorized");
        assertThat(failure.side()).isEqualTo(side);
        assertThat(failure.message())
                .startsWith("the service does not accept the agents' token")
                .contains("401 {\"code\":401,\"message\":\"Failed to parse token\"}; no Agent in time");
    }

    /** Its token has run out, or is refused, in the middle: the service says no more than that the host has fallen silent. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void saysThatItsAgentIsNotLetInAnyMore(boolean late) {
        equipment.hub.refuseAgents("401 {\"code\":401,\"message\":\"token is expired\"}");
        bootUntilInstalling();
        assertThat(equipment.hub.calls()).doesNotContain("as agent");
        if (late) {
            TIME.timePasses(Samples.swarm().deadlines().installation());
        } else {
            seeAgent("error", "Writing image to disk");
            seeAgent("error", "Writing image to disk");
        }
        Failure failure = reaches(HostPhase.FAILED).failure().orElseThrow();
        assertThat(failure.reason()).isEqualTo(Failure.UNAUTHORIZED);
        assertThat(failure.side()).isEqualTo(Side.PLAN);
        assertThat(failure.message()).contains("token is expired\"}; ").contains(late ? "in time" : "the service says");
        assertThat(equipment.hub.calls()).filteredOn("as agent"::equals).hasSize(1);
    }

    /** In the middle, where nothing of it is to be seen any more; its agent is not asked about. */
    @Test
    void isThePlansFailureWhenItsUserIsNotAcceptedAnyMore() {
        bootUntilInstalling();
        actor.tell(new HostCommand.UserRefusedSeen(UserRefused.unauthorized(HOST.cluster(), "400 invalid_grant")));
        Failure failure = reaches(HostPhase.FAILED).failure().orElseThrow();
        assertThat(failure.side()).isEqualTo(Side.PLAN);
        assertThat(failure.reason()).isEqualTo(Failure.UNAUTHORIZED);
        assertThat(failure.message()).contains("400 invalid_grant");
        assertThat(equipment.hub.calls()).doesNotContain("as agent");
    }

    @Test
    void blamesTheServiceForAHostWhoseAgentItLetsIn() {
        bootUntilInstalling();
        seeAgent("error", "Writing image to disk");
        assertThat(reaches(HostPhase.FAILED).failure().orElseThrow().reason()).isEqualTo(Failure.HOST_ERROR);
        assertThat(equipment.hub.calls()).filteredOn("as agent"::equals).hasSize(1);
    }

    /** Whoever is not let in could not have registered: it has only been slow. */
    @Test
    void goesOnWhenItHasWhileTheServiceWasAsked() {
        CompletableFuture<Optional<String>> answer = new CompletableFuture<>();
        equipment.hub.askedAsAgent(answer);
        boot();
        TIME.timePasses(Samples.swarm().deadlines().registration());
        eventually(() -> equipment.hub.calls().contains("as agent"));
        assertThat(describe().awaiting()).startsWith("what the service says to its agent's token; no Agent in time");
        seeAgent("known", "");
        reaches(HostPhase.REGISTERED);
        reaches(HostPhase.KNOWN);
        answer.complete(Optional.of("401"));
        describe();
        equipment.expectNoTransition();
    }

    @Test
    void asksNothingAsItsAgentWhenSomethingElseIsLate() {
        equipment.hub.refuseAgents("401");
        start(1);
        reaches(HostPhase.PLACED);
        seeIso();
        reaches(HostPhase.CREATED);
        TIME.timePasses(Samples.swarm().deadlines().image());
        assertThat(reaches(HostPhase.FAILED).failure().orElseThrow().reason()).isEqualTo("ImageUrlTimeout");
        assertThat(equipment.hub.calls()).doesNotContain("as agent");
    }

    /** Where there are none: of a cluster by the REST API. */
    @Test
    void tellsNothingOfObjectsThatItsUserCannotLookAt() {
        spec = Samples.singleNode().withApi(ClusterApi.REST);
        start(1);
        reaches(HostPhase.PLACED);
        seeIso();
        actor.tell(new HostCommand.BareMetalHostSeen(new BareMetalHostState(HOST, "", ISO, true)));
        reaches(HostPhase.CREATED);
        reaches(HostPhase.DOWNLOADING);
        downloadOf(ISO).result.complete(new Downloaded(100, Duration.ofMillis(5)));
        reaches(HostPhase.BOOTED);
        assertThat(describe().toString())
                .contains("image offered, not registered")
                .doesNotContain("BareMetalHost", "Agent state", "InfraEnv");
    }

    @Test
    void saysItsDeadline() {
        boot();
        assertThat(describe().deadline())
                .contains(TestingEquipment.NOW.plus(Samples.swarm().deadlines().registration()));
    }

    @Test
    void confirmsAStopOnlyWhenTheProcessGroupIsGone() {
        boot();
        tellStop();
        eventually(agent(0)::isStopped);
        agent(0).exit(143);
        tellStop();
        replies.expectNoMessage(Duration.ofMillis(100));
        agent(0).gone.complete(Done.getInstance());
        assertThat(replies.receiveMessage().isSuccess()).isTrue();
        assertThat(replies.receiveMessage().isSuccess()).isTrue();
        reaches(HostPhase.STOPPED);
        replies.expectTerminated(actor);
        assertThat(equipment.residents.hosts()).isZero();
    }

    @Test
    void waitsForWhatACrashedAgentLeftBehindWhenItIsStopped() {
        boot();
        agent(0).exit(2);
        eventually(() -> describe().awaiting().contains("starts again soon"));
        tellStop();
        replies.expectNoMessage(Duration.ofMillis(100));
        agent(0).gone.complete(Done.getInstance());
        assertThat(replies.receiveMessage().isSuccess()).isTrue();
    }

    @Test
    void waitsForTheAgentOfAMachineThatIsBeingTakenDownWhenItIsStopped() {
        boot();
        seeMachine("provisioned", "");
        eventually(agent(0)::isStopped);
        tellStop();
        replies.expectNoMessage(Duration.ofMillis(100));
        agent(0).gone.complete(Done.getInstance());
        assertThat(replies.receiveMessage().isSuccess()).isTrue();
    }

    @Test
    void waitsForAStartThatIsUnderWayWhenItIsStopped() {
        equipment.processes.hold();
        bootUntilAgent();
        TestingProcess starting = agent(0);
        tellStop();
        replies.expectNoMessage(Duration.ofMillis(100));
        starting.completeStart();
        eventually(starting::isStopped);
        starting.gone.complete(Done.getInstance());
        assertThat(replies.receiveMessage().isSuccess()).isTrue();
    }

    @Test
    void refusesToStartWhileItIsBeingStopped() {
        boot();
        tellStop();
        eventually(agent(0)::isStopped);
        tellStart(2);
        assertThat(replies.receiveMessage().getError().getMessage()).contains("is just being stopped");
        agent(0).gone.complete(Done.getInstance());
    }

    @Test
    void confirmsTheStopOfAHostThatWasNeverStarted() {
        tellStop();
        assertThat(replies.receiveMessage().isSuccess()).isTrue();
        replies.expectTerminated(actor);
    }

    @Test
    void stopsItsAgentWhenTheActorItselfIsStopped() {
        boot();
        TEST_KIT.stop(actor);
        assertThat(agent(0).isStopped()).isTrue();
        assertThat(equipment.residents.hosts()).isZero();
    }

    @Test
    void makesTheMarkerOfASiblingThatRebootedElsewhere() {
        ClusterSpec three = Samples.cluster(3, 0);
        actor.tell(new HostCommand.Start(HOST, Samples.assignment(three, 1), replies.ref()));
        actor.tell(new HostCommand.SiblingRebooted(three.host(2)));
        describe();
        assertThat(equipment.workspace.hasMarker(three.host(2))).isTrue();
    }

    @Test
    void makesTheMarkerAgainOfAHostThatRebootedUnderAnEarlierActor() {
        seeIso();
        seeMachine("provisioned", ISO);
        seeAgent("installing-in-progress", "Rebooting");
        start(2);
        eventually(() -> equipment.workspace.hasMarker(HOST));
        assertThat(equipment.processes.started()).isEmpty();
        assertThat(equipment.hub.calls()).isEmpty();
    }

    @Test
    void bindsAHostLateAndStartsItsAgentAgainSoThatItRegistersWithItsCluster() {
        spec = Samples.special(Samples.lateBinding());
        boot();
        seeAgent("known-unbound", "");
        reaches(HostPhase.REGISTERED);
        reaches(HostPhase.UNBOUND);
        eventually(() -> equipment.hub.calls().getLast().equals("bind " + HOST));
        seeAgent("binding", "");
        eventually(agent(0)::isStopped);
        assertThat(equipment.processes.started()).hasSize(1);
        agent(0).gone.complete(Done.getInstance());
        agent(1);
        seeAgent("binding", "");
        seeAgent("discovering", "");
        seeAgent("known", "");
        reaches(HostPhase.KNOWN);
        assertThat(equipment.processes.started()).hasSize(2);
        assertThat(equipment.hub.calls().stream().filter(call -> call.startsWith("bind")))
                .hasSize(1);
        assertThat(describe().lastError()).isEmpty();
    }

    @Test
    void asksTheHubAgainWhenABindingFails() {
        spec = Samples.special(Samples.lateBinding());
        boot();
        equipment.hub.fail(new HubTrouble("conflict", 409, Optional.empty(), null));
        seeAgent("known-unbound", "");
        reaches(HostPhase.REGISTERED);
        reaches(HostPhase.UNBOUND);
        assertThat(lastError().message()).contains("conflict");
        TIME.timePasses(TestingEquipment.RETRY);
        eventually(() -> equipment.hub.calls().stream()
                        .filter(call -> call.startsWith("bind"))
                        .count()
                == 2);
    }

    @Test
    void goesTheConvergedWayAndDoesAgainOnlyWhatTheHubDidNotTake() {
        equipment.open(Samples.converged());
        start(1);
        reaches(HostPhase.PLACED);
        equipment.hub.fail(new HubTrouble("no answer", 0, Optional.empty(), null));
        seeIso();
        eventually(() -> equipment.hub.calls().equals(List.of("host " + HOST)));
        equipment.hub.fail(new HubTrouble("conflict", 409, Optional.empty(), null));
        TIME.timePasses(TestingEquipment.RETRY);
        eventually(() -> equipment.hub.calls().size() == 2);
        TIME.timePasses(TestingEquipment.RETRY.multipliedBy(4));
        reaches(HostPhase.CREATED);
        actor.tell(new HostCommand.PreprovisioningImageSeen(new PreprovisioningImageState(HOST, ISO, "")));
        reaches(HostPhase.DOWNLOADING);
        downloadOf(ISO).result.complete(new Downloaded(100, Duration.ofMillis(5)));
        eventually(() -> equipment.hub.calls().contains("available " + HOST));
        equipment.hub.fail(new HubTrouble("conflict", 409, Optional.empty(), null));
        seeDeployed("available");
        eventually(() -> lastError().message().equals("conflict"));
        TIME.timePasses(TestingEquipment.RETRY);
        reaches(HostPhase.BOOTED);
        seeDeployed("provisioning");
        seeAgent("installing-in-progress", "Writing image to disk");
        equipment.workspace.makeMarker(HOST);
        agent(0).exit(0);
        eventually(() -> equipment.hub.calls().contains("provisioned " + HOST));
        assertThat(equipment.hub.calls().stream().distinct())
                .containsExactly(
                        "host " + HOST,
                        "inspecting " + HOST,
                        "image " + HOST,
                        "available " + HOST,
                        "provisioning " + HOST,
                        "provisioned " + HOST);
        assertThat(equipment.hub.calls().stream().filter(("provisioning " + HOST)::equals))
                .hasSize(2);
    }

    @Test
    void followsAHostThatTheUserBindsAndNeverFailsIt() {
        spec = Samples.infraEnvOnly(1);
        boot();
        seeAgent("known-unbound", "");
        reaches(HostPhase.REGISTERED);
        reaches(HostPhase.DISCOVERED);
        seeAgent("binding", "");
        agent(0).gone.complete(Done.getInstance());
        agent(1);
        seeAgent("installing-in-progress", "Writing image to disk");
        reaches(HostPhase.KNOWN);
        reaches(HostPhase.PREPARING);
        reaches(HostPhase.INSTALLING);
        assertThat(describe().deadline()).isEmpty();
        seeAgent("error", "Writing image to disk");
        TIME.timePasses(Duration.ofDays(2));
        describe();
        equipment.expectNoTransition();
    }

    @Test
    void createsADayTwoHostWhenItHearsThatTheClusterIsInstalledAndSetsItsClockThen() {
        spec = new ClusterSpec(
                Samples.CLUSTER, 0, 0, false, false, Map.of(), ClusterTraits.PLAIN.withHosts(0, 1), Map.of());
        start(1);
        reaches(HostPhase.PLACED);
        seeIso();
        TIME.timePasses(Duration.ofDays(2));
        assertThat(describe().deadline()).isEmpty();
        assertThat(equipment.hub.calls()).isEmpty();
        actor.tell(new HostCommand.ClusterInstalled(Samples.CLUSTER));
        actor.tell(new HostCommand.ClusterInstalled(Samples.CLUSTER));
        reaches(HostPhase.CREATED);
        assertThat(equipment.hub.calls()).containsExactly("host " + HOST, "ready " + HOST);
        assertThat(describe().deadline()).isPresent();
    }

    private void boot() {
        bootUntilAgent();
        reaches(HostPhase.BOOTED);
    }

    private void bootUntilAgent() {
        start(1);
        reaches(HostPhase.PLACED);
        seeIso();
        seeMachine("ready", ISO);
        reaches(HostPhase.CREATED);
        reaches(HostPhase.DOWNLOADING);
        downloadOf(ISO).result.complete(new Downloaded(100, Duration.ofMillis(5)));
    }

    private void start(int generation) {
        tellStart(generation);
        assertThat(replies.receiveMessage().isSuccess()).isTrue();
    }

    private void tellStart(int generation) {
        Assignment assignment = Samples.assignment(spec, generation);
        actor.tell(new HostCommand.Start(HOST, assignment, replies.ref()));
    }

    private void tellStop() {
        actor.tell(new HostCommand.Stop("the swarm is stopped", true, replies.ref()));
    }

    private void seeIso() {
        actor.tell(new HostCommand.InfraEnvSeen(Samples.withIso()));
    }

    private void seeMachine(String state, String url) {
        actor.tell(new HostCommand.BareMetalHostSeen(Samples.machine(HOST, state, url)));
    }

    private void seeDeployed(String state) {
        actor.tell(new HostCommand.BareMetalHostSeen(
                new BareMetalHostState(HOST, state, "", false, "start_assisted_install", false)));
    }

    private void seeAgent(String state, String stage) {
        actor.tell(new HostCommand.AgentSeen(Samples.agent(HOST, state, stage)));
    }

    private Transition.OfHost reaches(HostPhase phase) {
        Transition.OfHost reached = (Transition.OfHost) equipment.transition();
        assertThat(reached.phase()).isEqualTo(phase);
        return reached;
    }

    private TestingDownload downloadOf(String url) {
        eventually(() -> !equipment.images.downloads().isEmpty());
        TestingDownload last = equipment.images.downloads().getLast();
        assertThat(last.url).isEqualTo(url);
        return last;
    }

    private TestingProcess agent(int index) {
        eventually(() -> equipment.processes.started().size() > index);
        return equipment.processes.started().get(index);
    }

    private Description.LastError lastError() {
        eventually(() -> describe().lastError().isPresent());
        return describe().lastError().orElseThrow();
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
