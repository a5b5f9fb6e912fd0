package io.assistedswarm.rehearsal.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.assistedswarm.rehearsal.service.Speakers.Fault;
import io.assistedswarm.rehearsal.service.Speakers.Overlap;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SpeakersTest {
    private final Speakers speakers = new Speakers(Clock.systemUTC());

    private void hear(String worker, int generation, String instance) {
        speakers.hear(new Speaker(worker, generation, instance, "host"));
    }

    private List<Fault> faults() {
        return speakers.overlaps().stream().map(Overlap::fault).toList();
    }

    @Test
    void letsOneProcessSpeakAsOftenAsItLikes() {
        hear("w1", 1, "a");
        hear("w1", 1, "a");

        assertThat(faults()).isEmpty();
        assertThat(speakers.heard()).isEqualTo(new Speakers.Heard(1, 1, 2));
    }

    @Test
    void letsAWorkerStartAnAgentAgainInItsGeneration() {
        hear("w1", 1, "a");
        hear("w1", 1, "b");
        hear("w1", 1, "b");

        assertThat(faults()).isEmpty();
    }

    @Test
    void letsANewGenerationSpeakOnAnotherWorker() {
        hear("w1", 1, "a");
        hear("w2", 2, "b");

        assertThat(faults()).isEmpty();
    }

    @Test
    void findsAnAgentThatSpeaksOnAfterItsSuccessorBegan() {
        hear("w1", 1, "a");
        hear("w1", 1, "b");
        hear("w1", 1, "a");
        hear("w1", 1, "b");
        hear("w1", 1, "a");

        assertThat(speakers.overlaps()).singleElement().satisfies(overlap -> {
            assertThat(overlap.fault()).isEqualTo(Fault.BOTH_SPEAK);
            assertThat(overlap.former().speaker().instance()).isEqualTo("a");
            assertThat(overlap.former().requests()).isEqualTo(3);
            assertThat(overlap.newcomer().requests()).isEqualTo(2);
            assertThat(overlap.toString()).contains("host", "w1", "instance b");
        });
    }

    @Test
    void findsTwoWorkersInOneGenerationAtTheFirstWord() {
        hear("w1", 1, "a");
        hear("w2", 1, "b");

        assertThat(faults()).containsExactly(Fault.TWO_WORKERS);
    }

    @Test
    void findsAnOlderGenerationThatSpeaksOn() {
        hear("w1", 1, "a");
        hear("w2", 2, "b");
        hear("w1", 1, "a");

        assertThat(faults()).containsExactly(Fault.OLDER_GENERATION);
    }

    @Test
    void findsAnOlderGenerationThatComesLate() {
        hear("w2", 2, "b");
        hear("w1", 1, "a");
        hear("w2", 2, "b");

        assertThat(faults()).containsExactly(Fault.OLDER_GENERATION);
    }

    @Test
    void beginsAnewForAHostThatWasDeletedAndKeepsWhatItFound() {
        hear("w1", 3, "a");
        hear("w2", 3, "b");
        speakers.forget("host");
        hear("w1", 1, "c");

        assertThat(faults()).containsExactly(Fault.TWO_WORKERS);
    }

    @Test
    void remembersNoMoreThanTheNewestOfManyRestarts() {
        for (int i = 0; i < 100; i++) {
            hear("w1", 1, "agent-" + i);
        }
        hear("w1", 1, "agent-98");

        assertThat(faults()).containsExactly(Fault.BOTH_SPEAK);
    }

    @Test
    void readsWhatAStandInSends() {
        assertThat(Speaker.of("worker=w1:25520; generation=2; instance=i; for=h"))
                .isEqualTo(new Speaker("w1:25520", 2, "i", "h"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"w1", "worker=w1; generation=x; instance=i; for=h", "worker=w1; generation=1; for=h"})
    void refusesWhatNoStandInSends(String header) {
        assertThatThrownBy(() -> Speaker.of(header)).isInstanceOf(Refusal.class).hasMessageContaining(header);
    }
}
