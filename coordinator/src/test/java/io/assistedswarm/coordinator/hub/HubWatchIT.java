package io.assistedswarm.coordinator.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.assistedswarm.coordinator.api.Views.HubTroubleView;
import io.assistedswarm.protocol.BareMetalFlow;
import io.assistedswarm.protocol.ClusterId;
import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.Labels;
import io.assistedswarm.protocol.Observations.AgentClusterInstallState;
import io.assistedswarm.protocol.Observations.AgentState;
import io.assistedswarm.protocol.Observations.BareMetalHostState;
import io.assistedswarm.protocol.Observations.InfraEnvState;
import io.assistedswarm.protocol.Observations.PreprovisioningImageState;
import io.assistedswarm.protocol.Observations.UserRefused;
import io.assistedswarm.protocol.SwarmId;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.slf4j.LoggerFactory;

/** What actors are told of a hub that does not always answer. */
@Execution(ExecutionMode.CONCURRENT)
class HubWatchIT {
    private static final SwarmId SWARM = new SwarmId("night");
    private static final HostId HOST = new HostId(new ClusterId(SWARM, 0), 0);
    private static final String UUID = "6f7e1a0c-0000-0000-0000-000000000000";
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final List<String> states = new CopyOnWriteArrayList<>();
    private final List<PreprovisioningImageState> images = new CopyOnWriteArrayList<>();
    private final List<UserRefused> refusals = new CopyOnWriteArrayList<>();
    private final Queue<Runnable> checks = new ConcurrentLinkedQueue<>();
    private volatile Duration passed = Duration.ZERO;
    private final HubHealth health = KubeHub.health(() -> Instant.now().plus(passed));
    private TestingKubeApi api;
    private KubernetesClient client;
    private Optional<HubWatch> watch = Optional.empty();

    @BeforeEach
    void start() throws IOException {
        api = new TestingKubeApi();
        client = KubeHub.client(
                new ConfigBuilder(Config.empty()).withMasterUrl(api.url()).build(), "test", health);
    }

    @AfterEach
    void stop() {
        watch.ifPresent(HubWatch::close);
        client.close();
        api.close();
    }

    @Test
    void tellsAllOfAnObjectThatWasThereBefore() {
        agent("known");
        watch();
        awaitStates("known");
    }

    @Test
    void tellsEachChangeOnce() {
        watchAnAgent();
        agent("known");
        agent("installed");
        awaitStates("insufficient", "known", "installed");
    }

    @Test
    void goesOnWhereADroppedWatchStopped() {
        watchAnAgent();
        api.dropWatches();
        agent("preparing-for-installation");
        agent("installed");
        awaitStates("insufficient", "known", "preparing-for-installation", "installed");
    }

    @Test
    void listsAgainWhenTheVersionIsGone() {
        watchAnAgent();
        api.dropWatches();
        agent("preparing-for-installation");
        agent("installed");
        api.forgetHistory();
        awaitStates("insufficient", "known", "installed");
    }

    @Test
    void goesOnAfterTheHubRefusedTheWatch() {
        watchAnAgent();
        api.fail(3, HubWatchIT::watchesAgents, 500, Map.of());
        api.dropWatches();
        agent("installed");
        awaitStates("insufficient", "known", "installed");
        assertThat(api.hasFaults()).isFalse();
    }

    /** As when the connection breaks in the moment in which it is made, which the client is never told. */
    @Test
    void beginsAWatchAnewThatGetsNoAnswer() {
        watchAnAgent();
        api.neverAnswer(HubWatchIT::watchesAgents);
        api.dropWatches();
        await().atMost(PATIENCE).until(() -> !api.hasFaults());
        agent("installed");
        // Over plain HTTP a bookmark may still come.
        looks(9);
        assertThat(states).containsExactly("insufficient", "known");
        looks(1);
        awaitStates("insufficient", "known", "installed");
    }

    @Test
    void leavesAWatchAloneThatHasAConnection() {
        watchAnAgent();
        long lists = listsOfAgents();
        looks(30);
        agent("installed");
        awaitStates("insufficient", "known", "installed");
        assertThat(listsOfAgents()).isEqualTo(lists);
    }

