package io.assistedswarm.coordinator.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import io.assistedswarm.coordinator.api.ApiJson;
import io.assistedswarm.coordinator.api.Samples;
import io.assistedswarm.coordinator.api.Views.DeletionView;
import io.assistedswarm.coordinator.api.Views.HubTroubleView;
import io.assistedswarm.coordinator.api.Views.ObstacleView;
import io.assistedswarm.coordinator.api.Views.OrphanView;
import io.assistedswarm.coordinator.api.Views.PollsView;
import io.assistedswarm.coordinator.api.Views.Preview;
import io.assistedswarm.coordinator.api.Views.Refusal;
import io.assistedswarm.coordinator.api.Views.ServiceEventView;
import io.assistedswarm.coordinator.api.Views.ServiceEventsView;
import io.assistedswarm.coordinator.api.Views.SwarmState;
import io.assistedswarm.coordinator.api.Views.SwarmView;
import io.assistedswarm.coordinator.api.Views.Verdict;
import io.assistedswarm.coordinator.api.Views.WorkerView;
import io.assistedswarm.coordinator.plan.PaceChange;
import io.assistedswarm.coordinator.preflight.PreflightReport;
import io.assistedswarm.coordinator.report.EventPage;
import io.assistedswarm.coordinator.report.FaultReport;
import io.assistedswarm.coordinator.report.Lives;
import io.assistedswarm.coordinator.report.Report;
import io.assistedswarm.coordinator.report.Report.FailureCount;
import io.assistedswarm.coordinator.report.Report.PhaseStatistics;
import io.assistedswarm.coordinator.report.Report.StandIns;
import io.assistedswarm.protocol.BareMetalFlow;
import io.assistedswarm.protocol.DataDisk;
import io.assistedswarm.protocol.Description;
import io.assistedswarm.protocol.WorkerCommand.LogChunk;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CliTest {
    private String typed = "";
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final Map<String, String> environment = new HashMap<>();

    @TempDir
    Path folder;

    private TestingCoordinator coordinator;

    @BeforeEach
    void start() throws IOException {
        coordinator = new TestingCoordinator()
                .on("POST /preflight", 200, new PreflightReport(List.of(), BareMetalFlow.IMAGE));
        environment.put("SWARM_COORDINATOR", coordinator.url());
    }

    @AfterEach
    void stop() {
        coordinator.close();
    }

    // get

    @Test
    void listsHostsAsKubectlWould() {
        coordinator.on(
                "GET /hosts?swarm=night",
                200,
                List.of(Samples.host("night-0-10", "night", "night-0"), Samples.host("night-0-9", "night", "night-0")));

        assertThat(run("get", "h", "--swarm", "night")).isZero();
        assertThat(out.toString()).isEqualTo("""
                        NAME         PHASE    ROLE     WORKER   SINCE   REASON
                        night-0-9    failed   master   w1       60s     generator/ProcessCrashed
                        night-0-10   failed   master   w1       60s     generator/ProcessCrashed
                        """);
    }

    @ParameterizedTest
    @ValueSource(strings = {"worker", "workers", "w", "WORKERS"})
    void takesSingularPluralAndShortNames(String kind) {
        coordinator.on("GET /workers", 200, List.of(Samples.worker("w1")));

        assertThat(run("get", kind, "-o", "name")).isZero();
        assertThat(out.toString()).isEqualTo("w1\n");
    }

    @Test
    void getsOneAsJsonOrYaml() throws IOException {
        coordinator.on("GET /swarms/night", 200, Samples.swarm("night", SwarmState.RUNNING, Verdict.NONE));

        assertThat(run("get", "swarm", "night", "-o", "json")).isZero();
        JsonNode json = ApiJson.mapper().readTree(out.toString());
        assertThat(json.get("state").asText()).isEqualTo("running");

        out.getBuffer().setLength(0);
        assertThat(run("get", "swarm", "night", "-o", "yaml")).isZero();
        assertThat(out.toString())
                .contains("id: night\n")
                .contains("state: running\n")
                .doesNotContain("!!");
    }

    @Test
    void saysHowLateClustersOfASwarmCome() {
        coordinator.on("GET /swarms/night", 200, Samples.swarm("night", SwarmState.RUNNING, Verdict.NONE));

        assertThat(run("describe", "swarm", "night")).isZero();
        assertThat(out.toString())
                .contains(
                        "Late:       p50 8.0 s, p95 10.7 s, max 11.0 s of 3; 2 came more than 5 s late: 1 for workers' room, 1 for the coordinator; 1 held by the plan, p95 20.0 s\n");
    }

    @Test
    void wideAddsColumns() {
        coordinator.on("GET /clusters", 200, List.of(Samples.cluster("night-0", "night", "installing")));

        assertThat(run("get", "clusters", "-o", "wide")).isZero();
        assertThat(out.toString().lines().toList())
                .satisfiesExactly(
                        header -> assertThat(header).contains("WORKERS").endsWith("MESSAGE"),
                        row -> assertThat(row).contains("42%").contains("1/4").contains("w1,w2"));
    }

    @Test
    void nothingToListIsSaidOnStderr() {
        coordinator.on("GET /swarms", 200, List.of());

        assertThat(run("get", "swarms")).isZero();
        assertThat(out.toString()).isEmpty();
        assertThat(err.toString()).isEqualTo("no swarms\n");
    }

    // errors

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "gte swarms | 2 | swarm: 'gte' is not a verb; did you mean 'get'?; see 'swarm --help'",
                "get hosst | 2 | there is nothing of the kind 'hosst'; did you mean 'host'?",
                "get | 2 | swarm get: Missing required parameter: 'KIND'; see 'swarm get --help'",
                "get hosts --swam x | 2 | swarm get: '--swam' is not an option; did you mean '--swarm'?; see 'swarm get --help'",
                "get swarms --swarm x | 2 | --swarm goes with clusters and hosts only; leave it out",
                "get swarms -o xml | 2 | swarm get: Invalid value for option '--output': expected one of [WIDE, JSON, YAML, NAME] (case-insensitive) but was 'xml'; see 'swarm get --help'",
                "scale night sno --clusters 4 | 2 | swarm scale: Invalid value for positional parameter at index 1 (GROUP): 'sno' is not a whole number, or too large; see 'swarm scale --help'",
                "wait night --timeout 5x | 2 | swarm wait: Invalid value for option '--timeout': '5x' is not a duration; write for example 90s or 1h30m; see 'swarm wait --help'",
                "get swarms --coordinator http:// | 2 | 'http://' is no address of a coordinator; write for example http://127.0.0.1:7480",
                "get swarms --coordinator http://[x | 2 | 'http://[x' is no address of a coordinator; write for example http://127.0.0.1:7480",
                "get swarms --coordinator ftp://x | 2 | 'ftp://x' is no address of a coordinator; write for example http://127.0.0.1:7480",
                "submit plan.yaml | 2 | swarm submit: Missing required option: '--service-config=FILE'; see 'swarm submit --help'",
                "submit plan.yaml --service-config x --results y | 2 | --results and --timeout go with --wait; add it",
                "demo --keep | 2 | 'demo' is started by the launcher: ./swarm demo --keep",
                "get swarms --coordinator http://127.0.0.1:1 | 1 | no coordinator answers at http://127.0.0.1:1; start one with 'swarm coordinator', or name it with --coordinator"
            })
    void aMistakeIsOneLineThatSaysWhatToDo(String arguments, int exitCode, String line) {
        assertThat(run(arguments.split(" "))).isEqualTo(exitCode);
        assertThat(err.toString()).isEqualTo(line + "\n");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void whatCanBeNoPathIsAMistakeToo() {
        assertThat(run("preflight", "a\0b")).isEqualTo(2);
        assertThat(err.toString()).contains("this cannot be the name of a file").doesNotContain("Exception");
    }

    @Test
    void aVariableThatIsNotThereInAHostsAnnotationIsSaidOnce() throws IOException {
        Files.writeString(folder.resolve("wrong.yaml"), """
                apiVersion: assistedswarm.io/v1alpha1
                kind: SwarmPlan
                metadata: {name: night}
                spec:
                  clusters:
                    - {singleNode: true, hostAnnotations: {example.com/rack: "{{host.rack}}"}}
                """);

        assertThat(submit("wrong.yaml")).isEqualTo(2);
        assertThat(err.toString())
                .contains("wrong.yaml:6", "host.rack", "1 problem; nothing was created")
                .hasLineCount(2);
    }

    @ParameterizedTest
    @CsvSource({"404, 1", "409, 1", "503, 1", "422, 2", "400, 2"})
    void whatTheCoordinatorRefusesIsPassedOn(int status, int exitCode) {
        coordinator.on("POST /swarms/night/pause", status, new Refusal(List.of("no, because")));

        assertThat(run("pause", "night")).isEqualTo(exitCode);
        assertThat(err.toString()).isEqualTo("no, because\n");
    }

    @Test
    void changesThePaceOfARunningSwarm() throws IOException {
        coordinator.on("POST /swarms/night/pace", 200, Samples.swarm("night", SwarmState.RUNNING, Verdict.NONE));

        assertThat(run("pace", "night", "--steps", "100/h:10m,10/m", "--max-installing", "none"))
                .isZero();
        assertThat(out.toString()).isEqualTo("swarm night has another pace\n");
        PaceChange change = ApiJson.readPaceChange(coordinator.body("POST /swarms/night/pace"));
        assertThat(change.startTimes().orElseThrow().due(17)).isGreaterThan(Duration.ofMinutes(10));
        assertThat(change.maxInstalling()).contains(Integer.MAX_VALUE);
        assertThat(change.maxPerWorker()).isEmpty();
        assertThat(change.failures()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --rate 0/h                    | swarm pace: rate: is 0/h; it is more than 0, and at most 360000/h
            --rate 5                      | swarm pace: rate: is '5' and not a rate; say per what: '5/h'
            --rate 5/h --batch 2          | swarm pace: batch: is there beside 'rate'; leave out one of the two
            --batch 2                     | swarm pace: batch: means nothing without an interval
            --ramp 1/h:2/h                | swarm pace: ramp.over: is missing
            --ramp 1/h:2/h:1m:3           | swarm pace: ramp.over: is '1m:3' and not a duration
            --steps 1/h,2/h               | swarm pace: steps: has a step 0 that never ends
            --max-installing 0            | swarm pace: maxInstalling: is 0; it is at least 1
            --max-failures 100%           | swarm pace: maxFailures: is 100.0%; it is at least 0% and less than 100%
            """)
    void anAbsurdPaceIsRefusedInThePlansWords(String flags, String said) {
        assertThat(run(("pace night " + flags).split(" "))).isEqualTo(2);
        assertThat(err.toString()).startsWith(said);
        assertThat(coordinator.requests()).isEmpty();
    }

    @Test
    void scalesAGroup() {
        coordinator.on(
                "POST /swarms/night/scale?clusters=3&group=1",
                200,
                Samples.swarm("night", SwarmState.RUNNING, Verdict.NONE));
        coordinator.on("POST /swarms/night/scale?clusters=3", 409, new Refusal(List.of("swarm night has 2 groups")));

        assertThat(run("scale", "night", "1", "--clusters", "3")).isZero();
        assertThat(out.toString()).isEqualTo("swarm night has 3 clusters, those that were taken out included\n");
        assertThat(run("scale", "night", "--clusters", "3")).isEqualTo(1);
        assertThat(err.toString()).isEqualTo("swarm night has 2 groups\n");
    }

    @Test
    void aPaceNeedsSomethingToChange() {
        assertThat(run("pace", "night")).isEqualTo(2);
        assertThat(err.toString()).startsWith("swarm pace: say what is to change");
    }

    @Test
    void showsAWorkersDiskAndWhenItCannotBeWrittenTo() {
        WorkerView full = onDisk(new DataDisk(0, "No space left on device"));
        coordinator.on("GET /workers/w1", 200, onDisk(new DataDisk(5L << 30, "")));
        coordinator.on("GET /workers/w1", 200, full);
        coordinator.on("GET /workers", 200, List.of(full));
        coordinator.on("GET /hosts", 200, List.of());
        assertThat(run("describe", "worker", "w1")).isZero();
        assertThat(out.toString()).containsPattern("Data disk: +5120Mi free").doesNotContain("Warning");
        out.getBuffer().setLength(0);

        assertThat(run("describe", "worker", "w1")).isZero();
        assertThat(out.toString())
                .containsPattern("Data disk: +0Mi free")
                .containsPattern("Warning: +its data folder cannot be written to: No space left on device");
        assertThat(run("get", "workers")).isZero();
        assertThat(out.toString()).contains("up, cannot write");
    }

    private static WorkerView onDisk(DataDisk disk) {
        return new WorkerView("w1", "pekko://w1", "up", "1", 4, 0, 0, 2, 1, 1, 1, 1, Instant.EPOCH, disk);
    }

    @Test
    void drainsAWorkerAndWaitsUntilItIsEmpty() {
        coordinator.on("POST /workers/w1/drain?moveAfterSeconds=90", 200, worker("draining", 3));
        coordinator.on("GET /workers/w1", 200, worker("drained", 0));
        coordinator.on("POST /workers/w1/uncordon", 200, worker("up", 0));

        assertThat(run("drain", "w1", "--move-after", "90s", "--wait")).isZero();
        assertThat(out.toString()).isEqualTo("worker w1 is drained, 0 of 4 places taken\n");
        out.getBuffer().setLength(0);
        assertThat(run("uncordon", "w1")).isZero();
        assertThat(out.toString()).isEqualTo("worker w1 is up, 0 of 4 places taken\n");
    }

    @Test
    void saysWhatKeepsAWorkerFromBeingDrainedInTime() {
        coordinator.on("POST /workers/w1/drain", 200, worker("draining", 3));

        assertThat(run("drain", "w1", "--wait", "--timeout", "0s")).isEqualTo(4);
        assertThat(err.toString()).contains("worker w1 still has 3 hosts");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "get swarms",
                "get host night-0-0",
                "describe swarm night",
                "describe worker w1",
                "logs night-0-0",
                "pause night",
                "resume night",
                "cancel night",
                "drain w1",
                "uncordon w1",
                "delete night",
                "report night"
            })
    void everyVerbCouldNotRunWithoutACoordinator(String arguments) {
        environment.put("SWARM_COORDINATOR", "http://127.0.0.1:1");
        assertThat(run(arguments.split(" "))).isEqualTo(1);
        assertThat(err.toString()).startsWith("no coordinator answers at").hasLineCount(1);
    }

    @Test
    void whatIsNotThereYetIsNoInvalidPlan() throws IOException {
        coordinator.on("POST /swarms", 503, new Refusal(List.of("cannot reach the service at http://x")));

        assertThat(submit("plan.yaml")).isEqualTo(1);
        assertThat(err.toString()).isEqualTo("cannot reach the service at http://x\n");
    }

    @Test
    void anErrorOfItsOwnIsOneLine() {
        coordinator.on("GET /swarms/night", 200, Map.of());

        assertThat(run("describe", "swarm", "night")).isEqualTo(1);
        assertThat(err.toString()).startsWith("swarm itself broke: ").hasLineCount(1);
        environment.put("SWARM_STACK_TRACE", "1");
        assertThat(run("describe", "swarm", "night")).isEqualTo(1);
        assertThat(err.toString()).contains("\tat io.assistedswarm");
    }

    @Test
    void anotherServerIsSaidToBeOne() {
        coordinator.on("GET /swarms", 500, "<html>").on("GET /workers", 200, "<html>");

        assertThat(run("get", "swarms")).isEqualTo(1);
        assertThat(run("get", "workers")).isEqualTo(1);
        assertThat(err.toString().lines())
                .containsExactly(
                        "the coordinator at " + coordinator.url() + " answers HTTP 500; is it the right address?",
                        "the coordinator at " + coordinator.url() + " sends an answer that cannot be read");
    }

    @Test
    void theOptionBeatsTheEnvironmentWhichBeatsTheFile() throws IOException {
        coordinator.on("GET /swarms", 200, List.of());
        environment.put("SWARM_COORDINATOR", "http://127.0.0.1:1");
        assertThat(run("get", "swarms", "--coordinator", coordinator.url())).isZero();
        assertThat(run("--coordinator", coordinator.url() + "/", "get", "swarms"))
                .isZero();

        environment.clear();
        Path file = folder.resolve(".local/state/assisted-swarm/coordinator/coordinator.json");
        Files.createDirectories(file.getParent());
        Files.writeString(file, "{\"http\":\"" + coordinator.url() + "\",\"pekko\":\"127.0.0.1:25520\"}");
        assertThat(run("get", "swarms")).isZero();
    }

    // submit

    @Test
    void submitsAPlan() throws IOException {
        coordinator.on("POST /swarms", 201, Samples.swarm("night", SwarmState.RUNNING, Verdict.NONE));

        assertThat(submit("plan.yaml", "--name", "night", "--set", "seed=5")).isZero();
        JsonNode body = ApiJson.mapper().readTree(coordinator.body("POST /swarms"));
        assertThat(body.get("id").asText()).isEqualTo("night");
        assertThat(body.at("/plan/seed").asInt()).isEqualTo(5);
        assertThat(body.at("/manifests/cluster")).isNotEmpty();
        assertThat(out.toString()).startsWith("swarm night submitted: 3 clusters, 6 hosts\n");
    }

    @Test
    void anInvalidPlanReachesNobody() throws IOException {
        assertThat(submit("plan.yaml", "--set", "shufle=true", "--set", "clusters[0].amount=0", "--name", "No_Name"))
                .isEqualTo(2);
        assertThat(err.toString().lines())
                .containsExactlyInAnyOrder(
                        "--set shufle=true: spec.shufle: is not a known key; did you mean 'shuffle'?",
                        "--set clusters[0].amount=0: spec.clusters[0].amount: is 0; it is at least 1",
                        "--name: 'No_Name' cannot lead the names of namespaces and hosts; use lower-case letters, digits"
                                + " and '-', beginning with a letter, at most 40 characters",
                        "3 problems; nothing was created");
        assertThat(coordinator.requests()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "native: {binaries: /opt/dry} | spec.runtime.native.bootstrapInstaller",
                "podman: {} | spec.runtime.podman.bootstrapInstaller",
                "combined: {command: [/opt/swarm]} | spec.runtime.combined"
            })
    void bootstrapsThatNoRealInstallerCanPlayAreWarnedOf(String runtime, String key) throws IOException {
        coordinator.on("POST /swarms", 201, Samples.swarm("night", SwarmState.RUNNING, Verdict.NONE));
        Path config = writeServiceConfig(runtime);

        assertThat(submit("plan.yaml", "--service-config", config.toString())).isZero();
        assertThat(err.toString()).isEmpty();
        String[] several = {"--set", "clusters[0].singleNode=false", "--service-config", config.toString()};
        assertThat(submit("plan.yaml", several)).isZero();
        assertThat(err.toString())
                .startsWith("warning: ")
                .contains(key + ": ", "installers since 2024 panic")
                .hasLineCount(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "native: {binaries: /opt/dry, bootstrapInstaller: /opt/stand-in}",
                "podman: {bootstrapInstaller: quay.io/stand-in}",
                "combined: {}"
            })
    void bootstrapsThatAStandInPlaysAreNotWarnedOf(String runtime) throws IOException {
        coordinator.on("POST /swarms", 201, Samples.swarm("night", SwarmState.RUNNING, Verdict.NONE));
        Path config = writeServiceConfig(runtime);

        String[] several = {"--set", "clusters[0].singleNode=false", "--service-config", config.toString()};
        assertThat(submit("plan.yaml", several)).isZero();
        assertThat(err.toString()).isEmpty();
    }

    private Path writeServiceConfig(String runtime) throws IOException {
        return Files.writeString(folder.resolve("with-runtime.yaml"), """
                apiVersion: assistedswarm.io/v1alpha1
                kind: ServiceConfig
                spec:
                  serviceEndpoint: http://127.0.0.1:1
                  pullSecretFile: secret.json
                  releaseImage: image:4.18.1
                  runtime: {%s}
                """.formatted(runtime));
    }

    @Test
    void theOriginalsPlanIsTakenWithAWarning() throws IOException {
        coordinator.on("POST /swarms", 201, Samples.swarm("night", SwarmState.RUNNING, Verdict.NONE));

        assertThat(submit("../conf/plans/original-example.yaml")).isZero();
        assertThat(err.toString().lines())
                .hasSize(2)
                .allSatisfy(line -> assertThat(line).startsWith("warning: ").contains("infranev_labels"));
    }

    @Test
    void aDryRunShowsWhatWouldBeCreatedAndWhetherItFits() throws IOException {
        coordinator.on(
                "POST /swarms?dryRun=true",
                200,
                new Preview(
                        "night",
                        List.of(Samples.cluster("night-0", "night", "pending")),
                        1,
                        false,
                        "no worker has room"));

        assertThat(submit("plan.yaml", "--dry-run")).isEqualTo(2);
        assertThat(out.toString()).isEqualTo("""
                        CLUSTER   CONTROL-PLANES   ARBITERS   WORKERS   DAY-2   NMSTATE   KIND      LABELS
                        night-0   1                0          0         0       no        cluster   location=Sun

                        swarm night: 1 cluster, 1 host, in this order
                        no worker has room
                        dry run: nothing was created
                        """);
    }

    @Test
    void aDryRunShowsTheShapeOfEachClusterAndWarnsOfWhatTheReleaseDoesNotHave() throws IOException {
        Files.writeString(folder.resolve("shapes.yaml"), """
                apiVersion: assistedswarm.io/v1alpha1
                kind: SwarmPlan
                metadata: {name: night}
                spec:
                  clusters:
                    - {controlPlanes: 2, arbiterAgents: 1, day2Workers: 3, lateBinding: true, platform: baremetal}
                    - {platform: none, holdInstallation: true, release: allReady}
                    - {singleNode: true, holdInstallation: true}
                    - {controlPlanes: 2, justInfraenv: true}
                """);
        coordinator.on("POST /swarms?dryRun=true", 200, new Preview("night", List.of(), 12, true, "it fits"));

        assertThat(submit("shapes.yaml", "--dry-run")).isZero();
        assertThat(out.toString().replaceAll(" +", " "))
                .contains(
                        "night-0 2 1 0 3 no cluster, bound late, platform BareMetal -",
                        "night-1 3 0 0 0 no cluster, held until all are ready, platform None -",
                        "night-2 1 0 0 0 no cluster, held until released -",
                        "night-3 2 0 0 0 no infra-env only -");
        assertThat(err.toString()).contains("arbiterAgents: needs OpenShift 4.19, but the release image is of 4.18");
    }

    @Test
    void aDryRunShowsWhichHostsWouldMisbehaveAndHowManyOfEachKind() throws IOException {
        Files.writeString(folder.resolve("faulty.yaml"), """
                apiVersion: assistedswarm.io/v1alpha1
                kind: SwarmPlan
                metadata: {name: night}
                spec:
                  clusters: [{amount: 1}, {singleNode: true, amount: 1}]
                  faults:
                    - {kind: neverRegister, share: 1, roles: [worker, master]}
                """);
        coordinator.on("POST /swarms?dryRun=true", 200, new Preview("night", List.of(), 4, true, "it fits"));

        assertThat(submit("faulty.yaml", "--dry-run")).isZero();
        assertThat(out.toString()).contains("""
                        CLUSTER   CONTROL-PLANES   ARBITERS   WORKERS   DAY-2   NMSTATE   KIND      LABELS   FAULTS
                        night-0   3                0          0         0       no        cluster   -        night-0-0 neverRegister, night-0-1 neverRegister, night-0-2 neverRegister
                        night-1   1                0          0         0       no        cluster   -        night-1-0 neverRegister
                        """).contains("\nfault neverRegister: hosts 4, in clusters 2\n");
    }

    @Test
    void waitingShowsProgressAndThenTheReportAndTheVerdict() throws IOException {
        coordinator
                .on("POST /swarms", 201, Samples.swarm("night", SwarmState.RUNNING, Verdict.NONE))
                .on("GET /swarms/night", 200, Samples.swarm("night", SwarmState.RUNNING, Verdict.NONE))
                .on("GET /swarms/night", 200, Samples.swarm("night", SwarmState.RUNNING, Verdict.NONE))
                .on("GET /swarms/night", 200, Samples.swarm("night", SwarmState.DONE, Verdict.FAILED))
                .on("GET /swarms/night/report", 200, report(Verdict.FAILED));

        assertThat(submit(
                        "plan.yaml",
                        "--wait",
                        "--results",
                        folder.resolve("results").toString()))
                .isEqualTo(3);
        assertThat(out.toString())
                .containsOnlyOnce("+60s running; clusters: 2 installing, 1 installed; hosts: 5 installing, 1 installed")
                .contains("+60s done; ")
                .contains("Verdict: failed\n  - 1 of 3 clusters failed")
                .doesNotContain("\u001b");
        Path written = folder.resolve("results/20261123-100100-night");
        assertThat(Files.readString(written.resolve("report.txt"))).contains("known → preparing");
        assertThat(ApiJson.mapper()
                        .readTree(written.resolve("summary.json").toFile())
                        .get("verdict")
                        .asText())
                .isEqualTo("failed");
    }

    @ParameterizedTest
    @CsvSource({"PASSED, 0", "FAILED, 3", "INCOMPLETE, 3", "CANCELLED, 3", "NOT_VALID, 5"})
    void whatCannotBeWrittenTakesNothingFromTheVerdict(Verdict verdict, int exitCode) throws IOException {
        Path inTheWay = Files.writeString(folder.resolve("results"), "a file");
        coordinator
                .on("POST /swarms", 201, Samples.swarm("night", SwarmState.RUNNING, Verdict.NONE))
                .on("GET /swarms/night", 200, Samples.swarm("night", SwarmState.DONE, verdict))
                .on("GET /swarms/night/report", 200, report(verdict));

        assertThat(submit("plan.yaml", "--wait", "--results", inTheWay.toString()))
                .isEqualTo(exitCode);
        assertThat(out.toString()).contains("Verdict: ");
        assertThat(err.toString())
                .isEqualTo("cannot write the report below " + inTheWay
                        + ": there is a file of that name; name another folder and run 'swarm report night -d DIR'\n");
    }

    @Test
    void waitingGivesUpWhenTheTimeIsOver() throws IOException {
        coordinator
                .on("POST /swarms", 201, Samples.swarm("night", SwarmState.RUNNING, Verdict.NONE))
                .on("GET /swarms/night", 200, Samples.swarm("night", SwarmState.RUNNING, Verdict.NONE));

        assertThat(submit("plan.yaml", "--wait", "--timeout", "0s")).isEqualTo(4);
        assertThat(err.toString()).contains("it goes on, 'swarm wait night' waits again");
    }

    @Test
    void aTerminalSeesABlockThatIsDrawnAgain() throws IOException {
        coordinator
                .on("POST /swarms", 201, Samples.swarm("night", SwarmState.RUNNING, Verdict.NONE))
                .on("GET /swarms/night", 200, Samples.swarm("night", SwarmState.RUNNING, Verdict.NONE))
                .on("GET /swarms/night", 200, Samples.swarm("night", SwarmState.DONE, Verdict.PASSED))
                .on("GET /swarms/night/report", 200, report(Verdict.PASSED));

        assertThat(run(true, submitArguments("plan.yaml", "--wait", "--results", folder.toString())))
                .isZero();
        assertThat(out.toString())
                .contains("\u001b[4A\r\u001b[2Kswarm night  done  90s")
                .contains("hosts     [###.................]  5 installing, 1 installed")
                .contains("Verdict: \u001b[32mpassed");
    }

    // wait, delete

    @ParameterizedTest
    @CsvSource({
        "done, DONE, PASSED, 0",
        "done, DONE, FAILED, 3",
        "done, CANCELLED, CANCELLED, 3",
        "installing, RUNNING, NONE, 0",
        "deleted, DELETED, PASSED, 0",
        "deleted, DELETION_FAILED, PASSED, 1"
    })
    void waitsForWhatItIsTold(String condition, SwarmState state, Verdict verdict, int exitCode) {
        coordinator.on("GET /swarms/night", 200, Samples.swarm("night", state, verdict));

        assertThat(run("wait", "night", "--for=" + condition)).isEqualTo(exitCode);
    }

    @Test
    void waitTimesOut() {
        coordinator.on("GET /swarms/night", 200, Samples.swarm("night", SwarmState.RUNNING, Verdict.NONE));

        assertThat(run("wait", "night", "--timeout", "0s")).isEqualTo(4);
        assertThat(err.toString())
                .isEqualTo("after 0s swarm night is not done; 'swarm describe swarm night' says what it waits for\n");
    }

    @Test
    void deletingShowsThatNothingIsLeft() {
        coordinator
                .on("DELETE /swarms/night", 202, Samples.swarm("night", SwarmState.DELETING, Verdict.PASSED))
                .on("GET /swarms/night", 200, Samples.swarm("night", SwarmState.DELETING, Verdict.PASSED))
                .on("GET /swarms/night", 200, deleted(SwarmState.DELETED, 0, List.of()));

        assertThat(run("delete", "night")).isZero();
        assertThat(out.toString()).isEqualTo("""
                        swarm night is deleted
                          InfraEnv   created 3, deleted 3, left 0
                          Namespace  created 3, deleted 3, left 0
                        """);
    }

    @Test
    void theReportIsKeptBeforeAnythingIsDeleted() throws IOException {
        coordinator
                .on("GET /swarms/night/report", 200, report(Verdict.PASSED))
                .on("GET /swarms/night/lives", 200, new Lives(List.of(), List.of(), List.of()))
                .on("DELETE /swarms/night", 202, Samples.swarm("night", SwarmState.DELETING, Verdict.PASSED))
                .on("GET /swarms/night", 200, deleted(SwarmState.DELETED, 0, List.of()));

        assertThat(run("delete", "night", "--results", folder.toString())).isZero();
        assertThat(coordinator.requests())
                .containsSubsequence("GET /swarms/night/report", "GET /swarms/night/lives", "DELETE /swarms/night");
        try (Stream<Path> written = Files.list(folder)) {
            assertThat(written)
                    .singleElement()
                    .satisfies(kept -> assertThat(kept.resolve("summary.json")).exists());
        }
    }

    @Test
    void nothingIsDeletedWhoseReportIsNotWhollyThere() {
        coordinator
                .on("GET /swarms/night/report", 200, report(Verdict.PASSED))
                .on("GET /swarms/night/lives", 500, Map.of());

        assertThat(run("delete", "night", "--results", folder.toString())).isEqualTo(1);
        assertThat(err.toString()).contains("swarm night is not deleted, as its report is not wholly there");
        assertThat(coordinator.requests()).noneMatch(request -> request.startsWith("DELETE"));
        assertThat(run("delete", "--all-orphans", "--results", "r")).isEqualTo(2);
    }

    @Test
    void whatIsStuckIsNamed() {
        coordinator
                .on("DELETE /swarms/night", 202, Samples.swarm("night", SwarmState.DELETING, Verdict.PASSED))
                .on(
                        "GET /swarms/night",
                        200,
                        deleted(SwarmState.DELETION_FAILED, 1, List.of("night-0: kubectl patch …")));

        assertThat(run("delete", "night", "--wait")).isEqualTo(1);
        assertThat(out.toString()).contains("created 3, deleted 2, left 1").contains("stuck: night-0: kubectl patch …");
        assertThat(err.toString()).startsWith("1 objects of swarm night are left");
    }

    @Test
    void forceIsHandedOnAndWhatNobodyCountedIsNamed() {
        DeletionView deletion = new DeletionView(
                Map.of("process", 4L), Map.of("process", 4L), Map.of("process", 0L), List.of(), List.of("worker b"));
        coordinator
                .on("DELETE /swarms/night?force=true", 202, Samples.swarm("night", SwarmState.DELETING, Verdict.PASSED))
                .on("GET /swarms/night", 200, withDeletion(SwarmState.DELETED, deletion));

        assertThat(run("delete", "night", "--force")).isZero();
        assertThat(out.toString()).isEqualTo("""
                        swarm night is deleted
                          process  created 4, deleted 4, left 0
                          not counted: worker b
                        """);
    }

    @Test
    void orphansAreListedAndDeletedOnlyWhenThatIsConfirmed() {
        DeletionView deletion =
                new DeletionView(Map.of("Secret", 2L), Map.of("Secret", 2L), Map.of("Secret", 0L), List.of());
        List<OrphanView> found = List.of(new OrphanView("old", Map.of("Secret", 2L), false, Optional.empty()));
        coordinator
                .on("GET /orphans", 200, found)
                .on("GET /orphans", 200, found)
                .on("GET /orphans", 200, found)
                .on("DELETE /orphans/old", 202, new OrphanView("old", Map.of(), true, Optional.empty()))
                .on(
                        "GET /orphans",
                        200,
                        List.of(new OrphanView("old", Map.of("Secret", 1L), true, Optional.of(deletion))))
                .on("GET /orphans", 200, List.of(new OrphanView("old", Map.of(), false, Optional.of(deletion))));

        assertThat(run("delete", "--all-orphans", "--dry-run")).isZero();
        assertThat(out.toString()).isEqualTo("""
                        swarms on the hub that the record does not know:
                          old  2 Secret
                        """);
        typed = "no\n";
        assertThat(run("delete", "--all-orphans")).isEqualTo(2);
        assertThat(err.toString()).startsWith("nothing is deleted; say --yes");
        assertThat(coordinator.requests()).noneMatch(request -> request.startsWith("DELETE"));
        typed = "yes\n";
        assertThat(run("delete", "--all-orphans")).isZero();
        assertThat(out.toString()).contains("swarm old is deleted").contains("Secret  created 2, deleted 2, left 0");
    }

    @Test
    void orphansAreNotSwarmsToName() {
        assertThat(run("delete", "night", "--all-orphans")).isEqualTo(2);
        assertThat(run("delete")).isEqualTo(2);
        assertThat(run("delete", "night", "--yes")).isEqualTo(2);
    }

    @Test
    void deletingNeedNotBeWaitedFor() {
        coordinator.on("DELETE /swarms/night", 202, Samples.swarm("night", SwarmState.DELETING, Verdict.PASSED));

        assertThat(run("delete", "night", "--wait=false")).isZero();
        assertThat(coordinator.requests()).containsExactly("DELETE /swarms/night");
    }

    // logs, describe, report, others

    @Test
    void printsAWholeLog() {
        coordinator
                .on("GET /hosts/night-0-0/log?controller=true&offset=0&max=524288", 200, new LogChunk("one\n", 4))
                .on("GET /hosts/night-0-0/log?controller=true&offset=4&max=524288", 200, new LogChunk("two\n", 8))
                .on("GET /hosts/night-0-0/log?controller=true&offset=8&max=524288", 200, new LogChunk("", 8));

        assertThat(run("logs", "night-0-0", "--controller")).isZero();
        assertThat(out.toString()).isEqualTo("one\ntwo\n");
    }

    @Test
    void printsTheTailOfALog() {
        coordinator
                .on(
                        "GET /hosts/night-0-0/log?controller=false&offset=-524288&max=524288",
                        200,
                        new LogChunk("1\n2\n3\n", 6))
                .on("GET /hosts/night-0-0/log?controller=false&offset=6&max=524288", 200, new LogChunk("", 6));

        assertThat(run("logs", "night-0-0", "--tail", "2")).isZero();
        assertThat(out.toString()).isEqualTo("2\n3\n");
    }

    @Test
    void describesWhatTheHubDoesNotAnswerWhatPollsCostAndWhichClustersWereReplaced() {
        SwarmView view = Samples.swarm("night", SwarmState.RUNNING, Verdict.NONE);
        coordinator.on(
                "GET /swarms/night",
                200,
                new SwarmView(
                        view.id(),
                        view.state(),
                        view.verdict(),
                        view.submittedAt(),
                        view.endedAt(),
                        view.runtime(),
                        4,
                        8,
                        1,
                        Map.of("lost", 1, "installed", 3),
                        view.hosts(),
                        "",
                        List.of(new HubTroubleView(
                                "WATCH agents",
                                "Connection refused",
                                Samples.START,
                                Samples.START,
                                7,
                                Optional.of(Samples.START))),
                        0,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(new PollsView(45, 2))));
        assertThat(run("describe", "swarm", "night")).isZero();
        assertThat(out.toString())
                .contains("Clusters:   4: 3 installed, 1 lost (1 of the lost replaced)")
                .containsPattern(
                        "Polls: +45 requests to the REST API since the coordinator's start, 22.5 for each of 2 clusters")
                .containsPattern("Hub: +WATCH agents fails since 2026-11-23T10:00:00Z .*, 7 times in a row: "
                        + "Connection refused; next try now");
    }

    @Test
    void theWideTableOfHostsSaysWhoseInstallerIsAStandIn() {
        coordinator.on("GET /hosts", 200, List.of(Samples.host("night-0-0", "night", "night-0")));

        assertThat(run("get", "hosts", "-o", "wide")).isZero();
        assertThat(out.toString().lines().map(line -> line.split(" {2,}")))
                .extracting(cells -> cells[6] + " " + cells[9])
                .containsExactly("RUNTIME INSTALLER", "exec stand-in");
        assertThat(run("get", "hosts", "-o", "json")).isZero();
        assertThat(out.toString()).contains("\"standInInstaller\" : true");
    }

    @Test
    void describesWhatAHostWaitsFor() {
        coordinator
                .on("GET /hosts/night-0-0", 200, Samples.host("night-0-0", "night", "night-0"))
                .on(
                        "GET /hosts/night-0-0/description",
                        200,
                        new Description(
                                "night-0-0",
                                "booted",
                                Samples.START,
                                1,
                                "its Agent",
                                Optional.of(Samples.START.plusSeconds(960)),
                                Optional.of(new Description.LastError(Samples.START, 3, "HTTP 500")),
                                Optional.of(new Description.ProcessState(4711, Samples.START, 1, "/tmp/agent.log")),
                                List.of(new Description.HistoryEntry(Samples.START, "booted"))));

        assertThat(run("describe", "host", "night-0-0")).isZero();
        assertThat(out.toString())
                .contains("Awaiting:   its Agent\n")
                .contains("Deadline:   fails 2026-11-23T10:16:00Z (in 15m)\n")
                .contains("Last error: HTTP 500 (2026-11-23T10:00:00Z (60s ago), attempt 3)\n")
                .contains("Process:    pid 4711")
                .contains("Installer:  a stand-in")
                .contains("Failure:    generator/ProcessCrashed: the agent crashed\n")
                .contains("History:\n  2026-11-23T10:00:00Z  booted\n");
    }

    @Test
    void describeSaysWhatHoldsAHostUpAndWhatTheServiceSaysOfIt() {
        coordinator
                .on("GET /hosts/night-0-0", 200, Samples.host("night-0-0", "night", "night-0"))
                .on(
                        "GET /hosts/night-0-0/obstacles",
                        200,
                        List.of(new ObstacleView(
                                "host",
                                "Agent",
                                "Validated",
                                "ValidationsFailing",
                                "no NTP server",
                                Optional.of(Samples.START),
                                1,
                                List.of("night-0-0"),
                                6)))
                .on(
                        "GET /hosts/night-0-0/service-events",
                        200,
                        new ServiceEventsView(
                                Optional.of(-12.4),
                                List.of(
                                        new ServiceEventView(Samples.START.plusSeconds(2), "warning", "b", "the later"),
                                        new ServiceEventView(Samples.START, "info", "a", "the earlier"))));

        assertThat(run("describe", "host", "night-0-0")).isZero();
        assertThat(out.toString())
                .contains(
                        "Held up by:\n  Agent condition Validated (ValidationsFailing) since 2026-11-23T10:00:00Z (60s ago):"
                                + " no NTP server\n    host night-0-0; 5 more in the swarm\n")
                .contains("""
                        Events of the service, by its clock (the service's clock is 12 s behind the coordinator's):
                          AT                     SEVERITY   MESSAGE
                          2026-11-23T10:00:00Z   info       the earlier
                          2026-11-23T10:00:02Z   warning    the later
                        """);
    }

    @Test
    void listsEventsUntilThereAreNoMore() {
        coordinator
                .on(
                        "GET /swarms/night/events?after=&host=night-0-0",
                        200,
                        new EventPage(
                                List.of(new EventPage.Event(
                                        Samples.START, "host", "night-0-0", "placed", "", "generation\n1", "w1")),
                                "1-0"))
                .on(
                        "GET /swarms/night/events?after=1-0&host=night-0-0",
                        200,
                        new EventPage(
                                List.of(new EventPage.Event(
                                        Samples.START.plusMillis(1500),
                                        "host",
                                        "night-0-0",
                                        "failed",
                                        "service/HostError",
                                        "it broke",
                                        "w1")),
                                "2-0"))
                .on("GET /swarms/night/events?after=2-0&host=night-0-0", 200, new EventPage(List.of(), "2-0"));

        assertThat(run("events", "night", "--host", "night-0-0", "-o", "wide")).isZero();
        assertThat(out.toString().lines().map(line -> line.replaceAll(" +", " ")))
                .containsExactly(
                        "AT KIND NAME EVENT REASON MESSAGE BY",
                        "2026-11-23T10:00:00Z host night-0-0 placed - generation 1 w1",
                        "2026-11-23T10:00:01.500Z host night-0-0 failed service/HostError it broke w1");
        assertThat(run("events", "night", "--host", "night-0-0", "-o", "json")).isZero();
        assertThat(out.toString()).contains("\"reason\" : \"service/HostError\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-o json"})
    void watchesEventsUntilItIsInterrupted(String format) throws Exception {
        coordinator
                .on("GET /swarms/night/events?after=", 200, new EventPage(List.of(event("night-0-0", "placed")), "1-0"))
                .on("GET /swarms/night/events?after=1-0", 200, new EventPage(List.of(), "1-0"))
                .on("GET /swarms/night/events?after=1-0", 200, new EventPage(List.of(), "1-0"))
                .on(
                        "GET /swarms/night/events?after=1-0",
                        200,
                        new EventPage(List.of(event("night-0-0", "created"), event("night-0-10", "placed")), "3-0"))
                .on("GET /swarms/night/events?after=3-0", 200, new EventPage(List.of(), "3-0"));
        CompletableFuture<Integer> exitCode = new CompletableFuture<>();
        Thread user = Thread.ofPlatform()
                .start(() -> exitCode.complete(
                        run(("events night -w " + format).strip().split(" "))));

        await().until(() -> Collections.frequency(coordinator.requests(), "GET /swarms/night/events?after=3-0") > 2);
        user.interrupt();

        assertThat(exitCode.get(10, TimeUnit.SECONDS)).isEqualTo(1);
        assertThat(err.toString()).isEqualTo("interrupted\n");
        if (format.isEmpty()) {
            assertThat(out.toString().lines().map(line -> line.replaceAll(" +", " ")))
                    .as("the header once")
                    .containsExactly(
                            "AT KIND NAME EVENT REASON MESSAGE",
                            "2026-11-23T10:00:00Z host night-0-0 placed - -",
                            "2026-11-23T10:00:00Z host night-0-0 created - -",
                            "2026-11-23T10:00:00Z host night-0-10 placed - -");
        } else {
            List<JsonNode> pages = new ArrayList<>();
            JsonParser parser = ApiJson.mapper().createParser(out.toString());
            for (JsonNode page = parser.readValueAsTree(); page != null; page = parser.readValueAsTree()) {
                pages.add(page);
            }
            assertThat(pages)
                    .as("a list for each page that has something")
                    .extracting(page -> page.findValuesAsText("what"))
                    .containsExactly(List.of("placed"), List.of("created", "placed"));
        }
    }

    private static EventPage.Event event(String host, String what) {
        return new EventPage.Event(Samples.START, "host", host, what, "", "", "w1");
    }

    @Test
    void describeFallsBackToTheRecordWhenNoActorAnswers() {
        coordinator
                .on("GET /clusters/night-0", 200, Samples.cluster("night-0", "night", "failed"))
                .on("GET /clusters/night-0/description", 503, new Refusal(List.of("its worker is lost")));

        assertThat(run("describe", "cl", "night-0")).isZero();
        assertThat(out.toString()).contains("Actor:      its worker is lost\n");
    }

    @Test
    void printsAReport() {
        coordinator.on("GET /swarms/night/report", 200, report(Verdict.FAILED));

        assertThat(run("report", "night")).isZero();
        assertThat(out.toString()).isEqualTo("""
                        Swarm night (runtime exec)

                        Submitted   2026-11-23T10:00:00Z
                        Ended       2026-11-23T10:05:00Z, after 5m
                        Clusters    3: 2 installed, 1 failed
                        Hosts       6: 6 installed
                        Stand-ins   4 of these hosts had a stand-in for the installer, as bootstrap: night-0-1, night-1-0, night-2-2 and others, all in summary.json
                        Rate        36.0 clusters an hour

                        Start times of the plan: seconds until clusters had their places
                                             COUNT    P50    P95    MAX
                          late                   3    8.0   10.7   11.0
                          held by the plan       1   20.0   20.0   20.0
                          due → applied          1    8.0    8.0    8.0
                          2 came more than 5 s late: 1 for workers' room, 1 for the coordinator

                        Hosts: seconds from phase to phase
                          PHASE               COUNT   MIN   MEAN   P50   P95   P99   MAX
                          known → preparing       6   1.0    2.5   2.4   4.0   5.1   5.2

                        Faults that the plan asked for; the times above are of clusters without any
                          Clusters  2: 1 installed, 1 failed
                          Hosts     3: 3 installed
                          FAULT    HOSTS   INJECTED   MISSED   WHAT THE SERVICE DID                         HOSTS NOW     CLUSTERS NOW            EXAMPLES
                          vanish   3       2          1        1 disconnected after 9.3 s, 1 nothing seen   3 installed   1 installed, 1 failed   night-0-1, night-0-2

                        Failures
                          SIDE      KIND      REASON    COUNT   EXAMPLES   MESSAGE
                          service   cluster   Timeout   1       night-2    it did not end

                        Verdict: failed
                          - 1 of 3 clusters failed
                        """);
    }

    @Test
    void saysThatAReportsFolderCannotBeMade() throws IOException {
        Path inTheWay = Files.writeString(folder.resolve("results"), "a file");
        coordinator.on("GET /swarms/night/report", 200, report(Verdict.PASSED));

        assertThat(run("report", "night", "-d", inTheWay.resolve("deep").toString()))
                .isEqualTo(1);
        assertThat(out.toString()).as("the report itself is there").contains("Verdict: passed");
        assertThat(err.toString())
                .startsWith("cannot write the report below " + inTheWay.resolve("deep") + ": ")
                .contains("Not a directory")
                .endsWith("; name another folder and run 'swarm report night -d DIR'\n")
                .hasLineCount(1);
    }

    @Test
    void saysWhichFilesOfAReportAreNotThere() {
        coordinator.on("GET /swarms/night/report", 200, report(Verdict.PASSED));

        assertThat(run("report", "night", "-d", folder.resolve("results").toString()))
                .isEqualTo(1);
        assertThat(err.toString().lines())
                .containsExactly(
                        "there are no clusters.csv, hosts.csv and plots: nothing is scripted for it",
                        "report written to " + folder.resolve("results/20261123-100100-night") + ", but for the above");
    }

    @Test
    void versionNamesTheCoordinatorsToo() {
        coordinator.on("GET /version", 200, Map.of("version", "1.2"));

        assertThat(run("version")).isZero();
        assertThat(run("version", "--coordinator", "http://127.0.0.1:1")).isZero();
        assertThat(out.toString())
                .contains("coordinator  1.2 at " + coordinator.url())
                .contains("coordinator  none answers at http://127.0.0.1:1");
    }

    @Test
    void completionIsABashScript() {
        assertThat(run("completion")).isZero();
        assertThat(out.toString()).startsWith("#!/usr/bin/env bash").contains("complete -F _complete_swarm");
    }

    @Test
    void helpIsTheTableOfTheVerbs() {
        assertThat(run("--help")).isZero();
        assertThat(out.toString())
                .contains(
                        "demo ",
                        "coordinator ",
                        "worker ",
                        "hub ",
                        "preflight ",
                        "submit ",
                        "get ",
                        "describe ",
                        "logs ",
                        "wait ")
                .contains("pause ", "resume ", "release ", "cancel ", "delete ", "report ", "completion ", "version ")
                .contains("drain ", "uncordon ");
        assertThat(run("help", "submit")).isZero();
        assertThat(out.toString()).contains("--dry-run");
    }

    private static WorkerView worker(String state, int used) {
        return new WorkerView("w1", "pekko://w1", state, "1", 4, used, 0, 2, 1, 1, 1, 1, Instant.EPOCH);
    }

    private static SwarmView deleted(SwarmState state, long left, List<String> stuck) {
        Map<String, Long> created = Map.of("Namespace", 3L, "InfraEnv", 3L);
        return withDeletion(
                state,
                new DeletionView(
                        created, Map.of("Namespace", 3 - left, "InfraEnv", 3L), Map.of("Namespace", left), stuck));
    }

    private static SwarmView withDeletion(SwarmState state, DeletionView deletion) {
        SwarmView view = Samples.swarm("night", state, Verdict.PASSED);
        return new SwarmView(
                view.id(),
                state,
                view.verdict(),
                view.submittedAt(),
                view.endedAt(),
                view.runtime(),
                3,
                6,
                0,
                view.clusters(),
                view.hosts(),
                "",
                List.of(),
                0,
                Optional.empty(),
                view.punctuality(),
                Optional.of(deletion),
                Optional.empty());
    }

    private static Report report(Verdict verdict) {
        return new Report(
                "night",
                "exec",
                Samples.START,
                Optional.of(Samples.START.plusSeconds(300)),
                verdict,
                verdict == Verdict.FAILED ? List.of("1 of 3 clusters failed") : List.of(),
                3,
                6,
                0,
                Map.of("failed", 1, "installed", 2),
                Map.of("installed", 6),
                List.of(),
                List.of(new PhaseStatistics("known → preparing", 6, 1, 2.5, 2.4, 4, 5.1, 5.2)),
                List.of(new FailureCount("SERVICE", "CLUSTER", "Timeout", 1, "it did\nnot end", List.of("night-2"))),
                36,
                Optional.of(new FaultReport(
                        2,
                        3,
                        Map.of("installed", 1, "failed", 1),
                        Map.of("installed", 3),
                        List.of(new FaultReport.OfKind(
                                "vanish",
                                3,
                                2,
                                1,
                                List.of(new FaultReport.Answer("disconnected", 1, 9, 9.25, 9.5)),
                                Map.of("installed", 3),
                                Map.of("installed", 1, "failed", 1),
                                List.of("night-0-1", "night-0-2"))))),
                Samples.swarm("night", SwarmState.DONE, verdict).punctuality(),
                new StandIns(4, List.of("night-0-1", "night-1-0", "night-2-2", "night-3-1")));
    }

    private int submit(String plan, String... more) throws IOException {
        return run(submitArguments(plan, more));
    }

    private String[] submitArguments(String plan, String... more) throws IOException {
        Files.writeString(folder.resolve("plan.yaml"), """
                apiVersion: assistedswarm.io/v1alpha1
                kind: SwarmPlan
                metadata: {name: night}
                spec: {clusters: [{singleNode: true, infraenvLabels: {location: Sun}}]}
                """);
        Files.writeString(folder.resolve("secret.json"), "{\"auths\":{\"a\":{\"auth\":\"dXNlcjpwYXNz\"}}}");
        Path config = Files.writeString(folder.resolve("service.yaml"), """
                service_endpoint: http://127.0.0.1:1
                ssh_pub_key: key
                pull_secret_file: secret.json
                release_image: image:4.18.1
                """);
        Path file = plan.startsWith("..") ? Path.of(plan) : folder.resolve(plan);
        List<String> arguments =
                new ArrayList<>(List.of("submit", file.toString(), "--manifests", "../conf/manifests"));
        arguments.addAll(List.of(more));
        if (!arguments.contains("--service-config")) {
            arguments.addAll(List.of("--service-config", config.toString()));
        }
        return arguments.toArray(String[]::new);
    }

    private int run(String... arguments) {
        return run(false, arguments);
    }

    private int run(boolean terminal, String... arguments) {
        Shell shell = new Shell(
                new StringReader(typed),
                new PrintWriter(out, true),
                new PrintWriter(err, true),
                terminal,
                terminal,
                environment,
                folder,
                Clock.fixed(Samples.START.plusSeconds(60), ZoneOffset.UTC),
                Duration.ofMillis(1));
        return Cli.run(shell, arguments);
    }
}
