package io.assistedswarm.rehearsal.trouble;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class DisturbanceTest {
    private static final Asked POLL = new Asked("agent", "get", "", "/v2/infra-envs");

    @Test
    void breaksOnlyAboveItsLoad() throws Exception {
        AtomicInteger installing = new AtomicInteger(3);
        Disturbance disturbance = new Disturbance(installing::get);
        disturbance.begin(new Disturbance.Active(TroubleFile.parse(
                        "t.yaml", "troubles: [{hub: service, kind: answer, status: 503, above: 3, duration: 1h}]")
                .getFirst()));

        assertThat(disturbance.fateOf(POLL)).isEqualTo(new Fate.Served(Duration.ZERO));
        installing.set(4);
        assertThat(disturbance.fateOf(POLL)).isEqualTo(new Fate.Refused(503, Optional.empty()));
    }

    @Test
    void countsWhatTheServiceInstallsAndNothingElse() {
        assertThatThrownBy(() -> TroubleFile.parse(
                        "t.yaml", "troubles:\n- {hub: kubernetes, kind: dropped, above: 3, duration: 1h}"))
                .hasMessage(
                        "t.yaml:2: troubles[0].above: counts what the service installs, and is there for 'hub: service' only");
        assertThatThrownBy(() -> TroubleFile.parse(
                        "t.yaml", "troubles:\n- {hub: service, kind: refused, above: 3, duration: 1h}"))
                .hasMessage("t.yaml:2: troubles[0].above: kind 'refused' spares nobody; leave it out");
    }
}
