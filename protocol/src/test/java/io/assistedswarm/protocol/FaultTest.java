package io.assistedswarm.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.assistedswarm.protocol.Failure.Side;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FaultTest {
    private static final Fault VANISH = new Fault(Fault.Kind.VANISH, HostPhase.KNOWN, Duration.ofMinutes(2));
    private static final HostId HOST = new HostId(new ClusterId(new SwarmId("quickstart"), 3), 1);

    @ParameterizedTest
    @CsvSource({
        "REGISTERED, false",
        "KNOWN, true",
        "REBOOTING, true",
        "INSTALLED, true",
        "FAILED, false",
        "STOPPED, false"
    })
    void isReachedByAHostThatHasComeToItsPhaseAndHasNotFailedSomewhere(HostPhase phase, boolean reached) {
        assertThat(VANISH.reachedBy(phase)).isEqualTo(reached);
    }

    @Test
    void explainsAFailureAndKeepsWhatTheServiceSaid() {
        Failure seen = new Failure(Side.SERVICE, "HostError", "the service says: Host has stopped communicating");
        Failure explained = VANISH.explains(HOST, seen);
        assertThat(explained)
                .isEqualTo(new Failure(
                        Side.PLAN,
                        "FaultInjected/vanish",
                        "the plan asked host quickstart-3-1 for 'vanish at known for 120s'; "
                                + "the service says: Host has stopped communicating"));
        assertThat(Fault.explained(explained)).isTrue();
        assertThat(Fault.explained(seen)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "NEVER_REGISTER, BOOTED, 0, neverRegister",
        "RESTART, INSTALLING, 0, restart at installing",
        "RESTART, KNOWN, 1500, restart at known for 1500ms",
        "FAIL_INSTALLER, INSTALLING, 0, failInstaller"
    })
    void saysWhatItIs(Fault.Kind kind, HostPhase phase, long millis, String text) {
        assertThat(new Fault(kind, phase, Duration.ofMillis(millis))).hasToString(text);
    }
}
