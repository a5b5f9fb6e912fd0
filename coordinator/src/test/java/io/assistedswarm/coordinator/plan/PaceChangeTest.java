package io.assistedswarm.coordinator.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class PaceChangeTest {
    @Test
    void saysWhatIsSetInTheWordsOfThePlan() {
        assertThat(words(Map.of("rate", "800/h"))).isEqualTo("800/h");
        assertThat(words(Map.of("ramp", "100/h:1000/h:30m", "maxInstalling", "none")))
                .isEqualTo("100/h to 1000/h for 30m, maxInstalling none");
        assertThat(words(Map.of("steps", "100/h:10m,400/h", "maxFailures", "12.5%")))
                .isEqualTo("100/h for 10m, then 400/h, maxFailures 12.5%");
        assertThat(words(Map.of("batch", "10", "interval", "30s", "maxPerWorker", "60")))
                .isEqualTo("10 every 30s, maxPerWorker 60");
        assertThat(words(Map.of("rate", "none", "maxFailures", "20")))
                .isEqualTo("as soon as there is room, maxFailures 20");
    }

    private static String words(Map<String, String> flags) {
        Problems problems = new Problems();
        PaceChange change = PaceFlags.read(flags, "swarm pace", problems);
        assertThat(problems.isEmpty()).isTrue();
        return change.words();
    }
}
