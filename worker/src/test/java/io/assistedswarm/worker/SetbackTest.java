package io.assistedswarm.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.assistedswarm.worker.hub.HubTrouble;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class SetbackTest {
    private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(500), Duration.ofSeconds(30), 0.5);

    private static Setback refused(Optional<Duration> retryAfter) {
        return Setback.of(new CompletionException(new HubTrouble("busy", 429, retryAfter, null)));
    }

    @Test
    void waitsItsOwnTimeWhenTheHubAsksForNothing() {
        assertThat(refused(Optional.empty()).pause(BACKOFF, 2, 0)).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void waitsItsOwnTimeWhenThatIsLonger() {
        assertThat(refused(Optional.of(Duration.ofSeconds(1))).pause(BACKOFF, 4, 0))
                .isEqualTo(Duration.ofSeconds(4));
    }

    @Test
    void waitsAtLeastAsLongAsTheHubAsks() {
        assertThat(refused(Optional.of(Duration.ofSeconds(5))).pause(BACKOFF, 1, 0))
                .isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void doesNotComeBackTogetherWithAllOthersWhomTheHubAskedTheSame() {
        assertThat(refused(Optional.of(Duration.ofSeconds(5))).pause(BACKOFF, 3, 1))
                .isEqualTo(Duration.ofSeconds(6));
    }
}
