package io.assistedswarm.worker.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.assistedswarm.protocol.MachineReport;
import io.assistedswarm.protocol.MachineReport.Limit;
import io.assistedswarm.protocol.MachineReport.Resource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class MachineInspectionTest {
    private static final Instant NOW = Instant.parse("2026-11-26T02:00:00Z");

    @TempDir
    Path root;

    @BeforeEach
    void aSmallMachine() throws IOException {
        file("proc/self/limits", """
                Limit                     Soft Limit           Hard Limit           Units
                Max processes             4096                 96365                processes
                Max open files            1024                 20000                files
                """);
        file("proc/self/fd/0", "");
        file("proc/self/fd/1", "");
        file("proc/self/cgroup", "0::/user.slice/swarm.service\n");
        file("proc/loadavg", "8.50 5.91 4.71 6/999 14826\n");
        file("proc/sys/kernel/pid_max", "32768\n");
        file("proc/sys/kernel/threads-max", "192730\n");
        file("proc/sys/fs/inotify/max_user_instances", "128\n");
        file("proc/sys/net/ipv4/ip_local_port_range", "32768\t60999\n");
        file("proc/net/sockstat", "sockets: used 300\nTCP: inuse 20 orphan 0 tw 5 alloc 40 mem 3\n");
        file("proc/meminfo", "MemTotal:       2000 kB\nMemFree:         100 kB\nMemAvailable:    500 kB\n");
        file("sys/fs/cgroup/user.slice/pids.max", "max\n");
        file("sys/fs/cgroup/user.slice/swarm.service/pids.max", "512\n");
        file("sys/fs/cgroup/user.slice/swarm.service/pids.current", "12\n");
        file("sys/fs/cgroup/user.slice/memory.max", "1048576\n");
        file("sys/fs/cgroup/user.slice/memory.current", "1024\n");
    }

    @Test
    void readsWhatTheMachineShows() throws IOException {
        assertThat(inspect().limits())
                .contains(
                        new Limit(Resource.OPEN_FILES, "ulimit -n", 1024, 2),
                        new Limit(Resource.TASKS, "ulimit -u", 4096, 999),
                        new Limit(Resource.TASKS, "kernel.pid_max", 32768, 999),
                        new Limit(Resource.TASKS, "kernel.threads-max", 192_730, 999),
                        new Limit(Resource.TASKS, "pids.max of /user.slice/swarm.service", 512, 12),
                        new Limit(Resource.INOTIFY_INSTANCES, "fs.inotify.max_user_instances", 128, 0),
                        new Limit(Resource.LOCAL_PORTS, "net.ipv4.ip_local_port_range", 28_232, 25),
                        new Limit(Resource.MEMORY_BYTES, "memory of the machine", 2_048_000, 1_536_000),
                        new Limit(Resource.MEMORY_BYTES, "memory.max of /user.slice", 1_048_576, 1024))
                .anySatisfy(limit -> {
                    assertThat(limit.resource()).isEqualTo(Resource.DISK_BYTES);
                    assertThat(limit.most()).isGreaterThan(limit.used());
                });
        assertThat(inspect().clock()).isEqualTo(NOW);
    }

    @Test
    void readsControlGroupsOfVersion1() throws IOException {
        file("proc/self/cgroup", "9:memory:/a/b\n8:pids:/\n0::/\n");
        file("sys/fs/cgroup/memory/a/memory.limit_in_bytes", "4096\n");
        file("sys/fs/cgroup/memory/a/memory.usage_in_bytes", "96\n");
        file("sys/fs/cgroup/memory/a/b/memory.limit_in_bytes", "9223372036854771712\n");
        file("sys/fs/cgroup/pids/pids.max", "77\n");

        assertThat(inspect().limits())
                .filteredOn(limit -> limit.resource() != Resource.DISK_BYTES
                        && limit.source().contains(" of /"))
                .containsExactly(
                        new Limit(Resource.TASKS, "pids.max of /", 77, 0),
                        new Limit(Resource.MEMORY_BYTES, "memory.limit_in_bytes of /a", 4096, 96));
    }

    @Test
    void noLimitIsNotALimit() throws IOException {
        file("proc/self/limits", "Max open files            unlimited            unlimited            files\n");

        assertThat(inspect().limits()).noneSatisfy(limit -> {
            assertThat(limit.source()).isIn("ulimit -n", "ulimit -u", "pids.max of /user.slice");
        });
    }

    /** Which gives a setting in one read, or nothing. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void readsTheRealKernelsSettingsWhole() throws IOException {
        long pids = Long.parseLong(new ProcessBuilder("cat", "/proc/sys/kernel/pid_max")
                .start()
                .inputReader()
                .readLine());

        assertThat(MachineInspection.of(root).inspect(false).limits())
                .filteredOn(limit -> limit.source().equals("kernel.pid_max"))
                .extracting(Limit::most)
                .containsExactly(pids);
    }

    @Test
    void aMachineThatShowsNothingHasADisk() {
        MachineReport report = new MachineInspection(
                        root.resolve("nowhere"), root.resolve("not/yet/there"), new Podman("podman"), () -> NOW)
                .inspect(false);

        assertThat(report.limits()).extracting(Limit::resource).containsExactly(Resource.DISK_BYTES);
    }

    @Test
    void asksPodmanForItsVersion() throws IOException {
        MachineReport report = inspect(script("""
                echo 'time="2026" level=warning msg="something {is} odd"' >&2
                printf '{\\n"version": {"Version": "5.2.1"}\\n}\\n'
                """));

        assertThat(report.podman()).isEqualTo("5.2.1");
        assertThat(report.podmanTrouble()).isEmpty();
    }

    @Test
    void saysWhyPodmanCannotBeRun() throws IOException {
        assertThat(inspect(script("echo 'cannot find newuidmap' >&2; exit 125")).podmanTrouble())
                .isEqualTo("'podman info' ended with 125: cannot find newuidmap");
        assertThat(inspect(root.resolve("no-such-podman").toString()).podmanTrouble())
                .startsWith("podman cannot be asked: ");
        assertThat(inspect(script("echo nonsense")).podmanTrouble()).startsWith("podman cannot be asked: ");
    }

    private MachineReport inspect() {
        return new MachineInspection(root, root, new Podman("podman"), InstantSource.fixed(NOW)).inspect(false);
    }

    private MachineReport inspect(String podman) {
        return new MachineInspection(root, root, new Podman(podman), InstantSource.fixed(NOW)).inspect(true);
    }

    private String script(String body) throws IOException {
        Path script = Files.writeString(root.resolve("podman"), "#!/bin/sh\n" + body + "\n");
        assertThat(script.toFile().setExecutable(true)).isTrue();
        return script.toString();
    }

    private void file(String path, String text) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
