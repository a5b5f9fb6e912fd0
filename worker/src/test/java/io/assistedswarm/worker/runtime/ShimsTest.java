package io.assistedswarm.worker.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.assistedswarm.worker.Samples;
import io.assistedswarm.worker.process.Workspace;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The shims as agent, installer and controller meet them: as commands on their PATH. */
class ShimsTest {
    private static final String TOKEN = "c2VjcmV0OnNlY3JldA==";
    private static final List<String> NSENTER =
            List.of("nsenter", "--target", "1", "--cgroup", "--mount", "--ipc", "--net", "--");

    @TempDir
    private Path folder;

    private Path binaries;
    private Path toolbox;
    private int boot = 1;

    private record Outcome(int status, String out, String err) {}

    @BeforeEach
    void makeToolbox() throws IOException {
        binaries = TestingBinaries.write(Files.createDirectory(folder.resolve("binaries")));
        toolbox = Toolbox.withoutInventory(
                        new Workspace(folder).makeSwarmFolder(Samples.SWARM),
                        TestingBinaries.runtime(binaries, ""),
                        System.getenv("PATH"))
                .folder();
    }

    /** JUnit warns of each link that leads out of its folder. */
    @AfterEach
    void removeToolbox() throws IOException {
        new Workspace(folder).remove(Samples.SWARM);
    }

