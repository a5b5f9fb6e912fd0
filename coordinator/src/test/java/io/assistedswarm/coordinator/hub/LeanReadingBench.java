package io.assistedswarm.coordinator.hub;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fabric8.kubernetes.api.model.WatchEvent;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/** What it takes to read a watch's event of an Agent as large as a real one, by fabric8's own reading and by ours; {@code bench/reading}. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class LeanReadingBench {
    /** Of the Agent that was recorded: 1.7 KB of inventory, 6.4 of validations, both as texts again, in 21 KB. */
    private static final int VALIDATIONS = 44;

    private static final int DISKS = 6;

    private final KubernetesSerialization usual = new KubernetesSerialization();
    private final KubernetesSerialization lean = LeanReading.serialization();
    private String event;

    @Setup
    public void write() throws Exception {
        var inventory = Map.of(
                "hostname",
                "host",
                "disks",
                IntStream.range(0, DISKS)
                        .mapToObj(index -> Map.of(
                                "id",
                                "/dev/disk/by-id/wwn-0x" + index,
                                "name",
                                "sd" + index,
                                "sizeBytes",
                                120_000_000_000L,
                                "driveType",
                                "HDD",
                                "installationEligibility",
                                Map.of("eligible", true, "notEligibleReasons", List.of("none of them")),
                                "byPath",
                                "/dev/disk/by-path/pci-0000:00:1f.2-ata-" + index))
                        .toList());
        var validations = Map.of(
                "hardware",
                IntStream.range(0, VALIDATIONS)
                        .mapToObj(index -> Map.of(
                                "id", "validation-number-" + index,
                                "status", "success",
                                "message",
                                        "The host meets what validation number " + index
                                                + " wants of it in its cluster"))
                        .toList());
        var conditions = IntStream.range(0, 7)
                .mapToObj(index -> Map.of(
                        "type",
                        "Condition" + index,
                        "status",
                        "True",
                        "reason",
                        "AllIsWell",
                        "message",
                        "The agent is as it should be",
                        "lastTransitionTime",
                        "2026-01-01T00:00:00Z"))
                .toList();
        JsonMapper json = new JsonMapper();
        var agent = Map.of(
                "apiVersion", "agent-install.openshift.io/v1beta1",
                "kind", "Agent",
                "metadata",
                        Map.of(
                                "name", "6f7e1a0c-0000-0000-0000-000000000000",
                                "namespace", "night-0",
                                "resourceVersion", "7",
                                "labels", labels(),
                                "annotations",
                                        Map.of(
                                                "agent.agent-install.openshift.io/inventory",
                                                        json.writeValueAsString(inventory),
                                                "agent.agent-install.openshift.io/validations-info",
                                                        json.writeValueAsString(validations))),
                "spec", Map.of("approved", true, "role", "master"),
                "status",
                        Map.of(
                                "inventory", inventory,
                                "validationsInfo", validations,
                                "conditions", conditions,
                                "debugInfo", Map.of("state", "known", "stateInfo", "Host is ready to be installed")));
        event = json.writeValueAsString(Map.of("type", "MODIFIED", "object", agent));
    }

    private static Map<String, String> labels() {
        return IntStream.range(0, 9)
                .boxed()
                .collect(Collectors.toMap(
                        index -> "inventory.agent-install.openshift.io/label-" + index, index -> "true"));
    }

    @Benchmark
    public WatchEvent usual() {
        return usual.unmarshal(event, WatchEvent.class);
    }

    @Benchmark
    public WatchEvent lean() {
        return lean.unmarshal(event, WatchEvent.class);
    }

    @Test
    void compare() throws Exception {
        var results = new Runner(new OptionsBuilder()
                        .include(LeanReadingBench.class.getName())
                        .build())
                .run();
        write();
        assertThat(results).hasSize(2);
        for (RunResult result : results) {
            System.out.printf(
                    "reading: %-6s %6.1f us ± %.1f of %d bytes%n",
                    result.getPrimaryResult().getLabel(),
                    result.getPrimaryResult().getScore(),
                    result.getPrimaryResult().getScoreError(),
                    event.length());
        }
    }
}
