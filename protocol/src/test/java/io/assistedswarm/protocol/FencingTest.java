package io.assistedswarm.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FencingTest {
    @Test
    void readsTimesThatGoTogether() {
        Fencing fencing = Fencing.read(config(Map.of()));
        assertThat(fencing.untilReplaced()).isEqualTo(Duration.ofSeconds(28));
        assertThat(fencing.hostsPerSecond()).isEqualTo(40);
    }

    @Test
    void namesEveryTimeThatDoesNotGoTogetherWithTheOthers() {
        assertThatThrownBy(() -> Fencing.read(config(Map.of(
                        "assisted-swarm.fencing.lease",
                        "5s",
                        "assisted-swarm.fencing.margin",
                        "1ms",
                        "assisted-swarm.fencing.hold-limit",
                        "4s",
                        "assisted-swarm.fencing.hosts-per-second",
                        0))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("lease 5 s is short: with a report every 2 s it should be 10 s or more")
                .hasMessageContaining("hold-limit 4 s is below lease and margin, 5001 ms")
                .hasMessageContaining("margin 1 ms is below 1 s")
                .hasMessageContaining("hosts-per-second 0 is below 1");
    }

    @Test
    void leavesTimeForARestartBeforeTheServiceGivesAHostUp() {
        assertThatThrownBy(() -> Fencing.read(config(Map.of("assisted-swarm.fencing.lease", "2m"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(
                        "lease 120 s and margin 3 s leave less than 60 s for a restart before the service gives a silent host up");
    }

    private static Config config(Map<String, Object> changed) {
        return ConfigFactory.parseMap(changed).withFallback(ConfigFactory.load());
    }
}
