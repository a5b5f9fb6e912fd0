package io.assistedswarm.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.assistedswarm.e2e.Launcher.Outcome;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** The demo with the original tool's example. */
@Isolated(
        "37 agents' processes at 20 times the speed leave no room on two processors: hosts that are silent for 9 s are given up")
@Tag("heavy")
class OriginalExampleE2E {
    @TempDir
    Path folder;

    @Test
    void endsWithFiveClustersInstalledAndThreeHostsUnbound() throws Exception {
        try (Launcher swarm = new Launcher(folder)) {
            Outcome demo = swarm.run(
                    "demo",
                    Path.of(System.getProperty("swarm.home"), "conf/plans/original-example.yaml")
                            .toString(),
                    "--results",
                    folder.resolve("results").toString());

            assertThat(demo.exitCode()).as(demo.out() + demo.err()).isZero();
            assertThat(demo.err()).contains("infranev_labels");
            JsonNode summary = swarm.result("summary.json");
            assertThat(summary.path("clusters").path("installed").asInt()).isEqualTo(5);
            assertThat(summary.path("clusters").path("discovered").asInt()).isEqualTo(1);
            assertThat(summary.path("hosts").path("installed").asInt())
                    .as(demo.out())
                    .isEqualTo(34);
            assertThat(summary.path("hosts").path("discovered").asInt()).isEqualTo(3);
        }
    }
}
