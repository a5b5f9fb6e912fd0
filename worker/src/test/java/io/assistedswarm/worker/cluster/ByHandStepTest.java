package io.assistedswarm.worker.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.assistedswarm.protocol.ClusterApi;
import io.assistedswarm.protocol.ClusterCommand.HostReached;
import io.assistedswarm.protocol.ClusterPhase;
import io.assistedswarm.protocol.ClusterSpec;
import io.assistedswarm.protocol.ClusterTraits;
import io.assistedswarm.protocol.ClusterTraits.Hold;
import io.assistedswarm.protocol.Failure;
import io.assistedswarm.protocol.Failure.Side;
import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.HostPhase;
import io.assistedswarm.protocol.Observations.AgentClusterInstallState;
import io.assistedswarm.protocol.Observations.UserRefused;
import io.assistedswarm.worker.Samples;
import io.assistedswarm.worker.cluster.ClusterObserved.Release;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Clusters whose installation the swarm itself has to begin. */
class ByHandStepTest {
    private static final ClusterSpec PAIR = Samples.cluster(3, 0).withApi(ClusterApi.REST);
    private static final ClusterSpec HELD =
            Samples.special(ClusterTraits.PLAIN.withHold(Hold.UNTIL_RELEASED)).withApi(ClusterApi.REST);

    private static final Instant NOON = Instant.parse("2026-11-27T12:00:00Z");
    private static final Instant LATER = NOON.plusSeconds(4);

    /** There are no objects that he could look at. */
    @Test
    void saysWhatItWaitsForInTheWordsOfItsUser() {
        ClusterObserved applied = seen(PAIR, "insufficient").withPhase(ClusterPhase.APPLIED);
        assertThat(ClusterWords.awaited(applied))
                .startsWith("its infra-env's image; cluster status 'insufficient' 40 %");
        for (ClusterPhase phase : ClusterPhase.values()) {
            ClusterObserved seen = applied.withPhase(phase);
            assertThat(ClusterWords.awaited(seen)
                            + ClusterStep.timedOut(seen, "").message())
                    .as("%s", phase)
                    .doesNotContain("AgentClusterInstall", "InfraEnv", "condition");
        }
    }

    @Test
    void beginsTheInstallationWhenTheClusterIsReadyAndAllItsHostsAreKnown() {
        ClusterObserved ready = seen(PAIR, "ready");
        assertThat(ClusterStep.next(ready)).isInstanceOf(ClusterAction.Await.class);
        assertThat(ClusterStep.next(known(ready, PAIR.host(0), PAIR.host(1)))).isInstanceOf(ClusterAction.Await.class);
        assertThat(ClusterStep.next(known(ready, PAIR.host(0), PAIR.host(1), PAIR.host(2))))
                .isEqualTo(ClusterAction.LetGo.INSTANCE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"insufficient", "pending-for-input"})
    void neverBeginsItBeforeTheServiceIsReady(String state) {
        assertThat(ClusterStep.next(allKnown(seen(PAIR, state), PAIR))).isInstanceOf(ClusterAction.Await.class);
    }

    @Test
    void beginsItOnce() {
        ClusterObserved begun = allKnown(seen(PAIR, "ready"), PAIR).withRelease(Release.DONE);
        assertThat(ClusterStep.next(begun)).isInstanceOf(ClusterAction.Await.class);
        // What is seen may be older than what was done.
        assertThat(ClusterStep.next(begun.withInstall(state("ready")))).isInstanceOf(ClusterAction.Await.class);
    }

    @Test
    void beginsItAgainWhenThePreparationHasFailed() {
        ClusterObserved prepared = allKnown(seen(PAIR, "ready"), PAIR)
                .withRelease(Release.DONE)
                .withInstall(state("preparing-for-installation"));
        assertThat(ClusterStep.next(prepared)).isInstanceOf(ClusterAction.Await.class);
        assertThat(ClusterStep.next(prepared.withInstall(state("ready")))).isEqualTo(ClusterAction.LetGo.INSTANCE);
    }

