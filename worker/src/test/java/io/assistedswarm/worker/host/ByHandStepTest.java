package io.assistedswarm.worker.host;

import static io.assistedswarm.worker.Samples.ISO;
import static org.assertj.core.api.Assertions.assertThat;

import io.assistedswarm.protocol.Failure;
import io.assistedswarm.protocol.Failure.Side;
import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.HostPhase;
import io.assistedswarm.protocol.Observations.AgentState;
import io.assistedswarm.protocol.Observations.BareMetalHostState;
import io.assistedswarm.protocol.Observations.UserRefused;
import io.assistedswarm.worker.Samples;
import io.assistedswarm.worker.host.HostObserved.AgentProcess;
import io.assistedswarm.worker.hub.MachineState;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Hosts of which nobody but the swarm tells the service what they are to be. */
class ByHandStepTest {
    private static final HostId HOST = Samples.singleNode().host(0);
    private static final Journey EARLY = new Journey(false, false, false, false, false, true);
    private static final Journey LATE = new Journey(false, true, false, false, false, true);
    private static final Journey DAY_TWO = new Journey(false, false, true, false, false, true);

    @ParameterizedTest
    @ValueSource(strings = {"discovering", "insufficient", "pending-for-input", "known"})
    void isToldWhatToBeBeforeItIsTakenForKnown(String state) {
        HostObserved registered = booted(EARLY).withAgent(agent(state));
        assertThat(HostStep.next(registered)).isEqualTo(HostAction.Bind.INSTANCE);
        assertThat(HostStep.next(registered.withBound())).isNotEqualTo(HostAction.Bind.INSTANCE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"preparing-for-installation", "installing", "installed", "error", "disconnected"})
    void isLeftAloneOnceItIsInstalled(String state) {
        assertThat(HostStep.next(booted(EARLY).withPhase(HostPhase.PREPARING).withAgent(agent(state))))
                .isNotEqualTo(HostAction.Bind.INSTANCE);
    }

    @Test
    void isBoundLaterFromThePool() {
        HostObserved unbound = booted(LATE).withAgent(agent("insufficient-unbound"));
        assertThat(HostStep.next(unbound)).isNotEqualTo(HostAction.Bind.INSTANCE);
        assertThat(HostStep.next(unbound.withPhase(HostPhase.UNBOUND).withAgent(agent("known-unbound"))))
                .isEqualTo(HostAction.Bind.INSTANCE);
    }

    @Test
    void isInstalledByItselfWhereItJoinsAnInstalledCluster() {
        HostObserved known = booted(DAY_TWO).withAgent(agent("known")).withBound();
        assertThat(HostStep.next(known)).isEqualTo(new HostAction.Reach(HostPhase.KNOWN, "known"));
        HostObserved reached = known.withPhase(HostPhase.KNOWN);
        assertThat(HostStep.next(reached)).isEqualTo(HostAction.Install.INSTANCE);
        assertThat(HostStep.next(reached.withInstallationAsked())).isInstanceOf(HostAction.Await.class);
    }

    @Test
    void isInstalledWithItsClusterOtherwise() {
        HostObserved known = booted(EARLY).withAgent(agent("known")).withBound().withPhase(HostPhase.KNOWN);
        assertThat(HostStep.next(known)).isInstanceOf(HostAction.Await.class);
    }

    @ParameterizedTest
    @EnumSource(HostPhase.class)
    void failsWhenItsUserIsNotAcceptedAnyMoreUnlessItIsAtItsEnd(HostPhase phase) {
        HostObserved refused = booted(EARLY)
                .withPhase(phase)
                .withUserRefused(UserRefused.unauthorized(Samples.CLUSTER, "400 invalid_grant"));
        if (phase.isEnd()) {
            assertThat(HostStep.next(refused)).isInstanceOf(HostAction.Await.class);
        } else {
            assertThat(HostStep.next(refused))
                    .isEqualTo(new HostAction.Fail(new Failure(
                            Side.PLAN, Failure.UNAUTHORIZED, "it cannot be asked for any more: 400 invalid_grant")));
        }
    }

    /** There are no objects that he could look at. */
    @Test
    void saysWhatItWaitsForInTheWordsOfItsUser() {
        assertThat(said(HostObserved.atStart(EARLY, Optional.empty())))
                .isEqualTo("its infra-env's image (the infra-env has not been seen)");
        assertThat(said(HostObserved.atStart(EARLY, Optional.empty())
                        .withInfraEnv(Samples.withIso(), true)
                        .withMachine(new BareMetalHostState(HOST, "", "", true))
                        .withPhase(HostPhase.CREATED)))
                .isEqualTo("the address of its image");
        HostObserved booted = booted(EARLY).withPhase(HostPhase.BOOTED);
        assertThat(said(booted)).isEqualTo("its registration; image offered, not registered");
        assertThat(said(booted.withBound().withAgent(agent("insufficient")).withPhase(HostPhase.REGISTERED)))
                .isEqualTo("host status known; host status 'insufficient'");
        assertThat(HostStep.timedOut(booted, 0, "").message())
                .startsWith("it has not registered in time; image offered");
        for (HostPhase phase : HostPhase.values()) {
            HostObserved seen = booted.withPhase(phase);
            assertThat(said(seen) + HostStep.timedOut(seen, 0, "").message())
                    .as("%s", phase)
                    .doesNotContain("BareMetalHost", "Agent", "InfraEnv");
        }
    }

    private static String said(HostObserved seen) {
        return HostStep.next(seen) instanceof HostAction.Await await ? await.what() : "";
    }

    private static HostObserved booted(Journey journey) {
        return HostObserved.atStart(journey, Optional.empty())
                .withInfraEnv(Samples.withIso(), true)
                .withMachine(new BareMetalHostState(HOST, "", ISO, true))
                .withWritten(MachineState.PROVISIONED)
                .withDownloaded(ISO)
                .withProcess(AgentProcess.RUNNING)
                .withPhase(HostPhase.BOOTED);
    }

    private static AgentState agent(String state) {
        return new AgentState(HOST, state, "", "", List.of());
    }
}
