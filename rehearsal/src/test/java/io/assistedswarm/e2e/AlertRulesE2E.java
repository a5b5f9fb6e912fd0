package io.assistedswarm.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The alert rules fire when they are to and else not, and the dashboard asks what a Prometheus understands: as its own promtool has it. */
@Tag("heavy")
@Execution(ExecutionMode.CONCURRENT)
class AlertRulesE2E {
    private static final Path CONF = Path.of("../conf");

    @TempDir
    Path folder;

    @Test
    void fireWhenTheyAreTo() throws Exception {
        assertThat(promtool(
                        "test",
                        "rules",
                        CONF.resolve("prometheus/alerts.test.yaml").toString()))
                .contains("SUCCESS");
    }

    @Test
    void theDashboardsQueriesAreOnesToPrometheus() throws Exception {
        ObjectMapper json = new ObjectMapper();
        List<Map<String, String>> rules = new ArrayList<>();
        for (JsonNode panel : json.readTree(
                        CONF.resolve("grafana/assisted-swarm.json").toFile())
                .path("panels")) {
            for (JsonNode target : panel.path("targets")) {
                String expr = target.path("expr").asText().replace("$swarm", ".*");
                rules.add(Map.of("record", "panel:" + rules.size(), "expr", expr));
            }
        }
        assertThat(rules).hasSizeGreaterThan(15);
        // JSON is YAML.
        Path file = Files.write(
                folder.resolve("dashboard.yaml"),
                json.writeValueAsBytes(Map.of("groups", List.of(Map.of("name", "dashboard", "rules", rules)))));
        assertThat(promtool("check", "rules", file.toString())).contains("SUCCESS: " + rules.size() + " rules found");
    }

    private static String promtool(String... arguments) throws Exception {
        assumeTrue(
                TestingPrometheus.program("promtool").isPresent(),
                "no promtool on the PATH: apt-get install prometheus");
        List<String> command = new ArrayList<>(List.of("promtool"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return said;
    }
}
