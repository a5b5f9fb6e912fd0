package io.assistedswarm.coordinator.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.assistedswarm.coordinator.api.ApiJson;
import io.assistedswarm.coordinator.api.Samples;
import io.assistedswarm.coordinator.api.Views.Preview;
import io.assistedswarm.coordinator.api.Views.Refusal;
import io.assistedswarm.coordinator.api.Views.SwarmState;
import io.assistedswarm.coordinator.api.Views.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Plans, what would become of them, and waiting for their end. */
class SubmitCommandTest extends TestingCli {
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

    @Test
    void whatIsNotThereYetIsNoInvalidPlan() throws IOException {
        coordinator.on("POST /swarms", 503, new Refusal(List.of("cannot reach the service at http://x")));

        assertThat(submit("plan.yaml")).isEqualTo(1);
        assertThat(err.toString()).isEqualTo("cannot reach the service at http://x\n");
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
}
