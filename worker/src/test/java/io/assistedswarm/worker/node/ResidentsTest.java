package io.assistedswarm.worker.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.assistedswarm.protocol.ClusterCommand;
import io.assistedswarm.protocol.ClusterCommand.HostsAway;
import io.assistedswarm.protocol.ClusterId;
import io.assistedswarm.protocol.HostCommand;
import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.Observations.AgentState;
import io.assistedswarm.protocol.Observations.Observation;
import io.assistedswarm.protocol.Observations.UserRefused;
import io.assistedswarm.protocol.WireMessage;
import io.assistedswarm.protocol.WorkerCommand.Observed;
import io.assistedswarm.protocol.WorkerCommand.ObservedTaken;
import io.assistedswarm.worker.Samples;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class ResidentsTest {
    private static final ActorTestKit TEST_KIT = ActorTestKit.create();
    private static final ActorRef<ObservedTaken> NOBODY = TEST_KIT.system().ignoreRef();
    private static final ClusterId CLUSTER = Samples.CLUSTER;
    private static final HostId FIRST = new HostId(CLUSTER, 0);
    private static final HostId SECOND = new HostId(CLUSTER, 1);
    private static final AgentState OF_SECOND = new AgentState(SECOND, "known", "", "", List.of());

    private final Residents residents = new Residents();
    private final List<WireMessage> cluster = new ArrayList<>();
    private final List<WireMessage> first = new ArrayList<>();
    private final List<WireMessage> second = new ArrayList<>();

    @AfterAll
    static void stopSystem() {
        TEST_KIT.shutdownTestKit();
    }

    @Test
    void eachIsToldWhatConcernsIt() {
        allCome();
        HostsAway away = new HostsAway(CLUSTER, List.of(FIRST));
        ObservedTaken taken = residents.tell(observed(
                List.of(Samples.withIso(), Samples.install("ready", ""), OF_SECOND),
                List.of(away),
                List.of(),
                List.of()));
        assertThat(cluster)
                .containsExactly(
                        new ClusterCommand.InfraEnvSeen(Samples.withIso()),
                        new ClusterCommand.AgentClusterInstallSeen(Samples.install("ready", "")),
                        away);
        assertThat(first).containsExactly(new HostCommand.InfraEnvSeen(Samples.withIso()));
        assertThat(second)
                .containsExactly(new HostCommand.InfraEnvSeen(Samples.withIso()), new HostCommand.AgentSeen(OF_SECOND));
        assertThat(taken).isEqualTo(new ObservedTaken(7, List.of(), List.of()));
    }

    @Test
    void aClusterAndItsHostsAreToldThatTheirUserIsNotAccepted() {
        allCome();
        UserRefused refused = UserRefused.unauthorized(CLUSTER, "invalid_grant");
        assertThat(residents.tell(observed(List.of(refused), List.of(), List.of(), List.of())))
                .isEqualTo(new ObservedTaken(7, List.of(), List.of()));
        assertThat(cluster).containsExactly(new ClusterCommand.UserRefusedSeen(refused));
        assertThat(first).containsExactly(new HostCommand.UserRefusedSeen(refused));
        assertThat(second).containsExactly(new HostCommand.UserRefusedSeen(refused));
    }

    @Test
    void thoseThatAreNotHereAreNamed() {
        residents.came(FIRST, first::add);
        assertThat(residents.tell(observed(
                        List.of(OF_SECOND, Samples.install("ready", "")), List.of(), List.of(), List.of(FIRST))))
                .isEqualTo(new ObservedTaken(7, List.of(CLUSTER), List.of(SECOND)));
        assertThat(residents.tell(observed(List.of(), List.of(), List.of(CLUSTER), List.of(FIRST, SECOND))))
                .isEqualTo(new ObservedTaken(7, List.of(CLUSTER), List.of(SECOND)));
        assertThat(first).isEmpty();
    }

    /** A cluster's hosts may be on several workers, and its own actor on one of them. */
    @Test
    void anInfraEnvIsForWhoeverOfItsClusterIsHere() {
        residents.came(SECOND, second::add);
        assertThat(residents.tell(observed(List.of(Samples.withIso()), List.of(), List.of(), List.of())))
                .isEqualTo(new ObservedTaken(7, List.of(), List.of()));
        assertThat(second).hasSize(1);
    }

    @Test
    void whoLeavesLateDoesNotTakeAnotherWithIt() {
        Consumer<HostCommand> earlier = unused -> {};
        residents.came(FIRST, earlier);
        residents.came(FIRST, first::add);
        assertThat(residents.hosts()).isEqualTo(2);
        residents.left(FIRST, earlier);
        assertThat(residents.hosts()).isEqualTo(1);
        residents.tell(observed(List.of(Samples.withIso()), List.of(), List.of(), List.of()));
        assertThat(first).hasSize(1);
    }

    private void allCome() {
        residents.came(CLUSTER, cluster::add);
        residents.came(FIRST, first::add);
        residents.came(SECOND, second::add);
    }

    private static Observed observed(
            List<Observation> seen, List<HostsAway> away, List<ClusterId> clusters, List<HostId> hosts) {
        return new Observed(7, seen, away, clusters, hosts, NOBODY);
    }
}