    @Test
    void goesOnCheckingWhenAWatchCannotBeBegun() {
        watchAnAgent();
        client.close();
        looks(20);
        assertThat(checks).hasSize(1);
    }

    @Test
    void checksNothingAfterItsEnd() {
        watchAnAgent();
        watch.orElseThrow().close();
        check();
        assertThat(checks).isEmpty();
    }

    @Test
    void saysWhatTheHubRefusesSinceWhenAndWhenItIsTriedAgain() {
        watchAnAgent();
        assertThat(health.troubles()).isEmpty();
        api.fail(5, HubWatchIT::watchesAgents, 500, Map.of());
        api.dropWatches();
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(health.troubles())
                        .singleElement()
                        .satisfies(trouble -> {
                            assertThat(trouble.request()).isEqualTo("WATCH agents");
                            assertThat(trouble.error()).isEqualTo("status 500");
                            assertThat(trouble.attempts()).isGreaterThan(2);
                            assertThat(trouble.nextTry())
                                    .hasValueSatisfying(next -> assertThat(next)
                                            .isBetween(
                                                    trouble.last().plusMillis(900),
                                                    trouble.last().plusSeconds(9)));
                        }));
        await().atMost(PATIENCE).until(() -> health.troubles().isEmpty());
        assertThat(api.hasFaults()).isFalse();
    }

    @Test
    void saysThatTheHubIsAwayUntilItIsBack() throws IOException {
        watchAnAgent();
        api.stop();
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(health.troubles())
                        .extracting(HubTroubleView::request)
                        .contains("WATCH agents", "WATCH infraenvs"));
        api.start();
        await().atMost(PATIENCE).until(() -> health.troubles().isEmpty());
    }

    @Test
    void waitsForABusyHub() {
        api.fail(4, HubWatchIT::listsAgents, 429, Map.of("Retry-After", "1"));
        agent("known");
        watch();
        awaitStates("known");
        assertThat(api.hasFaults()).isFalse();
    }

    @Test
    void startsThoughTheFirstListsFail() {
        api.fail(5, HubWatchIT::listsAgents, 500, Map.of());
        agent("known");
        watch();
        awaitStates("known");
    }

    @Test
    void bearsAHubThatIsAwayForSomeSeconds() throws IOException {
        watchAnAgent();
        api.stop();
        await().pollDelay(Duration.ofSeconds(4)).until(() -> true);
        agent("installed");
        api.start();
        awaitStates("insufficient", "known", "installed");
    }

    @Test
    void saysNothingOfOthersObjects() {
        watchAnAgent();
        api.put(Kinds.AGENT, "night-0", UUID, "other", status("error"));
        api.put(Kinds.AGENT, "night-0", "11111111-0000-0000-0000-000000000000", "night", status("error"));
        api.put(Kinds.AGENT, "night-0", UUID, "night", status("installed"));
        awaitStates("insufficient", "known", "installed");
    }

    @Test
    void tellsOfPreprovisioningImagesInTheConvergedFlow() {
        api.put(Kinds.PREPROVISIONING_IMAGE, "night-0", HOST.name(), "night", image("False", "too new"));
        watch(BareMetalFlow.CONVERGED);
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(images).containsExactly(new PreprovisioningImageState(HOST, "", "too new")));
        api.put(Kinds.PREPROVISIONING_IMAGE, "night-0", HOST.name(), "night", image("True", "fine"));
        await().atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(images).endsWith(new PreprovisioningImageState(HOST, "http://images/iso", "")));
    }

    @Test
    void asksForNoPreprovisioningImagesInTheOtherFlow() {
        agent("known");
        watch();
        awaitStates("known");
        await().atMost(PATIENCE).until(() -> api.watchesOf(Kinds.BARE_METAL_HOST) == 1);
        assertThat(api.requests).noneMatch(request -> request.contains("preprovisioningimages"));
    }

    private static String image(String ready, String message) {
        return """
                {"status":{"imageUrl":"http://images/iso","conditions":[
                  {"type":"Ready","status":"%s","reason":"Some","message":"%s"}]}}""".formatted(ready, message);
    }

    private static boolean listsAgents(String request) {
        return request.contains("/agents?") && !request.contains("watch=true");
    }

    private static boolean watchesAgents(String request) {
        return request.contains("/agents?") && request.contains("watch=true");
    }

    @Test
    void tellsOfAPullSecretThatTheServiceRefuses() {
        String words = "invalid pull secret data in secret s {}: pull secret token does not match current user";
        refusedObject(Kinds.AGENT_CLUSTER_INSTALL, "night-0", "SpecSynced", words);
        refusedObject(Kinds.INFRA_ENV, "night-1", "ImageCreated", words);
        watch();
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(refusals)
                        .extracting(
                                refused -> refused.cluster().name(),
                                refused -> refused.failure().reason())
                        .containsExactlyInAnyOrder(tuple("night-0", "Unauthorized"), tuple("night-1", "Unauthorized")));
    }

    /** What the client itself says has none: one client serves all swarms. */
    @Test
    void everyLineAboutARefusedWatchHasItsSwarm() {
        Logger ours = (Logger) LoggerFactory.getLogger("io.assistedswarm");
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        ours.addAppender(lines);
        try {
            watchAnAgent();
            api.fail(2, HubWatchIT::watchesAgents, 500, Map.of());
            api.dropWatches();
            agent("installed");
            awaitStates("insufficient", "known", "installed");
        } finally {
            ours.detachAppender(lines);
        }
        assertThat(List.copyOf(lines.list))
                .filteredOn(line -> line.getLoggerName().equals(HubHealth.class.getName())
                        && "night".equals(line.getMDCPropertyMap().get("swarm")))
                .extracting(ILoggingEvent::getFormattedMessage)
                .containsSubsequence(
                        "the hub does not do what it is asked: WATCH agents: [status 500]",
                        "the hub does again what it is asked: WATCH agents");
    }

    private void refusedObject(Kinds kind, String cluster, String condition, String message) {
        api.put(kind, cluster, cluster, "night", """
                {"metadata": {"labels": {"%s": "%s"}},
                 "status": {"conditions": [{"type": "%s", "status": "False", "reason": "x", "message": "%s"}]}}
                """.formatted(Labels.CLUSTER, cluster, condition, message));
    }

    private void looks(int count) {
        for (int i = 0; i < count; i++) {
            passed = passed.plus(HubWatch.LOOK);
            check();
        }
    }

    private void check() {
        checks.remove().run();
    }

    /** Of both: a watch has the same path. */
    private long listsOfAgents() {
        return api.requests.stream()
                .filter(request -> request.endsWith("/agents"))
                .count();
    }

    private void watchAnAgent() {
        agent("insufficient");
        watch();
        awaitStates("insufficient");
        await().atMost(PATIENCE).until(() -> api.watchesOf(Kinds.AGENT) == 1);
        // The client takes a watch that ends before it said anything for an outdated one, and lists again.
        agent("known");
        awaitStates("insufficient", "known");
    }

    private void watch() {
        watch(BareMetalFlow.IMAGE);
    }

    private void watch(BareMetalFlow flow) {
        watch = Optional.of(new HubWatch(
                client,
                SWARM,
                flow,
                uuid -> Optional.of(HOST).filter(host -> uuid.equals(UUID)),
                new Hub.Observer() {
                    @Override
                    public void infraEnv(InfraEnvState state) {
                        assertThat(state.imageMessage()).isNotEmpty();
                    }

                    @Override
                    public void agentClusterInstall(AgentClusterInstallState state) {
                        assertThat(state.message()).isNotEmpty();
                    }

                    @Override
                    public void bareMetalHost(BareMetalHostState state) {
                        throw new AssertionError("there is no BareMetalHost");
                    }

                    @Override
                    public void preprovisioningImage(PreprovisioningImageState state) {
                        images.add(state);
                    }

                    @Override
                    public void agent(AgentState state) {
                        states.add(state.state());
                    }

                    @Override
                    public void userRefused(UserRefused state) {
                        refusals.add(state);
                    }
                },
                health,
                checks::add));
    }

    private void agent(String state) {
        api.put(Kinds.AGENT, "night-0", UUID, "night", status(state));
    }

    private static String status(String state) {
        return "{\"status\":{\"debugInfo\":{\"state\":\"" + state + "\"}}}";
    }

    private void awaitStates(String... expected) {
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(states).containsExactly(expected));
    }
}
