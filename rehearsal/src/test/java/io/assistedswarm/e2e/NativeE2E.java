package io.assistedswarm.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.assistedswarm.e2e.Launcher.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * The real agent, installer and controller against the rehearsal hub. Skipped unless SWARM_REAL_BINARIES names a folder with agent,
 * installer and assisted-installer-controller. SWARM_REAL_AUTH names the service's authentication, where it is not none: local (with custom
 * resources) or rhsso (by REST, without any Kubernetes), both with TLS. Only the bootstrap of the cluster with three control planes is not played by the real
 * installer, which cannot do so in dry mode.
 */
@Isolated("its machine is to be the real agents' own")
class NativeE2E {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String VARIABLE = "SWARM_REAL_BINARIES";
    private static final String AUTH =
            Optional.ofNullable(System.getenv("SWARM_REAL_AUTH")).orElse("none");
    private static final boolean BY_REST = AUTH.equals("rhsso");
    private static final Pattern JWT = Pattern.compile("eyJ[\\w-]{10,}\\.eyJ[\\w-]+\\.");

    @TempDir
    Path folder;

    private Launcher swarm;
    private Path serviceConfig;

    @BeforeEach
    void startAll() throws IOException {
        Optional<Path> binaries = Optional.ofNullable(System.getenv(VARIABLE)).map(Path::of);
        assumeTrue(binaries.isPresent(), "skipped: " + VARIABLE + " names no folder of real binaries");
        swarm = new Launcher(folder);
        Path hub = swarm.startHub(
                20,
                switch (AUTH) {
                    case "none" -> new String[0];
                    case "local" -> new String[] {"--auth", AUTH, "--tls"};
                    case "rhsso" -> new String[] {"--auth", AUTH, "--tls", "--env", "ENABLE_KUBE_API=false"};
                    default -> throw new IllegalArgumentException("SWARM_REAL_AUTH: " + AUTH);
                });
        serviceConfig = writeServiceConfig(hub, binaries.orElseThrow());
        swarm.startCoordinator();
        swarm.startWorker("w1", 20);
        swarm.awaitWorkers(1);
    }

    @AfterEach
    void stopAll() {
        if (swarm != null) {
            swarm.close();
            assertThat(swarm.processes()).isEmpty();
        }
    }

    @Test
    void everyShapeOfClusterComesToItsEnd() throws Exception {
        Path plan = Files.writeString(folder.resolve("plan.yaml"), """
                apiVersion: assistedswarm.io/v1alpha1
                kind: SwarmPlan
                metadata: {name: real}
                spec:
                  clusters:
                    - {api: %1$s, singleNode: true, withNmstate: true}
                    - {api: %1$s, controlPlanes: 3, numWorkers: 2}
                    - {api: %1$s, controlPlanes: 2, justInfraenv: true}
                """.formatted(BY_REST ? "rest" : "kube-api"));

        Outcome submit = swarm.run(
                "submit",
                plan.toString(),
                "--service-config",
                serviceConfig.toString(),
                "--name",
                "real",
                "--results",
                folder.resolve("results").toString(),
                "--wait",
                "--timeout",
                "4m50s");

        assertThat(submit.exitCode()).as(submit.out() + submit.err()).isZero();
        assertThat(submit.out()).contains("runtime native, stand-in installer on multi-node bootstraps");
        JsonNode hosts = swarm.run("get", "hosts", "-o", "json").json();
        assertThat(phases(hosts, "installed")).isEqualTo(6);
        assertThat(phases(hosts, "discovered")).isEqualTo(2);
        assertThat(swarm.run("logs", "real-0-0").out())
                .contains("swarm: runs installer as bootstrap")
                .contains("Read disk 20.0 GiB/20.0 GiB (100%)")
                .contains("Dry reboot happened, exiting")
                .doesNotContain("swarm: refused");
        assertThat(standInHosts()).hasSize(1).isEqualTo(labelledHosts(hosts));
        JsonNode summary = swarm.run("report", "real", "-o", "json").json();
        assertThat(summary.at("/standInInstallers/count").asInt()).isEqualTo(1);
        assertThat(summary.at("/standInInstallers/hosts/0").asText())
                .isEqualTo(standInHosts().getFirst());
        assertThat(Path.of("/host")).doesNotExist();
        assertThat(JWT.matcher(swarm.log("coordinator") + swarm.log("w1") + submit.out() + submit.err())
                        .find())
                .as("a token in a log")
                .isFalse();

        Outcome delete = swarm.run("delete", "real");
        assertThat(delete.exitCode()).as(delete.out() + delete.err()).isZero();
        assertThat(swarm.processesWith("next_step_runner")).isEmpty();
        assertThat(folder.resolve("w1/real")).doesNotExist();
    }

