package io.assistedswarm.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ReplyCacheTest {
    private final ReplyCache posted = new ReplyCache(Duration.ofHours(1));

    @Test
    void knowsWhatWasPostedLastOfEachStep() {
        posted.posted("inventory", "{\"hostname\":\"a\"}");
        posted.posted("ntp-synchronizer", "");
        assertThat(posted.isKnown("inventory", "{\"hostname\":\"a\"}")).isTrue();
        assertThat(posted.isKnown("ntp-synchronizer", "")).isTrue();
        assertThat(posted.isKnown("ntp-synchronizer", "{\"hostname\":\"a\"}")).isFalse();
    }

    @Test
    void takesAnotherOutputOfTheSameLengthForNews() {
        posted.posted("inventory", "{\"hostname\":\"ab\"}");
        assertThat(posted.isKnown("inventory", "{\"hostname\":\"ba\"}")).isFalse();
        assertThat(posted.isKnown("inventory", "{\"hostname\":\"ac\"}")).isFalse();
    }

    @Test
    void forgetsWhatItIsToldToForgetAndWhatIsOld() {
        posted.posted("inventory", "{}");
        posted.forget();
        assertThat(posted.isKnown("inventory", "{}")).isFalse();
        ReplyCache brief = new ReplyCache(Duration.ZERO);
        brief.posted("inventory", "{}");
        assertThat(brief.isKnown("inventory", "{}")).isFalse();
    }
}
