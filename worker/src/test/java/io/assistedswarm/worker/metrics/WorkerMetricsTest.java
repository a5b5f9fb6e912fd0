package io.assistedswarm.worker.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.assistedswarm.protocol.WorkerName;
import io.assistedswarm.protocol.WorkerState;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class WorkerMetricsTest {
    private static final Pattern NAME = Pattern.compile("assisted_swarm_node_[a-z_]+");

    @Test
    void hasWhatTheDashboardAsksWorkersFor() throws Exception {
        WorkerMetrics metrics = new WorkerMetrics("0.1");
        metrics.reported(new WorkerState(
                new WorkerName("w1"),
                "pekko://a@127.0.0.1:1",
                "0.1",
                List.of(),
                50,
                4,
                1L << 32,
                6,
                7,
                1L << 27,
                40,
                99));
        metrics.answered("GET", 200, Duration.ofMillis(1));
        Set<String> there = names(new String(metrics.page(), StandardCharsets.UTF_8));
        Set<String> asked = names(Files.readString(Path.of("../conf/grafana/assisted-swarm.json")));

        assertThat(asked).hasSizeGreaterThan(3).isSubsetOf(there);
        String documented = Files.readString(Path.of("../docs/metrics.md"));
        assertThat(there)
                .as("the page of documentation")
                .allMatch(name -> documented.contains(name.replaceAll("_(bucket|count|sum)$", ""))
                        || documented.contains(
                                "`" + name.substring(name.lastIndexOf("_node") + "_node".length()) + "`"));
    }

    private static Set<String> names(String text) {
        return NAME.matcher(text).results().map(MatchResult::group).collect(Collectors.toSet());
    }
}
