package io.assistedswarm.coordinator.hub;

import static io.assistedswarm.coordinator.Samples.SWARM;
import static io.assistedswarm.coordinator.Samples.cluster;
import static org.assertj.core.api.Assertions.assertThat;

import io.assistedswarm.protocol.LogIds;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ForkJoinPool;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

class AtATimeTest {
    @Test
    void idsGoWithWhatIsDoneOnOtherThreads() {
        CompletableFuture<String> there = new CompletableFuture<>();
        CompletableFuture<String> atATime = new CompletableFuture<>();
        MDC.put("swarm", "another");
        LogIds.with(
                LogIds.of(cluster(0)),
                () -> LogIds.carrying(ForkJoinPool.commonPool()).execute(() -> {
                    there.complete(MDC.get("swarm") + " " + MDC.get("cluster"));
                    runAtATime(() -> atATime.complete(MDC.get("cluster")));
                }));

        assertThat(there.join()).isEqualTo(SWARM.value() + " " + cluster(0).name());
        assertThat(atATime.join()).isEqualTo(cluster(0).name());
        assertThat(MDC.getCopyOfContextMap()).as("as before").containsOnlyKeys("swarm");
        MDC.clear();
    }

    private static void runAtATime(Runnable call) {
        try {
            AtATime.run(List.of(call));
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
