package io.assistedswarm.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class FencingTest {
    private static final Fencing DEFAULTS = Fencing.read(ConfigFactory.load());

    @Test
    void theDefaultsFitTogether() {
        assertThat(DEFAULTS.check()).isEmpty();
        assertThat(DEFAULTS.replaceAfter()).isEqualTo(Duration.ofSeconds(80));
    }

    @Test
    void refusesToReplaceBeforeTheFencedHaveStopped() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> read("fence-after = 70s"))
                .withMessageContaining(
                        "fence-after 70 s and stop-limit 15 s are not below replace-after 80 s: two processes could act for one host");
    }

    @Test
    void refusesToReplaceAfterTheServiceHasGivenUp() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> read("replace-after = 120s"))
                .withMessageContaining("replace-after 120 s and restart-limit 60 s are not below 180 s");
    }

    @Test
    void namesEveryInconsistency() {
        assertThat(new Fencing(
                                Duration.ofSeconds(61),
                                Duration.ofSeconds(60),
                                Duration.ofSeconds(20),
                                Duration.ofSeconds(80),
                                Duration.ofMillis(100_500),
                                Duration.ofSeconds(79))
                        .check())
                .satisfiesExactly(
                        lost -> assertThat(lost).startsWith("lost-after 61 s is above fence-after 60 s"),
                        fence -> assertThat(fence).startsWith("fence-after 60 s and stop-limit 20 s"),
                        replace -> assertThat(replace).startsWith("replace-after 80 s and restart-limit 100500 ms"),
                        hold -> assertThat(hold).startsWith("hold-limit 79 s is below replace-after 80 s"));
    }

    private static Fencing read(String changed) {
        return Fencing.read(ConfigFactory.parseString("assisted-swarm.fencing { " + changed + " }")
                .withFallback(ConfigFactory.load()));
    }
}