    @Test
    void beginsItAgainWhenThePreparationHasFailedUnseen() {
        ClusterObserved begun = allKnown(seen(PAIR, "insufficient"), PAIR)
                .withInstall(ready(NOON))
                .withRelease(Release.DONE);
        assertThat(ClusterStep.next(begun.withInstall(ready(NOON)))).isInstanceOf(ClusterAction.Await.class);
        assertThat(ClusterStep.next(begun.withInstall(ready(LATER)))).isEqualTo(ClusterAction.LetGo.INSTANCE);
    }

    @Test
    void beginsItAgainWhenThePreparationHasFailedBeforeTheAnswerCame() {
        ClusterObserved asked = allKnown(seen(PAIR, "insufficient"), PAIR).withInstall(ready(NOON));
        Optional<AgentClusterInstallState> then = asked.install();
        assertThat(asked.withLetGo(then).release()).isEqualTo(Release.DONE);
        assertThat(asked.withInstall(ready(LATER)).withLetGo(then).release()).isEqualTo(Release.WANTED);
        assertThat(asked.withInstall(state("preparing-for-installation"))
                        .withLetGo(then)
                        .release())
                .isEqualTo(Release.DONE);
    }

    @ParameterizedTest
    @EnumSource(ClusterPhase.class)
    void failsWhenItsUserIsNotAcceptedAnyMoreUnlessItIsAtItsEnd(ClusterPhase phase) {
        ClusterObserved refused = seen(PAIR, "installing")
                .withPhase(phase)
                .withUserRefused(UserRefused.unauthorized(PAIR.id(), "400 invalid_grant"));
        assertThat(ClusterStep.next(refused))
                .isEqualTo(
                        phase.isEnd()
                                ? new ClusterAction.Await("")
                                : new ClusterAction.Fail(new Failure(
                                        Side.PLAN,
                                        Failure.UNAUTHORIZED,
                                        "it cannot be asked for any more: 400 invalid_grant")));
    }

    @Test
    void holdsWhatIsToBeHeldUntilItIsReleased() {
        ClusterObserved ready = allKnown(seen(HELD, "ready"), HELD).withPhase(ClusterPhase.IMAGE_READY);
        assertThat(ClusterStep.next(ready)).isEqualTo(new ClusterAction.Reach(ClusterPhase.HELD, "ready 40 %"));
        ClusterObserved held = ready.withPhase(ClusterPhase.HELD);
        assertThat(ClusterStep.next(held)).isInstanceOf(ClusterAction.Await.class);
        assertThat(ClusterStep.next(held.withReleaseWanted())).isEqualTo(ClusterAction.LetGo.INSTANCE);
    }

    @Test
    void isNotHeldAnyMoreWhenSomebodyElseHasBegunIt() {
        ClusterObserved begun = allKnown(seen(HELD, "installing"), HELD);
        assertThat(begun.release()).isEqualTo(Release.DONE);
    }

    private static ClusterObserved seen(ClusterSpec cluster, String state) {
        return ClusterObserved.atStart(cluster)
                .withApplied()
                .withInfraEnv(Samples.withIso(), true)
                .withPhase(ClusterPhase.PREPARING)
                .withInstall(state(state));
    }

    private static AgentClusterInstallState state(String state) {
        boolean before = !state.equals("preparing-for-installation") && !state.equals("installing");
        return new AgentClusterInstallState(Samples.CLUSTER, state, "", "", 40, false, false, "", before);
    }

    private static AgentClusterInstallState ready(Instant since) {
        return new AgentClusterInstallState(
                Samples.CLUSTER, "ready", "", "", 40, false, false, "", true, List.of(), Optional.of(since));
    }

    private static ClusterObserved allKnown(ClusterObserved seen, ClusterSpec cluster) {
        return known(seen, cluster.hosts().toArray(HostId[]::new));
    }

    private static ClusterObserved known(ClusterObserved seen, HostId... hosts) {
        ClusterObserved next = seen;
        for (HostId host : hosts) {
            next = next.withHost(new HostReached(host, HostPhase.KNOWN, Optional.empty()));
        }
        return next;
    }
}
