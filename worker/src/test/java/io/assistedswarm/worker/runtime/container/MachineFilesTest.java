package io.assistedswarm.worker.runtime.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.Identity;
import io.assistedswarm.worker.Samples;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MachineFilesTest {
    @TempDir
    private Path folder;

    @Test
    void makesWhatIsMissingAndTakesItAwayWithTheLastUser() throws IOException {
        MachineFiles files = machine();
        files.provide("w1.swarm");
        files.provide("w2.swarm");
        assertThat(root("usr/bin/oc")).isExecutable();
        assertThat(root("usr/local/bin/dry-installer")).isExecutable();
        assertThat(root("opt/openshift/.bootkube.done")).exists();
        assertThat(root("opt/openshift/master.ign")).exists();
        assertThat(root("run/media")).isDirectory();
        assertThat(root("etc/pki")).isDirectory();
        assertThat(root("run/udev")).isDirectory();
        assertThat(root("dev/disk")).isDirectory();
        assertThat(root("usr/local/bin/chronyc")).isExecutable();

        files.release("w1.swarm");
        assertThat(root("usr/bin/oc")).exists();
        files.release("w2.swarm");
        assertThat(root("usr")).doesNotExist();
        assertThat(root("opt")).doesNotExist();
        assertThat(root("etc")).doesNotExist();
        assertThat(root("dev")).doesNotExist();
        assertThat(root("run/udev")).doesNotExist();
        assertThat(root("run/systemd/journal/socket")).exists();
    }

    @Test
    void leavesAloneWhatWasThereBeforeAndWhatOthersPutThere() throws IOException {
        MachineFiles files = machine();
        Files.createDirectories(root("usr/bin"));
        Files.writeString(root("usr/bin/oc"), "the real one");
        files.provide("w1.swarm");
        Files.writeString(root("opt/of-somebody"), "");
        files.release("w1.swarm");
        assertThat(root("usr/bin/oc")).hasContent("the real one");
        assertThat(root("opt/of-somebody")).exists();
        assertThat(root("opt/openshift")).doesNotExist();
        assertThat(root("usr/local")).doesNotExist();
    }

    @Test
    void leavesTheTimeToTheMachinesOwnChrony() throws IOException {
        MachineFiles files = machine();
        Files.createDirectories(root("usr/bin"));
        Files.createFile(root("usr/bin/chronyc"));
        files.provide("w1.swarm");
        assertThat(root("usr/local/bin/chronyc")).doesNotExist();
    }

    @Test
    void takesAwayWhatTheProgramsOfHostsHaveLeft() throws IOException {
        HostId host = Samples.cluster(1, 0).host(0);
        String uuid = Identity.hostUuid(host).toString();
        MachineFiles files = machine();
        files.provide("w1.swarm");
        List<Path> ofHost = List.of(root("root/mtab-" + uuid), root("var/log/assisted-installer-" + uuid + ".log"));
        List<Path> ofAll = List.of(root("opt/install-dir/bootstrap.ign"), root("var/log/logs-sender.log"));
        for (Path each : List.of(ofHost.get(0), ofHost.get(1), ofAll.get(0), ofAll.get(1))) {
            Files.createDirectories(each.getParent());
            Files.createFile(each);
        }
        files.removeTraces(host);
        assertThat(ofHost).noneMatch(Files::exists);
        assertThat(ofAll).allMatch(Files::exists);
        files.release("w1.swarm");
        assertThat(root("opt")).doesNotExist();
        assertThat(root("var")).doesNotExist();
    }

    @Test
    void leavesAnInstallDirAloneThatWasThereBefore() throws IOException {
        Files.createDirectories(root("opt/install-dir"));
        Files.createFile(root("opt/install-dir/of-somebody"));
        MachineFiles files = machine();
        files.provide("w1.swarm");
        files.release("w1.swarm");
        assertThat(root("opt/install-dir/of-somebody")).exists();
    }

    @Test
    void leavesNoBookBehind() throws IOException {
        MachineFiles files = machine();
        files.provide("w1.swarm");
        files.release("w1.swarm");
        assertThat(folder.resolve("book")).doesNotExist();
    }

    @Test
    void mayBeReleasedAgainAndWithoutHavingBeenProvided() throws IOException {
        MachineFiles files = machine();
        files.release("w1.swarm");
        files.provide("w1.swarm");
        files.release("w1.swarm");
        files.release("w1.swarm");
        assertThat(root("opt")).doesNotExist();
    }

    @Test
    void wantsAJournal() {
        assertThatThrownBy(() -> new MachineFiles(folder, folder.resolve("book")).provide("w1.swarm"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(folder + "/run/systemd/journal/socket is not there: the agent mounts it into its"
                        + " containers. Run systemd-journald");
        assertThat(folder).isEmptyDirectory();
    }

    private MachineFiles machine() throws IOException {
        Files.createDirectories(root("run/systemd/journal"));
        Files.createFile(root("run/systemd/journal/socket"));
        return new MachineFiles(folder, folder.resolve("book"));
    }

    private Path root(String path) {
        return folder.resolve(path);
    }
}
