package io.assistedswarm.rehearsal.trouble;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
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
    void drawsALatencyEvenlyBetweenTwo() throws Exception {
        Disturbance disturbance = disturbance(
                "{hub: service, kind: slow, latency: 4s, latencyUpTo: 8s, duration: 1h, paths: [/v2/infra-envs/*/hosts]}");
        List<Duration> delays = Stream.generate(() -> disturbance.fateOf(asked("/v2/infra-envs/a/hosts")))
                .limit(1000)
                .map(fate -> ((Fate.Served) fate).delay())
                .sorted()
                .toList();

        assertThat(delays.getFirst()).isBetween(Duration.ofSeconds(4), Duration.ofMillis(4050));
        assertThat(delays.get(500)).isBetween(Duration.ofMillis(5800), Duration.ofMillis(6200));
        assertThat(delays.getLast()).isBetween(Duration.ofMillis(7950), Duration.ofSeconds(8));
        assertThat(disturbance.fateOf(asked("/v2/infra-envs/a/hosts/b/instructions")))
                .isEqualTo(new Fate.Served(Duration.ZERO));
        assertThat(disturbance.fateOf(asked("/v2/infra-envs//hosts"))).isEqualTo(new Fate.Served(Duration.ZERO));
    }

    @Test
    void failsAShareOfTheHostsAtAStageAndLeavesRequestsAlone() throws Exception {
        Disturbance disturbance =
                disturbance("{hub: service, kind: fail, stage: Rebooting, share: 0.03, duration: 1h}");

        assertThat(Stream.generate(() -> disturbance.failsAt("Rebooting"))
                        .limit(1000)
                        .filter(fails -> fails))
                .hasSizeBetween(15, 45);
        assertThat(disturbance.failsAt("Joined")).isFalse();
        assertThat(disturbance.fateOf(POLL)).isEqualTo(new Fate.Served(Duration.ZERO));
    }

    private static Disturbance disturbance(String trouble) throws TroubleFile.Invalid {
        Disturbance disturbance = new Disturbance(() -> 0);
        disturbance.begin(new Disturbance.Active(
                TroubleFile.parse("t.yaml", "troubles: [" + trouble + "]").getFirst()));
        return disturbance;
    }

    private static Asked asked(String path) {
        return new Asked("agent", "post", "", path);
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
