package io.assistedswarm.rehearsal.service;

import static io.assistedswarm.rehearsal.service.TestingCluster.until;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.assistedswarm.rehearsal.service.Speakers.Fault;
import io.assistedswarm.rehearsal.standin.StandInJvm;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real stand-in agents, of which two act for one host, or only seem to. */
class DoublesIT {
    private static final String HOST = "5f0c9b5e-0000-4000-8000-000000000001";

    @TempDir
    Path folder;

    private final List<Process> agents = new ArrayList<>();
    private TestingHub hub;
    private TestingCluster pool;

    @BeforeEach
    void startHub() throws IOException {
        hub = TestingHub.start(Map.of());
        pool = new TestingCluster(hub, "pool");
        pool.user.createNamespace();
        pool.user.createInfraEnv("osImageVersion: \"4.18\"");
        pool.user.createHost(0, "master");
        pool.prepare(0);
    }

    @AfterEach
    void stop() {
        agents.forEach(Process::destroyForcibly);
        hub.close();
    }

    @Test
    void findsTwoAgentsOfTwoWorkersInOneGeneration() throws Exception {
        startAgent("w1", 1);
        until(() -> spoken() > 1);
        startAgent("w2", 1);
        until(() -> !doubles().path("doubles").isEmpty());

        JsonNode found = doubles().path("doubles").get(0);
        assertThat(found.path("for").asText()).isEqualTo(HOST);
        assertThat(found.path("former").path("worker").asText()).isEqualTo("w1");
        assertThat(found.path("newcomer").path("worker").asText()).isEqualTo("w2");
    }

    @Test
    void findsAnAgentThatWasReplacedAndLivesOn() throws Exception {
        startAgent("w1", 1);
        until(() -> spoken() > 1);
        startAgent("w2", 2);

        until(() -> faults().contains(Fault.OLDER_GENERATION));
    }

    @Test
    void findsNothingInAnAgentThatWasKilledAndStartedAgain() throws Exception {
        Process first = startAgent("w1", 1);
        until(() -> spoken() > 1);
        first.destroyForcibly().waitFor();
        startAgent("w1", 1);
        until(() -> hub.service.speakers().heard().instances() == 2);
        long before = spoken();
        until(() -> spoken() > before + 2);

        assertThat(faults()).isEmpty();
    }

    private List<Fault> faults() {
        return hub.service.speakers().overlaps().stream()
                .map(Speakers.Overlap::fault)
                .toList();
    }

    private long spoken() {
        return hub.service.speakers().heard().requests();
    }

    private JsonNode doubles() {
        return pool.caller.look("/rehearsal/doubles");
    }

    private Process startAgent(String worker, int generation) throws IOException {
        List<String> command = new ArrayList<>(StandInJvm.command("agent", folder.resolve("none.jsa")));
        command.addAll(List.of("--url", hub.url, "--infra-env-id", pool.infraEnv, "--agent-version", "agent:1"));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(
                        folder.resolve(worker + "-" + generation + ".log").toFile());
        builder.environment()
                .putAll(Map.of(
                        "DRY_ENABLE", "true",
                        "DRY_HOST_ID", HOST,
                        "DRY_FORCED_MAC_ADDRESS", "02:00:00:00:00:00",
                        "DRY_FORCED_HOSTNAME", "pool-0",
                        "DRY_FORCED_HOST_IPV4", "10.123.0.1/16",
                        "REHEARSAL_TIME_SCALE", "100",
                        "SWARM_WORKER", worker,
                        "SWARM_GENERATION", String.valueOf(generation)));
        Process agent = builder.start();
        agents.add(agent);
        return agent;
    }
}
