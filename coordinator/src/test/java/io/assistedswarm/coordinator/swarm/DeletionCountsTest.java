package io.assistedswarm.coordinator.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import io.assistedswarm.coordinator.api.Views.DeletionView;
import io.assistedswarm.protocol.WorkerCommand.SwarmClosed;
import io.assistedswarm.protocol.WorkerName;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DeletionCountsTest {
    private static final WorkerName A = new WorkerName("a");
    private static final WorkerName B = new WorkerName("b");

    private final DeletionCounts counts = new DeletionCounts();

    @Test
    void addsUpWhatTheHubAndTheWorkersCounted() {
        counts.ofHub(hub("Agent", 3, 0));
        counts.ofWorker(A, new SwarmClosed(Map.of("process", 4L, "file", 9L), Map.of("process", 0L, "file", 0L)));
        counts.ofWorker(B, new SwarmClosed(Map.of("process", 2L), Map.of("process", 0L)));
        assertThat(view().created())
                .containsOnly(Map.entry("Agent", 3L), Map.entry("process", 6L), Map.entry("file", 9L));
        assertThat(view().deleted()).isEqualTo(view().created());
        assertThat(view().left().values()).containsOnly(0L);
        assertThat(view().stuck()).isEmpty();
    }

    @Test
    void namesWhatAWorkerHasLeft() {
        counts.ofWorker(A, new SwarmClosed(Map.of("process", 4L), Map.of("process", 1L)));
        assertThat(view().deleted()).containsEntry("process", 3L);
        assertThat(view().stuck()).containsExactly("worker a has 1 of kind 'process' left; delete the swarm again");
    }

    @Test
    void goesOnFromWhatAnEarlierAttemptHasCounted() {
        counts.remember(Optional.of(new DeletionView(
                Map.of("Agent", 3L, "ConfigMap", 2L, "process", 6L),
                Map.of("Agent", 1L, "ConfigMap", 1L, "process", 5L),
                Map.of("Agent", 2L, "ConfigMap", 1L, "process", 1L),
                List.of("something"))));
        counts.begin();
        assertThat(view().stuck()).isEmpty();
        counts.ofHub(hub("Agent", 3, 0));
        assertThat(view().left())
                .as("a kind that the hub has none of any more, and one that no worker has counted again")
                .containsEntry("ConfigMap", 0L)
                .containsEntry("process", 1L);
        // It was started anew, and does not know what it had.
        counts.ofWorker(A, new SwarmClosed(Map.of("process", 0L), Map.of("process", 0L)));
        assertThat(view().created()).containsEntry("process", 6L).isEqualTo(view().deleted());
        assertThat(view().left().values()).containsOnly(0L);
    }

    private DeletionView view() {
        return counts.view().orElseThrow();
    }

    private static DeletionView hub(String kind, long created, long left) {
        return new DeletionView(Map.of(kind, created), Map.of(kind, created - left), Map.of(kind, left), List.of());
    }
}
