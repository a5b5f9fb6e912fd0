package io.assistedswarm.coordinator.swarm;

import static io.assistedswarm.coordinator.Samples.START;
import static io.assistedswarm.coordinator.Samples.SWARM;
import static io.assistedswarm.coordinator.Samples.clusters;
import static io.assistedswarm.coordinator.Samples.plan;
import static io.assistedswarm.coordinator.Samples.reached;
import static org.assertj.core.api.Assertions.assertThat;

import io.assistedswarm.coordinator.api.Views.ObstacleView;
import io.assistedswarm.coordinator.plan.Pace;
import io.assistedswarm.coordinator.swarm.SwarmsCommand.NotFound;
import io.assistedswarm.protocol.Assignment;
import io.assistedswarm.protocol.BerthId;
import io.assistedswarm.protocol.ClusterId;
import io.assistedswarm.protocol.ClusterPhase;
import io.assistedswarm.protocol.ClusterSpec;
import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.HostPhase;
import io.assistedswarm.protocol.Observations.AgentClusterInstallState;
import io.assistedswarm.protocol.Observations.AgentState;
import io.assistedswarm.protocol.Observations.Unmet;
import io.assistedswarm.protocol.Placement;
import io.assistedswarm.protocol.WorkerName;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.pattern.StatusReply;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class ObstaclesTest {
    private static final ActorTestKit KIT = ActorTestKit.create();
    private static final List<ClusterSpec> CLUSTERS =
            plan(Pace.UNLIMITED, clusters(3, 2, 0)).expand(SWARM);
    private static final String NTP =
            "The agent's validations are failing: Host couldn't synchronize with any NTP server";

    private final Progress progress = new Progress(CLUSTERS, START);
    private final Sightings sightings = new Sightings();
    private final Obstacles obstacles = new Obstacles(progress, sightings);

    @AfterAll
    static void shutDown() {
        KIT.shutdownTestKit();
    }

    @Test
    void saysWhichConditionHoldsAHostUpSinceWhenAndHowManyShareIt() {
        place();
        for (ClusterSpec cluster : CLUSTERS) {
            for (HostId host : cluster.hosts()) {
                sightings.see(insufficient(host, NTP, START.plusSeconds(60L + host.index())));
            }
        }
        HostId host = CLUSTERS.get(1).host(1);

        assertThat(asked(Optional.of(host.cluster()), Optional.of(host)))
                .containsExactly(new ObstacleView(
                        "host",
                        "Agent",
                        "Validated",
                        "ValidationsFailing",
                        NTP,
                        Optional.of(START.plusSeconds(61)),
                        1,
                        List.of(host.name()),
                        6));
    }

    @Test
    void ofAClusterItNamesItsOwnAndThoseOfItsHosts() {
        place();
        ClusterId cluster = CLUSTERS.getFirst().id();
        sightings.see(install(cluster, "2 hosts are not ready"));
        sightings.see(install(CLUSTERS.get(1).id(), "3 hosts are not ready"));
        sightings.see(insufficient(CLUSTERS.getFirst().host(0), NTP, START));

        List<ObstacleView> found = asked(Optional.of(cluster), Optional.empty());
        assertThat(found).extracting(ObstacleView::object).containsExactly("AgentClusterInstall", "Agent");
        assertThat(found.getFirst().message()).isEqualTo("2 hosts are not ready");
        assertThat(found.getFirst().inSwarm())
                .as("those whose message differs by a number only")
                .isEqualTo(2);
    }

    @Test
    void ofASwarmTheMostSharedComesFirst() {
        place();
        sightings.see(insufficient(CLUSTERS.get(0).host(0), "no disk", START));
        for (ClusterSpec cluster : CLUSTERS) {
            sightings.see(insufficient(cluster.host(1), NTP, START));
        }

        List<ObstacleView> found = asked(Optional.empty(), Optional.empty());
        assertThat(found).extracting(ObstacleView::message).containsExactly(NTP, "no disk");
        assertThat(found.getFirst().count()).isEqualTo(3);
        assertThat(found.getFirst().examples())
                .containsExactly(
                        CLUSTERS.get(0).host(1).name(),
                        CLUSTERS.get(1).host(1).name(),
                        CLUSTERS.get(2).host(1).name());
    }

    @Test
    void whatIsAtItsEndIsHeldUpByNothing() {
        place();
        HostId host = CLUSTERS.getFirst().host(0);
        sightings.see(insufficient(host, NTP, START));
        sightings.see(install(host.cluster(), "not ready"));
        progress.apply(reached(host, HostPhase.INSTALLED, 5));
        progress.apply(reached(host.cluster(), ClusterPhase.INSTALLED, 5));

        assertThat(asked(Optional.empty(), Optional.empty())).isEmpty();
    }

    @Test
    void aHostThatIsBeingInstalledIsAtItsStage() {
        place();
        HostId host = CLUSTERS.getFirst().host(0);
        progress.apply(reached(host, HostPhase.INSTALLING, 5));
        sightings.see(new AgentState(
                host, "installing-in-progress", "", "Writing image to disk", List.of(unmet("Ready", "no", START))));

        ObstacleView found =
                asked(Optional.of(host.cluster()), Optional.of(host)).getFirst();
        assertThat(found.condition()).isEqualTo("state");
        assertThat(found.reason()).isEqualTo("installing-in-progress");
        assertThat(found.message()).isEqualTo("Writing image to disk");
        assertThat(found.since()).contains(START.plusSeconds(5));
    }

    @Test
    void refusesWhatIsNotThere() {
        TestProbe<StatusReply<List<ObstacleView>>> probe = KIT.createTestProbe();
        obstacles.answer(new SwarmsCommand.GetObstacles(
                SWARM, Optional.of(new ClusterId(SWARM, 99)), Optional.empty(), probe.ref()));
        assertThat(probe.receiveMessage().getError()).isInstanceOf(NotFound.class);
    }

    private List<ObstacleView> asked(Optional<ClusterId> cluster, Optional<HostId> host) {
        TestProbe<StatusReply<List<ObstacleView>>> probe = KIT.createTestProbe();
        obstacles.answer(new SwarmsCommand.GetObstacles(SWARM, cluster, host, probe.ref()));
        return probe.receiveMessage().getValue();
    }

    private void place() {
        for (ClusterSpec cluster : CLUSTERS) {
            progress.placed(new Assignment(
                    cluster, List.of(new Placement(new BerthId("w1-0"), new WorkerName("w1"), 0, 2)), 1));
        }
    }

    private static AgentState insufficient(HostId host, String message, Instant since) {
        return new AgentState(host, "insufficient", "", "", List.of(unmet("Validated", message, since)));
    }

    private static AgentClusterInstallState install(ClusterId cluster, String message) {
        return new AgentClusterInstallState(
                cluster,
                "insufficient",
                "",
                "",
                0,
                false,
                false,
                "",
                false,
                List.of(unmet("RequirementsMet", message, START)));
    }

    private static Unmet unmet(String type, String message, Instant since) {
        return new Unmet(type, type.equals("Validated") ? "ValidationsFailing" : "NotMet", message, Optional.of(since));
    }
}
