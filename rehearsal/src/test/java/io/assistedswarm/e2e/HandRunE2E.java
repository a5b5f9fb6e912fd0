package io.assistedswarm.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.assistedswarm.e2e.Launcher.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** Hub, coordinator and workers each started by hand, as in the README's four terminals. */
@Isolated("it measures how soon something happens")
class HandRunE2E {
    private static final Pattern STARTED = Pattern.compile("agent started as process (\\d+)");
    private static final Pattern PROCESS = Pattern.compile("pid (\\d+),.*restarts (\\d+),");

    @TempDir
    Path folder;

    private Launcher swarm;
    private Path serviceConfig;
    private Process coordinator;

    /** Slow enough that a host stays registered for some six seconds: time to kill something. */
    @BeforeEach
    void startHubAndCoordinator() throws IOException {
        swarm = new Launcher(folder);
        serviceConfig = swarm.startHub(8).resolve("service-config.yaml");
        coordinator = swarm.startCoordinator();
    }

    @AfterEach
    void stopEverything() {
        swarm.close();
        assertThat(swarm.processes()).isEmpty();
    }

    @Test
    @Tag("heavy")
    void aNewWorkerTakesNewClustersAKilledAgentComesBackAndAKilledWorkerTakesItsChildrenWithIt() throws Exception {
        swarm.environment("SWARM_LOG_FORMAT", "json");
        swarm.startWorker("w1", 2);
        swarm.startWorker("w2", 2);
        swarm.awaitWorkers(2);
        submit("six", 6);
        await().atMost(Duration.ofSeconds(60))
                .until(() -> hostsOn("w1").size() + hostsOn("w2").size() == 4);
        assertThat(swarm.run("describe", "swarm", "six").out()).contains("waits for places");

        // Before its installation, in which the service would fail a host that registers again.
        String victim = hostsOn("w1").getFirst();
        awaitAgent(victim);
        long killed = agentOf(victim);
        kill(killed);
        await().atMost(Duration.ofSeconds(30)).until(() -> restartsOf(victim) >= 1 && agentOf(victim) != killed);

        Process third = swarm.startWorker("w3", 2);
        swarm.awaitWorkers(3);
        await().atMost(Duration.ofSeconds(10)).until(() -> hostsOn("w3").size() == 2);

        String lost = hostsOn("w3").getFirst();
        awaitPhase(lost, "registered");
        assertThat(swarm.processesWith("StandInMain").stream().filter(this::isOfThirdWorker))
                .isNotEmpty();
        kill(third.pid());
        await().atMost(Duration.ofSeconds(1))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> swarm.processes().stream().noneMatch(this::isOfThirdWorker));

