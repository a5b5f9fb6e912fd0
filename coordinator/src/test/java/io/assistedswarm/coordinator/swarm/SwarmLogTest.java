package io.assistedswarm.coordinator.swarm;

import static io.assistedswarm.coordinator.Samples.SWARM;
import static io.assistedswarm.coordinator.Samples.cluster;
import static io.assistedswarm.coordinator.Samples.clusters;
import static io.assistedswarm.coordinator.Samples.plan;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.filter.ThresholdFilter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.assistedswarm.coordinator.api.Views.SwarmState;
import io.assistedswarm.coordinator.api.Views.Verdict;
import io.assistedswarm.coordinator.plan.Pace;
import io.assistedswarm.coordinator.plan.SwarmPlan;
import io.assistedswarm.coordinator.record.Change;
import io.assistedswarm.protocol.ClusterPhase;
import io.assistedswarm.protocol.HostPhase;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.slf4j.LoggerFactory;

/** Who reads the log as JSON finds all lines of a swarm by its id. */
@Isolated("it reads what this JVM logs")
class SwarmLogTest extends TestingSwarm {
    private static final ActorTestKit TEST_KIT = ActorTestKit.create("SwarmLogTest", ManualTime.config());
    private static final Logger ALL = (Logger) LoggerFactory.getLogger("io.assistedswarm");
    private static final SwarmPlan PLAN = plan(Pace.UNLIMITED, clusters(1, 1, 0));

    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

    SwarmLogTest() {
        super(TEST_KIT);
    }

    @AfterAll
    static void stopSystem() {
        TEST_KIT.shutdownTestKit();
    }

    @BeforeEach
    void listen() {
        // Below that Pekko says of its own what it does with a timer, by the actor's logger and outside of the actor.
        ThresholdFilter ours = new ThresholdFilter();
        ours.setLevel("INFO");
        ours.start();
        lines.addFilter(ours);
        lines.start();
        ALL.addAppender(lines);
    }

    @AfterEach
    void listenNoMore() {
        ALL.detachAppender(lines);
    }

    @Test
    void everyLineOfASwarmHasItsIdAndOfAClusterThatOfTheCluster() {
        submit(PLAN);
        grant(0);
        fleet.told.receiveSeveralMessages(3);
        end(0, ClusterPhase.INSTALLED, HostPhase.INSTALLED);
        passUntil(() -> view().state() == SwarmState.DONE);
        ask(replyTo -> new SwarmsCommand.Delete(SWARM, false, replyTo));
        awaitState(SwarmState.DELETING);

        // Pekko's own DEBUG lines, of timers for example, come before an actor's ids are set.
        assertThat(lines.list)
                .filteredOn(line -> line.getLevel().isGreaterOrEqual(Level.INFO))
                .isNotEmpty()
                .allSatisfy(line -> assertThat(line.getMDCPropertyMap())
                        .as(line.getFormattedMessage())
                        .containsEntry("swarm", SWARM.value()));
        assertThat(lines.list)
                .filteredOn(line -> line.getFormattedMessage().startsWith("cluster ["))
                .extracting(line -> line.getMDCPropertyMap().get("cluster"))
                .containsExactly(cluster(0).name(), cluster(0).name());
    }

    @Test
    void alsoThoseOfTheFirstStepsOfASwarmThatIsTakenUpAgain() {
        resume(
                PLAN,
                List.of(new Change.SwarmReached(
                        SWARM, SwarmState.CANCELLING, Verdict.NONE, List.of(), Optional.empty())));
        awaitState(SwarmState.CANCELLED);

        assertThat(lines.list)
                .isNotEmpty()
                .allSatisfy(line -> assertThat(line.getMDCPropertyMap())
                        .as(line.getFormattedMessage())
                        .containsEntry("swarm", SWARM.value()));
    }
}
