package io.assistedswarm.rehearsal.service.machine;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import io.assistedswarm.rehearsal.service.Json;
import io.assistedswarm.rehearsal.service.model.Host;
import io.assistedswarm.rehearsal.service.model.HostRole;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** The least hardware that a host needs, by role; the real service's defaults are in dry-run-agent.md 10.3. */
public record HardwareRequirements(Minimum master, Minimum arbiter, Minimum worker, Minimum singleNode) {
    public static final HardwareRequirements DEFAULT = new HardwareRequirements(
            new Minimum(4, 16_384, 100, 10, 100, 0),
            new Minimum(2, 8_192, 50, 10, 1_000, 0),
            new Minimum(2, 8_192, 100, 10, 1_000, 10),
            new Minimum(8, 16_384, 100, 10, 0, 0));

    /** @param roundTripMillis 0 for no limit */
    public record Minimum(
            @JsonProperty("cpu_cores") int cores,
            @JsonProperty("ram_mib") long memoryMib,
            @JsonProperty("disk_size_gb") long diskGb,

            @JsonProperty("installation_disk_speed_threshold_ms")
            long diskSyncMillis,

            @JsonProperty("network_latency_threshold_ms") double roundTripMillis,
            @JsonProperty("packet_loss_percentage") double packetLossPercent) {}

    @JsonIgnoreProperties(ignoreUnknown = true)
    private record Version(
            String version,
            Minimum master,
            Minimum arbiter,
            Minimum worker,
            Minimum sno,
            @JsonProperty("edge-worker") Minimum edgeWorker) {
        boolean complete() {
            return Stream.of(master, arbiter, worker, sno, edgeWorker).noneMatch(Objects::isNull);
        }
    }

    /**
     * Reads the value of {@code HW_VALIDATOR_REQUIREMENTS}: a list with an entry of version {@code default}.
     *
     * @throws IllegalArgumentException if there is none, or if it lacks one of the five roles
     */
    public static HardwareRequirements parse(String json) {
        List<Version> versions;
        try {
            versions = Arrays.asList(Json.LENIENT.readValue(json, Version[].class));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("is no list of requirements: " + e.getOriginalMessage(), e);
        }
        Version read = versions.stream()
                .filter(version -> "default".equals(version.version()))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("has no entry of version 'default'"));
        if (!read.complete()) {
            throw new IllegalArgumentException(
                    "must have an entry for each of master, arbiter, worker, sno, edge-worker");
        }
        return new HardwareRequirements(read.master(), read.arbiter(), read.worker(), read.sno());
    }

    /** As {@link #parse} reads it. */
    public String json() {
        return Json.text(List.of(new Version("default", master, arbiter, worker, singleNode, worker)));
    }

    /** What this host needs in its role; a worker's needs where the role is open. */
    public Minimum of(Host host) {
        if (host.cluster().isPresent() && host.cluster().get().singleNode() && !host.day2) {
            return singleNode;
        }
        return of(host.effectiveRole());
    }

    public Minimum of(HostRole role) {
        return switch (role) {
            case MASTER -> master;
            case ARBITER -> arbiter;
            case WORKER, AUTO_ASSIGN -> worker;
        };
    }

    /** What any host needs, whatever it becomes. */
    public Minimum least() {
        return worker;
    }
}