        Outcome end = swarm.run("wait", "six", "--for=done", "--timeout", "4m");
        assertThat(end.exitCode()).as(end.out() + end.err()).isZero();
        JsonNode clusters =
                swarm.run("get", "clusters", "--swarm", "six", "-o", "json").json();
        assertThat(phases(clusters, "installed")).isEqualTo(6);
        assertThat(clusters.valueStream()
                        .filter(cluster -> cluster.path("generation").asInt() == 2))
                .as("clusters of the lost worker, which others have taken over")
                .hasSize(2);
        assertThat(swarm.run("logs", victim).out()).contains("Registering host");
        assertDeleted("six", 6);
        for (String role : List.of("w1", "w2", "w3")) {
            JsonLog lines = JsonLog.read(folder.resolve(role + ".log"));
            lines.assertEveryLineIsOfWorker(role);
            lines.assertEveryLineHasItsIds("six");
        }
    }

    @Test
    @Tag("heavy")
    void aKilledCoordinatorGoesOnWhereItWasAndNoAgentNoticesAlsoWithOneWorkerOnly() throws Exception {
        swarm.startWorker("w1", 4);
        swarm.awaitWorkers(1);
        submit("two", 2);
        awaitPhase("two-0-0", "registered");
        awaitPhase("two-1-0", "registered");
        List<String> hosts = hostsOn("w1");
        List<Long> agents = hosts.stream().map(this::agentOf).toList();

        kill(coordinator.pid());
        coordinator.waitFor();
        Instant start = Instant.now();
        swarm.startCoordinator();
        assertThat(swarm.run("get", "swarm", "two").out()).contains("two").contains("running");
        Duration answered = Duration.between(start, Instant.now());
        System.out.println("a killed coordinator's command line answered again after " + answered);
        assertThat(answered).isLessThan(Duration.ofSeconds(20));
        swarm.awaitWorkers(1);
        // By their histories: on a slow machine they may have rebooted meanwhile.
        assertThat(hosts.stream().flatMap(this::startedAgentsOf)).isEqualTo(agents);

        Outcome end = swarm.run("wait", "two", "--for=done", "--timeout", "2m");
        assertThat(end.exitCode()).as(end.out() + end.err()).isZero();
        assertThat(hosts.stream().map(this::restartsOf)).containsOnly(0);
        assertThat(swarm.run("report", "two").out()).contains("passed");
        assertDeleted("two", 2);
    }

    @Test
    @Tag("heavy")
    void cancelEndsTheProcessesAndKeepsTheObjectsUntilTheyAreDeleted() throws Exception {
        swarm.startWorker("w1", 3);
        swarm.awaitWorkers(1);
        submit("two", 2);
        awaitPhase("two-0-0", "registered");

        assertThat(swarm.run("cancel", "two").exitCode()).isZero();

        await().atMost(Duration.ofSeconds(30)).until(() -> state("two").equals("cancelled"));
        assertThat(swarm.processesWith("StandInMain")).isEmpty();
        assertDeleted("two", 2);
        assertThat(folder.resolve("w1/two")).doesNotExist();
    }

    @Test
    void mistakesAreAnsweredInOneLineAndWithTheRightExitCode() throws Exception {
        Path plan = Files.writeString(folder.resolve("wrong.yaml"), """
                apiVersion: assistedswarm.io/v1alpha1
                kind: SwarmPlan
                metadata: {name: wrong}
                spec:
                  shufle: true
                  clusters:
                    - {singleNode: true, numWorkers: 2, amount: 1}
                """);

        Outcome wrongPlan = swarm.run("submit", plan.toString(), "--service-config", serviceConfig.toString());
        assertThat(wrongPlan.exitCode()).isEqualTo(2);
        assertThat(wrongPlan.err()).contains("wrong.yaml:5").contains("shuffle").contains("wrong.yaml:7");

        Outcome unknownHost = swarm.run("describe", "host", "nobody-0-0");
        assertThat(unknownHost.exitCode()).isEqualTo(1);
        assertThat(unknownHost.err().lines()).hasSize(1);

        assertThat(swarm.run("get", "nonsense").exitCode()).isEqualTo(2);
        assertThat(swarm.run("worker", "--join", "nowhere", "--capacity", "-1").err())
                .contains("--join 'nowhere'")
                .contains("capacity -1");
        assertThat(swarm.run("get", "swarms", "-o", "json").json()).isEmpty();
    }

    private void submit(String name, int clusters) throws IOException {
        Path plan = Files.writeString(folder.resolve(name + ".yaml"), """
                apiVersion: assistedswarm.io/v1alpha1
                kind: SwarmPlan
                metadata: {name: %s}
                spec:
                  clusters:
                    - {singleNode: true, amount: %d}
                """.formatted(name, clusters));
        Outcome submitted =
                swarm.run("submit", plan.toString(), "--service-config", serviceConfig.toString(), "--name", name);
        assertThat(submitted.exitCode()).as(submitted.err()).isZero();
    }

    private void assertDeleted(String name, int clusters) {
        Outcome deleted = swarm.run("delete", name);
        assertThat(deleted.exitCode()).as(deleted.out() + deleted.err()).isZero();
        assertThat(deleted.out())
                .containsPattern("Namespace +created " + clusters + ", deleted " + clusters + ", left 0")
                .doesNotContainPattern("left [1-9]");
    }

    private List<String> hostsOn(String worker) {
        return StreamSupport.stream(
                        swarm.run("get", "hosts", "-o", "json").json().spliterator(), false)
                .filter(host -> host.path("worker").asText().equals(worker))
                .map(host -> host.path("name").asText())
                .toList();
    }

    private void awaitPhase(String host, String phase) {
        await().atMost(Duration.ofSeconds(60))
                .until(() -> swarm.run("get", "host", host).out().contains(phase));
    }

    private void awaitAgent(String host) {
        await().atMost(Duration.ofSeconds(60))
                .until(() -> PROCESS.matcher(swarm.run("describe", "host", host).out())
                        .find());
    }

    private String state(String name) {
        return swarm.run("get", "swarm", name, "-o", "json")
                .json()
                .path("state")
                .asText();
    }

    private long agentOf(String host) {
        return Long.parseLong(process(host).group(1));
    }

    /** One after the other. */
    private Stream<Long> startedAgentsOf(String host) {
        return STARTED.matcher(swarm.run("describe", "host", host).out())
                .results()
                .map(started -> Long.valueOf(started.group(1)));
    }

    private int restartsOf(String host) {
        Matcher process = PROCESS.matcher(swarm.run("describe", "host", host).out());
        return process.find() ? Integer.parseInt(process.group(2)) : 0;
    }

    private Matcher process(String host) {
        String described = swarm.run("describe", "host", host).out();
        Matcher process = PROCESS.matcher(described);
        assertThat(process.find()).as(described).isTrue();
        return process;
    }

    private boolean isOfThirdWorker(long pid) {
        return Launcher.environmentOf(pid).contains("SWARM_WORKER=w3");
    }

    private static long phases(JsonNode clusters, String phase) {
        return StreamSupport.stream(clusters.spliterator(), false)
                .filter(cluster -> cluster.path("phase").asText().equals(phase))
                .count();
    }

    private static void kill(long pid) throws Exception {
        assertThat(new ProcessBuilder("kill", "-KILL", String.valueOf(pid))
                        .start()
                        .waitFor())
                .isZero();
    }
}
