package io.assistedswarm.coordinator.swarm;

import static io.assistedswarm.coordinator.Samples.clusters;
import static io.assistedswarm.coordinator.Samples.plan;
import static io.assistedswarm.coordinator.Samples.reached;
import static io.assistedswarm.coordinator.Samples.spec;
import static org.assertj.core.api.Assertions.assertThat;

import io.assistedswarm.coordinator.api.Views.SwarmState;
import io.assistedswarm.coordinator.api.Views.SwarmView;
import io.assistedswarm.coordinator.api.Views.Verdict;
import io.assistedswarm.coordinator.plan.Pace;
import io.assistedswarm.coordinator.plan.SwarmPlan;
import io.assistedswarm.coordinator.swarm.TestingFleet.Told;
import io.assistedswarm.protocol.Assignment;
import io.assistedswarm.protocol.BerthId;
import io.assistedswarm.protocol.ClusterCommand;
import io.assistedswarm.protocol.ClusterPhase;
import io.assistedswarm.protocol.ClusterSpec;
import io.assistedswarm.protocol.HostCommand;
import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.HostPhase;
import io.assistedswarm.protocol.Observations.AgentState;
import io.assistedswarm.protocol.Placement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.pattern.StatusReply;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A swarm whose messages to the workers' actors do not all come, with hosts that know only what they have been told. */
class LostMessagesTest extends TestingSwarm {
    private static final ActorTestKit TEST_KIT = ActorTestKit.create(ManualTime.config());
    private static final SwarmPlan PLAN = plan(Pace.UNLIMITED, clusters(3, 1, 3));

    /** Each takes a tenth of a second of real time. */
    private static final Duration STEP = Duration.ofMillis(2500);

    /** Entities whose actor knows that it has been started. */
    private final Set<String> started = ConcurrentHashMap.newKeySet();
    /** Those whose actor knows that the service has installed them. */
    private final Set<String> installed = ConcurrentHashMap.newKeySet();

    LostMessagesTest() {
        super(TEST_KIT);
    }

    @AfterAll
    static void stopSystem() {
        TEST_KIT.shutdownTestKit();
    }

    @BeforeEach
    void startSwarm() {
        submit(PLAN);
        fleet.hosts = this::onTold;
        fleet.clusters = this::onTold;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 5})
    void everyHostReachesItsEndThoughHalfOfTheMessagesAreLost(long seed) {
        Random random = new Random(seed);
        Map<String, Integer> inARow = new ConcurrentHashMap<>();
        // Four lost ones in a row are within the time that a start may take; without a bound some host would now and
        // then have nine.
        fleet.lost = message -> isNoStop(message)
                && inARow.merge(message.to(), 1, (before, one) -> random.nextBoolean() && before < 4 ? before + 1 : 0)
                        > 0;
        grantAll();
        passUntilStarted(12 + 3);
        installAll();
        passQuickly(Duration.ofSeconds(40));
        SwarmView view = view();
        assertThat(view.hosts()).isEqualTo(Map.of("installed", 12));
        assertThat(view.state()).isEqualTo(SwarmState.DONE);
        assertThat(view.verdict()).isEqualTo(Verdict.PASSED);
    }

    @Test
    void aLostActorIsStartedAgain() {
        grantAll();
        passUntilStarted(12 + 3);
        fleet.there.clear();
        started.clear();
        passQuickly(Duration.ofSeconds(45));
        assertThat(started).hasSize(12 + 3);
    }

    @Test
    void aLostActorOfAnInstalledClusterIsStartedAgainInTime() {
        grantAll();
        passUntilStarted(12 + 3);
        fleet.there.values().removeIf(entity -> entity.endsWith("-2-1"));
        started.removeIf(entity -> entity.endsWith("-2-1"));
        installAll();
        passQuickly(Duration.ofSeconds(40));
        assertThat(view().hosts()).isEqualTo(Map.of("installed", 12));
    }

    @Test
    void aStartWhoseAnswerNobodyWaitsForCrossesTheWire() {
        ClusterSpec cluster = PLAN.expand(spec().id()).getFirst();
        Assignment assignment =
                new Assignment(cluster, List.of(new Placement(new BerthId("a-1"), A, 0, cluster.hostCount())), 1);
        HostCommand.Start start = new HostCommand.Start(
                cluster.hosts().getFirst(), assignment, TEST_KIT.system().ignoreRef());
        // There it is an address at which nobody is: not the same, and just as silent.
        HostCommand.Start arrived = TEST_KIT.serializationTestKit().verifySerialization(start, false);
        assertThat(arrived.host()).isEqualTo(start.host());
        assertThat(arrived.assignment()).isEqualTo(assignment);
        arrived.replyTo().tell(StatusReply.ack());
    }

    private static boolean isNoStop(Told message) {
        return !(message.command() instanceof HostCommand.Stop) && !(message.command() instanceof ClusterCommand.Stop);
    }

    private void onTold(Told told) {
        if (told.command() instanceof HostCommand.Start || told.command() instanceof ClusterCommand.Start) {
            started.add(told.to());
        }
        if (told.command() instanceof HostCommand.AgentSeen seen
                && seen.state().state().equals("installed")) {
            installed.add(told.to());
        }
        if (told.command() instanceof HostCommand && started.contains(told.to()) && installed.contains(told.to())) {
            HostId host = HostId.parse(told.to().substring(told.to().indexOf('/') + 1))
                    .orElseThrow();
            swarm.tell(new SwarmActor.Reached(List.of(reached(host, HostPhase.INSTALLED, 1))));
        }
    }

    private void grantAll() {
        for (ClusterSpec cluster : PLAN.expand(spec().id())) {
            queued();
            grant(
                    cluster.id(),
                    new Placement(new BerthId("a-" + (cluster.id().index() + 1)), A, 0, cluster.hostCount()));
        }
    }

    private void passUntilStarted(int entities) {
        for (int i = 0; i < 40 && started.size() < entities; i++) {
            passQuickly(STEP);
        }
        assertThat(started).hasSize(entities);
        passQuickly(STEP);
    }

    /** The hub's last words: nothing changes there any more. */
    private void installAll() {
        for (ClusterSpec cluster : PLAN.expand(spec().id())) {
            cluster.hosts()
                    .forEach(host ->
                            hub.observer.join().agent(new AgentState(host, "installed", "Done", "Done", List.of())));
            swarm.tell(new SwarmActor.Reached(List.of(reached(cluster.id(), ClusterPhase.INSTALLED, 1))));
        }
    }

    private void passQuickly(Duration duration) {
        pass(duration, STEP);
    }
}