    @Test
    void tellsWhetherAMarkerIsThere() throws IOException {
        Path marker = folder.resolve("marker");
        assertThat(onHost("stat", marker.toString()).status()).isNotZero();
        Files.createFile(marker);
        assertThat(onHost("stat", marker.toString())).isEqualTo(new Outcome(0, "", ""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/usr/bin/oc", "/opt/openshift/.bootkube.done", "/opt/openshift/master.ign"})
    void saysThatBootkubeIsDone(String file) throws IOException {
        assertThat(onHost("stat", file).status()).isZero();
    }

    @Test
    void makesTheMarkerOfAFakeReboot() throws IOException {
        assertThat(onHost("touch", folder.resolve("marker").toString()).status())
                .isZero();
        assertThat(folder.resolve("marker")).exists();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "dd if=/dev/zero of=/dev/vda",
                "wipefs --all /dev/vda",
                "sgdisk --zap-all /dev/vda",
                "mount /sysroot -o remount,rw",
                "rm -rf /",
                "vgremove -f x",
                "mdadm --stop",
                "efibootmgr -v",
                "coreos-installer install",
                "rpm-ostree cleanup",
                "chroot /mnt",
                "/usr/sbin/reboot",
                "shutdown -r +1",
                "systemctl reboot",
                "systemctl stop progress.service",
                "..",
                "podman system reset",
                "some-tool-of-tomorrow x"
            })
    void refusesWhatWouldChangeTheMachine(String command) throws IOException {
        Outcome outcome = onHost(command.split(" "));
        assertThat(outcome.status()).isEqualTo(126);
        String name = command.replaceFirst("^/usr/sbin/", "");
        assertThat(log()).containsOnlyOnce("swarm: refused [" + name + "]");
        assertThat(outcome.err()).contains("refused");
    }

    @ParameterizedTest
    @ValueSource(strings = {"reboot", "umount", "unshare", "ssh", "dhclient", "nmap"})
    void refusesItAlsoWhereTheMachineIsNotNamed(String command) throws IOException {
        assertThat(run(List.of(command, "now")).status()).isEqualTo(126);
        assertThat(log()).contains("refused [" + command + " now]");
    }

    @Test
    void neverWritesTheTokenIntoTheLog() throws IOException {
        onHost("curl", "-H", "X-Secret-Key: " + TOKEN);
        assertThat(log())
                .contains("refused [curl (with arguments that hold a secret)]")
                .doesNotContain(TOKEN);
    }

    @ParameterizedTest
    @CsvSource({
        "systemctl is-active progress.service, 3, inactive",
        "systemctl show -P ActiveState node-image-pull.service, 0, active",
        "systemctl list-units --no-legend ironic-agent.service, 0, ''",
        "systemctl status bootkube.service, 0, ''",
        "coredumpctl list --no-legend, 1, ''",
        "/usr/sbin/pvdisplay -v, 0, ''",
        "podman rm -i next-step-runner, 0, ''",
        "podman ps --quiet --filter name=disk_performance, 0, ''",
        "podman pull quay.io/installer, 0, ''",
        "podman stop -i -t 5 assisted-installer, 0, ''",
        "chronyc add server pool.ntp.org iburst, 0, '200 OK\n'",
        "sh -c 'exit 7', 7, ''",
    })
    void answersAsAHostWould(String command, int status, String out) throws IOException {
        Outcome outcome = onHost(words(command));
        assertThat(outcome).isEqualTo(new Outcome(status, out, ""));
    }

    @Test
    void isInTime() throws IOException {
        assertThat(onHost("timeout", "30", "chronyc", "-n", "sources").out().lines())
                .anyMatch(line -> line.startsWith("^* "));
    }

    @Test
    void hasEveryImage() throws IOException {
        assertThat(onHost("podman", "images", "--quiet", "quay.io/installer:latest")
                        .out())
                .isNotBlank();
    }

    @Test
    void runsTheInventoryForItsContainer() throws IOException {
        Files.writeString(
                toolbox.resolve("bin/inventory"),
                "#!/bin/sh\nprintf '{\"hostname\":\"%s\"}' \"$DRY_FORCED_HOSTNAME\"\n");
        assertThat(toolbox.resolve("bin/inventory").toFile().setExecutable(true))
                .isTrue();
        Outcome outcome = onHost(
                "sh",
                "-c",
                "touch " + folder
                        + "/mtab && podman run --privileged --pid=host --net=host --rm --quiet -v /var/log:/var/log"
                        + " -v /dev/disk:/host/dev/disk:ro quay.io/agent:latest inventory");
        assertThat(outcome).isEqualTo(new Outcome(0, "{\"hostname\":\"c-0\"}", ""));
    }

    @Test
    void runsTheRunnerWithALogOfItsOwn() throws IOException {
        Outcome outcome = onHost(
                "podman",
                "run",
                "--rm",
                "-ti",
                "--privileged",
                "-v",
                "/dev:/dev:rw",
                "--env",
                "PULL_SECRET_TOKEN",
                "--name",
                "next-step-runner",
                "quay.io/agent:latest",
                "next_step_runner",
                "--url",
                "http://s",
                "--insecure=true");
        assertThat(outcome).isEqualTo(new Outcome(0, "", ""));
        assertThat(folder.resolve("host/runner.log"))
                .hasContent("next_step_runner --with-journal-logging=false --with-stdout-logging=true --url http://s"
                        + " --insecure=true\n");
    }

    @Test
    void handsTheTokenToTheLogSenderOutOfSight() throws IOException {
        Outcome outcome = onHost(
                "podman",
                "run",
                "--rm",
                "--privileged",
                "--net=host",
                "-v",
                "/var/log:/var/log",
                "quay.io/agent:latest",
                "logs_sender",
                "-cluster-id",
                "c",
                "-pull-secret-token",
                TOKEN,
                "-insecure=true",
                "-bootstrap=false");
        assertThat(outcome.out())
                .isEqualTo("logs_sender -with-journal-logging=false -cluster-id c -insecure=true -bootstrap=false\n");
    }

    @Test
    void runsTheInstallerAndShowsItsLinesToAgentAndUser() throws IOException {
        Outcome outcome = install("--role", "master", "--control-plane-count", "3", "--host-id", "h");
        assertThat(outcome)
                .isEqualTo(new Outcome(0, "installer --role master --control-plane-count 3 --host-id h\n", ""));
        assertThat(log())
                .contains("swarm: runs installer as master\n", "installer --role master", "ended with exit code 0");
    }

    /** Its container keeps the name when it has ended; the service looks for these words. */
    @Test
    void runsNoSecondInstallerBeforeTheNextBoot() throws IOException {
        assertThat(install("--role", "master").status()).isZero();
        assertThat(install("--role", "master"))
                .isEqualTo(
                        new Outcome(
                                125,
                                "",
                                "Error: creating container storage: the container name \"assisted-installer\" is already in use\n"));
        boot++;
        assertThat(install("--role", "master").status()).isZero();
    }

    @Test
    void tellsTheInstallersExitCodeAndErrorsButNotItsComplaintsAboutTheJournal() throws IOException {
        Outcome outcome = install("--role", "worker", "--fail");
        assertThat(outcome.status()).isEqualTo(2);
        assertThat(outcome.err()).isEqualTo("panic: as told\n");
        assertThat(log()).contains("panic: as told").doesNotContain("Failed to fire hook");
    }

    @ParameterizedTest
    @CsvSource({"bootstrap, 3, true", "bootstrap, 1, false", "master, 3, false"})
    void tellsAnInstallersKnownFault(String role, String count, boolean known) throws IOException {
        assertThat(install("--role", role, "--control-plane-count", count, "--fail")
                        .status())
                .isEqualTo(2);
        assertThat(log().contains("known fault")).isEqualTo(known);
    }

    @ParameterizedTest
    @CsvSource({
        "bootstrap, 3, stand-in",
        "bootstrap, 1, installer",
        "master, 3, installer",
        "worker, 3, installer",
    })
    void letsTheStandInPlayTheBootstrapOfSeveralControlPlanes(String role, String count, String program)
            throws IOException {
        Path standIn = Files.writeString(folder.resolve("stand-in"), "#!/bin/sh\necho \"stand-in $*\"\n");
        assertThat(standIn.toFile().setExecutable(true)).isTrue();
        toolbox = Toolbox.withoutInventory(
                        new Workspace(folder).swarmFolder(Samples.SWARM),
                        TestingBinaries.runtime(binaries, standIn.toString()),
                        System.getenv("PATH"))
                .folder();
        assertThat(install("--role", role, "--control-plane-count", count).out())
                .startsWith(program + " --role");
        assertThat(log().contains("stand-in installer")).isEqualTo(program.equals("stand-in"));
    }

    @Test
    void stopsTheInstallerOfThisHost() throws Exception {
        Process installing =
                begin(words("podman run --name=assisted-installer quay.io/installer --role master --hang"));
        Path pid = folder.resolve("host/installer.pid");
        await().atMost(10, TimeUnit.SECONDS).until(() -> log().contains("hanging"));
        assertThat(pid).exists();
        onHost("podman", "stop", "-i", "-t", "5", "assisted-installer");
        assertThat(installing.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(log()).contains("swarm: stops the installer", "ended with exit code 143");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "podman run quay.io/agent:latest /bin/sh", "podman run quay.io/agent:latest ../../bin/agent",
                "podman run quay.io/agent:latest",
                        "podman run --entrypoint /usr/bin/machine-config-daemon quay.io/mco start"
            })
    void runsNothingElseOfAnImage(String command) throws IOException {
        assertThat(onHost(command.split(" ")).status()).isIn(125, 126);
        assertThat(log()).contains("refused [podman run");
    }

    @Test
    void writesAnImageInTheGivenTimeAndNothingToTheDisk() throws IOException {
        Path device = folder.resolve("vda");
        Outcome outcome = onHost("dry-installer", "install", "--insecure", "-i", "/opt/x.ign", device.toString());
        assertThat(outcome.out().lines()).hasSize(20).first().asString().endsWith("(5%)");
        assertThat(outcome.out()).endsWith("(100%)\n");
        assertThat(device).doesNotExist();
    }

    private Outcome install(String... flags) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                "podman",
                "run",
                "--privileged",
                "--name=assisted-installer",
                "-v",
                "/dev:/dev:rw",
                "-v",
                "/tmp:/tmp",
                "--env=PULL_SECRET_TOKEN",
                "registry/any-name@sha256:0123"));
        command.addAll(List.of(flags));
        return onHost(command.toArray(String[]::new));
    }

    private Outcome onHost(String... command) throws IOException {
        List<String> whole = new ArrayList<>(NSENTER);
        whole.addAll(List.of(command));
        return run(whole);
    }

    private Process begin(String... command) throws IOException {
        List<String> whole = new ArrayList<>(NSENTER);
        whole.addAll(List.of(command));
        return process(whole);
    }

    private Outcome run(List<String> command) throws IOException {
        Process process = process(command);
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
        return new Outcome(process.exitValue(), out, err);
    }

    private Process process(List<String> command) throws IOException {
        Path host = Files.createDirectories(folder.resolve("host"));
        List<String> found = new ArrayList<>(command);
        found.set(0, toolbox.resolve("shims").resolve(command.getFirst()).toString());
        ProcessBuilder builder = new ProcessBuilder(found);
        builder.environment().clear();
        builder.environment().put("PATH", toolbox.resolve("shims").toString());
        builder.environment().put("SWARM_TOOLBOX", toolbox.toString());
        builder.environment().put("SWARM_HOST_FOLDER", host.toString());
        builder.environment().put("SWARM_BOOT", String.valueOf(boot));
        builder.environment().put("SWARM_HOST", "c-0");
        builder.environment().put("SWARM_LOG", host.resolve("agent.log").toString());
        builder.environment().put("SWARM_IMAGE_LINE_SECONDS", "0.01");
        builder.environment().put("PULL_SECRET_TOKEN", TOKEN);
        builder.environment().put("DRY_FORCED_HOSTNAME", "c-0");
        return builder.start();
    }

    private String log() throws IOException {
        Path log = folder.resolve("host/agent.log");
        return Files.exists(log) ? Files.readString(log) : "";
    }

    /** Quoted words stay together. */
    private static String[] words(String command) {
        int quote = command.indexOf('\'');
        if (quote < 0) {
            return command.split(" ");
        }
        List<String> words =
                new ArrayList<>(List.of(command.substring(0, quote).strip().split(" ")));
        words.add(command.substring(quote + 1, command.length() - 1));
        return words.toArray(String[]::new);
    }
}
