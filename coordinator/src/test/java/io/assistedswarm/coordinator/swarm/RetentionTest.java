package io.assistedswarm.coordinator.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import io.assistedswarm.coordinator.Samples;
import io.assistedswarm.coordinator.api.Views.SwarmState;
import io.assistedswarm.coordinator.api.Views.SwarmView;
import io.assistedswarm.coordinator.api.Views.Verdict;
import io.assistedswarm.protocol.SwarmId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RetentionTest {
    private final Retention retention = new Retention(2);

    @Test
    void forgetsThoseThatWereDeletedFirst() {
        assertThat(look("b")).isEmpty();
        assertThat(look("a", "b", "c")).containsExactly("b");
        assertThat(look("a", "c", "d")).containsExactly("a");
        assertThat(look("c", "d")).isEmpty();
    }

    @Test
    void sparesEachOnceHoweverManyAreDeletedAtOnce() {
        assertThat(look("a", "b", "c", "d")).isEmpty();
        assertThat(look("a", "b", "c", "d")).containsExactly("a", "b");
    }

    @Test
    void countsOnlyDeletedOnesAndBeginsAnewWithOneThatIsDeletedAgain() {
        assertThat(look("a", "b")).isEmpty();
        assertThat(retention.look(List.of(
                        view("a", SwarmState.DELETING),
                        view("b", SwarmState.DELETED),
                        view("c", SwarmState.DELETED),
                        view("d", SwarmState.RUNNING),
                        view("e", SwarmState.DELETION_FAILED))))
                .isEmpty();
        assertThat(look("a", "b", "c")).containsExactly("b");
    }

    @Test
    void neverIsInTheWayOfAFewSwarms() {
        assertThat(retention.mayBeExceededBy(2)).isFalse();
        assertThat(retention.mayBeExceededBy(3)).isTrue();
    }

    private List<String> look(String... deleted) {
        return retention
                .look(Stream.of(deleted).map(id -> view(id, SwarmState.DELETED)).toList())
                .stream()
                .map(SwarmId::value)
                .toList();
    }

    private static SwarmView view(String id, SwarmState state) {
        return new SwarmView(
                id,
                state,
                Verdict.PASSED,
                Samples.START,
                Optional.empty(),
                "exec",
                1,
                1,
                0,
                Map.of(),
                Map.of(),
                "",
                List.of(),
                0,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }
}