    @Test
    void aMissingInstallerIsSaidInOneLineAndNothingOfTheClusterIsCreated() throws Exception {
        assumeTrue(!BY_REST, "skipped: the plan of quickstart has custom resources");
        JsonNode config = JSON.readTree(serviceConfig.toFile());
        ((ObjectNode) config.at("/spec/runtime/native")).put("installer", "/nowhere/installer");
        Path wrong = serviceConfig.resolveSibling("wrong.json");
        JSON.writeValue(wrong.toFile(), config);

        Outcome submit = swarm.run(
                "submit",
                Path.of(System.getProperty("swarm.home"), "conf/plans/quickstart.yaml")
                        .toString(),
                "--service-config",
                wrong.toString(),
                "--name",
                "wrong",
                "--results",
                folder.resolve("results").toString(),
                "--wait",
                "--timeout",
                "4m");

        assertThat(submit.exitCode()).as(submit.out() + submit.err()).isEqualTo(3);
        assertThat(swarm.run("report", "wrong").out())
                .contains("worker w1 did not open the swarm: installer '/nowhere/installer' is not there");
        assertThat(swarm.processesWith("next_step_runner")).isEmpty();
        assertThat(swarm.run("describe", "swarm", "wrong").out())
                .containsPattern("ClusterImageSet +created 1, deleted 1, left 0");
    }

    private List<String> standInHosts() throws IOException {
        List<String> played = new ArrayList<>();
        for (int host = 0; host < 5; host++) {
            if (swarm.run("logs", "real-1-" + host)
                    .out()
                    .contains("swarm: runs the stand-in installer as bootstrap of 3")) {
                played.add("real-1-" + host);
            }
        }
        return played;
    }

    private static List<String> labelledHosts(JsonNode hosts) {
        return StreamSupport.stream(hosts.spliterator(), false)
                .filter(host -> host.path("standInInstaller").asBoolean())
                .map(host -> host.path("name").asText())
                .toList();
    }

    /** The rehearsal's own stand-in plays the bootstrap; and the machine may be smaller than the service demands. */
    private Path writeServiceConfig(Path hub, Path binaries) throws IOException {
        ObjectNode config =
                (ObjectNode) JSON.readTree(hub.resolve("service-config.yaml").toFile());
        List<String> jvm = new ArrayList<>();
        for (JsonNode word : config.at("/spec/runtime/exec/agent/command")) {
            if (word.asText().equals("agent")) {
                break;
            }
            jvm.add(word.asText());
        }
        Path standIn = Files.createDirectory(folder.resolve("stand-in")).resolve("installer");
        Files.writeString(
                standIn, "#!/bin/sh\nREHEARSAL_TIME_SCALE=20 exec " + String.join(" ", jvm) + " installer \"$@\"\n");
        Files.setPosixFilePermissions(standIn, PosixFilePermissions.fromString("rwxr-xr-x"));
        ObjectNode runtime =
                ((ObjectNode) config.path("spec")).putObject("runtime").putObject("native");
        runtime.put("binaries", binaries.toAbsolutePath().toString());
        runtime.put("bootstrapInstaller", standIn.toString());
        runtime.putObject("machine").put("cores", 8).put("memoryGib", 32).put("diskGib", 120);
        runtime.putArray("keep")
                .add(Path.of(System.getProperty("swarm.home"), "target/lib").toString())
                .add(System.getProperty("java.home"));
        Path file = hub.resolve("native.json");
        JSON.writeValue(file.toFile(), config);
        return file;
    }

    private static long phases(JsonNode hosts, String phase) {
        return StreamSupport.stream(hosts.spliterator(), false)
                .filter(host -> host.path("phase").asText().equals(phase))
                .count();
    }
}
