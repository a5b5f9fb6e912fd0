package io.assistedswarm.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** What a role has logged as JSON; the JVM's own warnings are in no format of ours. */
record JsonLog(List<JsonNode> lines) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** They speak of the coordinator, a worker or the machine, and of no swarm; nobody else does. */
    private static final Set<String> OF_NO_SWARM = Set.of(
            "coordinator.CoordinatorMain",
            "coordinator.api.RenewedTls",
            "coordinator.hub.KubeHub",
            "coordinator.placement.Downing",
            "coordinator.placement.Workers",
            "coordinator.record.Claim",
            "coordinator.record.Recorder",
            "protocol.Node",
            "worker.WorkerMain",
            "worker.metrics.MetricsPoint",
            "worker.node.WorkerNode",
            "worker.process.Watchdog");

    private static final Pattern OF_A_HOST = Pattern.compile("worker\\.host\\..*");
    private static final Pattern OF_A_CLUSTER = Pattern.compile("worker\\.cluster\\..*");
    private static final Pattern ANYBODY = Pattern.compile(".*");
    private static final String OURS = "io.assistedswarm.";

    static JsonLog read(Path file) throws IOException {
        List<JsonNode> lines = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            if (line.startsWith("{")) {
                lines.add(JSON.readTree(line));
            }
        }
        assertThat(lines).isNotEmpty();
        return new JsonLog(List.copyOf(lines));
    }

    /** Fails for a line about a swarm, a cluster or a host that does not have the ids of it. */
    void assertEveryLineHasItsIds(String swarm) {
        Pattern cluster = Pattern.compile("\\b" + swarm + "-\\d+\\b");
        Pattern host = Pattern.compile("\\b" + swarm + "-\\d+-\\d+\\b");
        assertThat(lines).allSatisfy(line -> {
            String logger = line.path("loggerName").asText();
            if (logger.startsWith(OURS) && !OF_NO_SWARM.contains(logger.substring(OURS.length()))) {
                assertThat(line.at("/mdc/swarm").asText()).isEqualTo(swarm);
            }
            if (saysIn(line, host)) {
                assertThat(line.at("/mdc/cluster").asText()).startsWith(swarm + "-");
            }
            if (saysIn(line, cluster)) {
                assertThat(line.at("/mdc/swarm").asText()).isEqualTo(swarm);
            }
            if (loggedBy(OF_A_CLUSTER).or(loggedBy(OF_A_HOST)).test(line)) {
                assertThat(line.at("/mdc/cluster").asText()).matches(cluster);
            }
            if (loggedBy(OF_A_HOST).test(line)) {
                assertThat(line.at("/mdc/host").asText()).matches(host);
            }
        });
    }

    /** Also those about the worker itself name it. */
    void assertEveryLineIsOfWorker(String worker) {
        assertThat(lines)
                .filteredOn(loggedBy(ANYBODY))
                .isNotEmpty()
                .allSatisfy(
                        line -> assertThat(line.at("/context/properties/worker").asText())
                                .isEqualTo(worker));
    }

    private static boolean saysIn(JsonNode line, Pattern name) {
        return name.matcher(line.path("formattedMessage").asText()).find();
    }

    private static Predicate<JsonNode> loggedBy(Pattern logger) {
        return line -> line.path("loggerName").asText().startsWith(OURS)
                && logger.matcher(line.path("loggerName").asText().substring(OURS.length()))
                        .matches();
    }
}
