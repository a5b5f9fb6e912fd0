package io.assistedswarm.coordinator.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.assistedswarm.coordinator.api.Delta.Snapshot;
import io.assistedswarm.coordinator.api.SwarmMap.FailureGroup;
import io.assistedswarm.coordinator.api.Views.SwarmState;
import io.assistedswarm.coordinator.api.Views.SwarmView;
import io.assistedswarm.coordinator.api.Views.Verdict;
import io.assistedswarm.protocol.Failure;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.http.javadsl.model.sse.ServerSentEvent;
import org.junit.jupiter.api.Test;

class DeltaTest {
    private static final SwarmView NIGHT = Samples.swarm("night", SwarmState.RUNNING, Verdict.NONE);
    private static final SwarmView DAY = Samples.swarm("day", SwarmState.DONE, Verdict.PASSED);

    private final Delta delta = new Delta();

    @Test
    void theFirstOneIsEverything() {
        List<ServerSentEvent> events =
                delta.from(new Snapshot(List.of(NIGHT), List.of(Samples.worker("w1")), Optional.of(map("AA", "-BC"))));

        assertThat(events).extracting(DeltaTest::type).containsExactly("swarms", "workers", "map");
        assertThat(events.get(0).getData()).contains("\"id\":\"night\"").endsWith("\"gone\":[]}");
        assertThat(events.get(2).getData()).contains("\"sizes\":[1,2]", "\"clusters\":\"AA\"", "\"hosts\":\"-BC\"");
    }

    @Test
    void ofAnEmptyCoordinatorThereIsAFirstOne() {
        assertThat(delta.from(snapshot())).extracting(DeltaTest::type).containsExactly("swarms", "workers");
        assertThat(delta.from(snapshot())).isEmpty();
    }

    @Test
    void saysWhatHasChangedAndWhatIsGone() {
        delta.from(snapshot(NIGHT, DAY));
        assertThat(delta.from(snapshot(NIGHT, DAY))).isEmpty();

        SwarmView paused = Samples.swarm("night", SwarmState.PAUSED, Verdict.NONE);
        List<ServerSentEvent> events = delta.from(snapshot(paused));
        assertThat(events).hasSize(1);
        assertThat(events.getFirst().getData())
                .contains("\"state\":\"paused\"")
                .doesNotContain("\"id\":\"day\"")
                .endsWith("\"gone\":[\"day\"]}");
    }

    @Test
    void aHostThatMovesIsAFewLetters() {
        delta.from(snapshot(map("AA", "-BC")));
        List<ServerSentEvent> events = delta.from(snapshot(map("AB", "-BD")));

        assertThat(events).extracting(DeltaTest::type).containsExactly("moves");
        assertThat(events.getFirst().getData()).isEqualTo("{\"swarm\":\"night\",\"clusters\":\"1B\",\"hosts\":\"2D\"}");
        assertThat(delta.from(snapshot(map("AB", "-BD")))).isEmpty();
    }

    @Test
    void whereMostHaveMovedTheMapIsSentAnew() {
        delta.from(snapshot(flat('A', 2000)));
        assertThat(delta.from(snapshot(flat('B', 2000))))
                .extracting(DeltaTest::type)
                .containsExactly("map");
    }

    @Test
    void oneThatHasGrownIsSentAnew() {
        delta.from(snapshot(map("AA", "-BC")));
        assertThat(delta.from(snapshot(new SwarmMap("night", List.of(1, 2, 1), "AAA", "-BC-", List.of()))))
                .extracting(DeltaTest::type)
                .containsExactly("map");
    }

    @Test
    void failuresAreSentWhenTheyChange() {
        delta.from(snapshot(map("AA", "-BC")));
        FailureGroup group =
                new FailureGroup("host", Failure.Side.SERVICE, "HostError", 1, "it broke", List.of("night-0-0"));
        List<ServerSentEvent> events =
                delta.from(snapshot(new SwarmMap("night", List.of(1, 2), "AA", "-BC", List.of(group))));
        assertThat(events).extracting(DeltaTest::type).containsExactly("failures");
        assertThat(events.getFirst().getData()).contains("\"side\":\"service\"", "\"count\":1");
    }

    private static String type(ServerSentEvent event) {
        return event.getEventType().orElseThrow();
    }

    private static Snapshot snapshot(SwarmView... swarms) {
        return new Snapshot(List.of(swarms), List.of(), Optional.empty());
    }

    private static Snapshot snapshot(SwarmMap map) {
        return new Snapshot(List.of(), List.of(), Optional.of(map));
    }

    private static SwarmMap map(String clusters, String hosts) {
        return new SwarmMap("night", List.of(1, 2), clusters, hosts, List.of());
    }

    private static SwarmMap flat(char letter, int hosts) {
        String letters = String.valueOf(letter).repeat(hosts);
        return new SwarmMap("night", Collections.nCopies(hosts, 1), letters, letters, List.of());
    }
}
