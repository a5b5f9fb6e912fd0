package io.assistedswarm.coordinator.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.assistedswarm.coordinator.api.ApiJson;
import io.assistedswarm.coordinator.api.Samples;
import io.assistedswarm.coordinator.api.Views.Refusal;
import io.assistedswarm.coordinator.api.Views.SwarmState;
import io.assistedswarm.coordinator.api.Views.Verdict;
import io.assistedswarm.coordinator.record.Arrival;
import io.assistedswarm.coordinator.report.Punctuality;
import io.assistedswarm.coordinator.report.Report;
import io.assistedswarm.coordinator.report.Report.FailureCount;
import io.assistedswarm.coordinator.report.Report.PhaseStatistics;
import io.assistedswarm.coordinator.report.Report.StandIns;
import io.assistedswarm.protocol.ClusterId;
import io.assistedswarm.protocol.SwarmId;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SearchCommandTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    Path folder;

    private TestingCoordinator coordinator;

    @BeforeEach
    void start() throws IOException {
        coordinator = new TestingCoordinator();
    }

    @AfterEach
    void stop() {
        coordinator.close();
    }

    @Test
    void triesLoadsUntilItHasTheHighestAndDeletesEachSwarm() throws IOException {
        step(1, report("s-1", Verdict.PASSED, 40));
        step(2, report("s-2", Verdict.PASSED, 60));
        step(3, report("s-3", Verdict.FAILED, 300));
        step(4, report("s-4", Verdict.PASSED, 90));

        assertThat(search("--from", "100/h", "--resolution", "100/h")).isZero();
        assertThat(coordinator.requests())
                .filteredOn(request -> request.startsWith("DELETE"))
                .containsExactly(
                        "DELETE /swarms/s-1", "DELETE /swarms/s-2", "DELETE /swarms/s-3", "DELETE /swarms/s-4");
        assertThat(out.toString())
                .contains("step 1: pace.rate=100/h\n")
                .contains("step 3: not met: 2 clusters failed\n")
                .endsWith("""

                        STEP   pace.rate   LIMITS    P95       LATE-P95   CLUSTERS      SWARM   WHY
                        1      100/h       met       40.0 s    -          3 installed   s-1     -
                        2      200/h       met       60.0 s    -          3 installed   s-2     -
                        3      400/h       not met   300.0 s   -          3 installed   s-3     2 clusters failed
                        4      300/h       met       90.0 s    -          3 installed   s-4     -

                        pace.rate   P95 of a cluster's time to its end
                        100/h       #####                                      40.0 s
                        200/h       ########                                   60.0 s
                        300/h       ############                               90.0 s
                        400/h       ########################################   300.0 s  not met

                        the highest load that meets the limits is 300/h; 400/h does not meet them
                        """);
        Path results = results();
        assertThat(ImageIO.read(results.resolve("search.png").toFile()).getWidth())
                .isEqualTo(1800);
        JsonNode summary =
                ApiJson.mapper().readTree(results.resolve("search.json").toFile());
        assertThat(summary.get("steps").get(2).get("outcome").asText()).isEqualTo("not-met");
        assertThat(results.resolve("20261123-100100-s-4/summary.json")).exists();
    }

    @Test
    void submitsEachStepWithItsLoad() throws IOException {
        step(1, report("s-1", Verdict.PASSED, 40));

        assertThat(search("--vary", "clusters[0].amount", "--from", "7", "--to", "7"))
                .isZero();
        assertThat(ApiJson.readSubmission(coordinator.body("POST /swarms"))
                        .plan()
                        .clusterCount())
                .isEqualTo(7);
        assertThat(out.toString())
                .contains("the highest load that meets the limits is 7; no higher one was to be tried");
    }

    @Test
    void doesNotCountAgainstTheServiceWhatTheGeneratorIsShortOf() throws IOException {
        step(1, report("s-1", Verdict.PASSED, 40));
        step(2, late(report("s-2", Verdict.PASSED, 40)));
        step(3, broken(report("s-3", Verdict.FAILED, 40)));

        assertThat(search("--from", "100/h", "--resolution", "50/h")).isZero();
        assertThat(out.toString())
                .contains("step 2: not valid: 1 of 2 clusters came more than 5 s late, 1 of them for workers' room\n")
                .contains("step 3: not valid: the generator failed 1 times: ProcessCrashed\n")
                .contains("150/h is more than the generator can give, so the service may bear more");
    }

    @Test
    void aPlanThatDoesNotFitTheWorkersIsNotValidEither() throws IOException {
        coordinator.on("POST /swarms", 422, new Refusal(List.of("does not fit: start more workers")));

        assertThat(search("--from", "100/h")).isEqualTo(1);
        assertThat(out.toString())
                .contains("step 1: not valid: does not fit: start more workers\n")
                .contains("no load was tried out: the generator could not give even 100/h");
    }

    @Test
    void sayThatEvenTheLowestLoadIsTooMuch() throws IOException {
        step(1, report("s-1", Verdict.FAILED, 40));

        assertThat(search("--from", "100/h")).isEqualTo(3);
        assertThat(out.toString()).contains("even 100/h does not meet the limits; begin with less");
    }

    @Test
    void deletesTheSwarmOfTheStepThatIsInterruptedAndShowsWhatIsKnown() throws Exception {
        step(1, report("s-1", Verdict.PASSED, 40));
        // Seen once as running; the next look is that after its deletion.
        coordinator
                .on("GET /swarms/s-2", 200, Samples.swarm("s-2", SwarmState.RUNNING, Verdict.NONE))
                .on("GET /swarms/s-2", 200, Samples.swarm("s-2", SwarmState.DELETED, Verdict.NONE))
                .on(
                        "GET /swarms",
                        200,
                        List.of(
                                Samples.swarm("s-1", SwarmState.DELETED, Verdict.PASSED),
                                Samples.swarm("s-2", SwarmState.RUNNING, Verdict.NONE)))
                .on("DELETE /swarms/s-2", 202, Samples.swarm("s-2", SwarmState.DELETING, Verdict.NONE));
        CompletableFuture<Integer> exitCode = new CompletableFuture<>();
        String[] arguments = arguments("--from", "100/h");
        Thread user = Thread.ofPlatform().start(() -> exitCode.complete(run(Duration.ofMinutes(5), arguments)));
        await().until(() -> coordinator.requests().contains("GET /swarms/s-2"));
        user.interrupt();

        assertThat(exitCode).succeedsWithin(Duration.ofSeconds(20)).isEqualTo(1);
        assertThat(coordinator.requests()).contains("DELETE /swarms/s-2");
        assertThat(err.toString()).contains("interrupted: swarm s-2 is deleted first");
        assertThat(out.toString())
                .contains("1      100/h       met")
                .contains("the highest load that meets the limits is 100/h; higher ones were not tried");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --from 0/h                          | swarm search: --from: '0/h' is no value of pace.rate above 0; write for example 500/h
            --from 100                          | swarm search: --from: '100' is no value of pace.rate above 0
            --from 1/h --vary pace.speed        | swarm search: --vary: 'pace.speed' is no load of a plan; known: pace.rate
            --from 5 --vary pace.batch --to 4   | swarm search: --to: 4 is less than --from 5
            --from 1/h --max-steps 0            | swarm search: --max-steps: is 0; it is between 1 and 99
            --from 1/h --set pace.batch=2       | --set pace.batch=2: spec.pace.batch: is there beside 'rate'; leave out one of the two
            """)
    void nonsenseIsRefusedBeforeAnythingIsCreated(String flags, String said) throws IOException {
        assertThat(search(flags.split(" +"))).isEqualTo(2);
        assertThat(err.toString()).contains(said);
        assertThat(coordinator.requests()).isEmpty();
    }

    /** A swarm that is done at once, and then gone. */
    private void step(int number, Report report) {
        String id = "s-" + number;
        coordinator
                .on("POST /swarms", 201, Samples.swarm(id, SwarmState.RUNNING, Verdict.NONE))
                .on("GET /swarms", 200, List.of(Samples.swarm(id, SwarmState.DONE, report.verdict())))
                .on("GET /swarms/" + id, 200, Samples.swarm(id, SwarmState.DONE, report.verdict()))
                .on("GET /swarms/" + id + "/report", 200, report)
                .on("DELETE /swarms/" + id, 202, Samples.swarm(id, SwarmState.DELETING, report.verdict()))
                .on("GET /swarms/" + id, 200, Samples.swarm(id, SwarmState.DELETED, report.verdict()));
    }

    private static Report report(String swarm, Verdict verdict, double p95) {
        return new Report(
                swarm,
                "exec",
                Samples.START,
                Optional.of(Samples.START.plusSeconds(300)),
                verdict,
                verdict == Verdict.FAILED ? List.of("2 clusters failed") : List.of(),
                3,
                3,
                0,
                Map.of("installed", 3),
                Map.of("installed", 3),
                List.of(new PhaseStatistics("placed → end", 3, 1, 2, 2, p95, p95, p95)),
                List.of(),
                List.of(),
                36,
                Optional.empty(),
                Optional.empty(),
                new StandIns(0, List.of()));
    }

    private static Report late(Report report) {
        ClusterId cluster = new ClusterId(new SwarmId(report.swarm()), 0);
        Arrival punctual = new Arrival(cluster, Samples.START, Samples.START, Duration.ZERO, Duration.ZERO);
        Arrival late =
                new Arrival(cluster, Samples.START, Samples.START.plusSeconds(9), Duration.ZERO, Duration.ofSeconds(9));
        return with(report, List.of(), Punctuality.of(List.of(punctual, late), Map.of()));
    }

    private static Report broken(Report report) {
        return with(
                report,
                List.of(new FailureCount("generator", "host", "ProcessCrashed", 1, "exit 1", List.of())),
                Optional.empty());
    }

    private static Report with(Report report, List<FailureCount> failures, Optional<Punctuality> punctuality) {
        return new Report(
                report.swarm(),
                report.runtime(),
                report.submittedAt(),
                report.endedAt(),
                report.verdict(),
                report.verdictReasons(),
                report.clusterCount(),
                report.hostCount(),
                report.replaced(),
                report.clusters(),
                report.hosts(),
                report.clusterPhases(),
                report.hostPhases(),
                failures,
                report.clustersPerHour(),
                report.faults(),
                punctuality,
                report.standInInstallers());
    }

    private Path results() throws IOException {
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(folder.resolve("results"))) {
            return folders.iterator().next();
        }
    }

    private int search(String... more) throws IOException {
        return run(Duration.ofMillis(1), arguments(more));
    }

    private String[] arguments(String... more) throws IOException {
        Path plan = Files.writeString(folder.resolve("plan.yaml"), """
                apiVersion: assistedswarm.io/v1alpha1
                kind: SwarmPlan
                metadata: {name: night}
                spec: {clusters: [{singleNode: true, amount: 3}]}
                """);
        Files.writeString(folder.resolve("secret.json"), "{\"auths\":{\"a\":{\"auth\":\"dXNlcjpwYXNz\"}}}");
        Path config = Files.writeString(folder.resolve("service.yaml"), """
                service_endpoint: http://127.0.0.1:1
                ssh_pub_key: key
                pull_secret_file: secret.json
                release_image: image:4.18.1
                """);
        List<String> arguments = new ArrayList<>(List.of(
                "search",
                plan.toString(),
                "--service-config",
                config.toString(),
                "--manifests",
                "../conf/manifests",
                "--no-preflight",
                "--name",
                "s",
                "--results",
                folder.resolve("results").toString()));
        arguments.addAll(List.of(more));
        return arguments.toArray(String[]::new);
    }

    private int run(Duration interval, String... arguments) {
        return Cli.run(
                new Shell(
                        new StringReader(""),
                        new PrintWriter(out, true),
                        new PrintWriter(err, true),
                        false,
                        false,
                        Map.of("SWARM_COORDINATOR", coordinator.url()),
                        folder,
                        Clock.fixed(Samples.START.plusSeconds(60), ZoneOffset.UTC),
                        interval),
                arguments);
    }
}
