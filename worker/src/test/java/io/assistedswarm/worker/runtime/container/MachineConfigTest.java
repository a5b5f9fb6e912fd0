package io.assistedswarm.worker.runtime.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.assistedswarm.worker.process.Processes.ProcessFailed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MachineConfigTest {
    @TempDir
    private Path folder;

    @Test
    void keepsWhatTheMachineSaysAndAddsWhatAHostNeeds() throws IOException {
        MachineConfig config = read("""
                [containers]
                env = ["LANG=C"]
                default_ulimits = ["nofile=1024:1024"]

                [engine]
                runtime = "runc"
                static_dir = "/var/lib/containers/storage/libpod"
                num_locks = 2048
                """, "");

        assertThat(config.containersConf(List.of("DRY_HOST_ID", "PULL_SECRET_TOKEN"), Path.of("/run/x/libpod")))
                .isEqualTo("""
                        containers.env = ['LANG=C', 'DRY_HOST_ID', 'PULL_SECRET_TOKEN']
                        containers.default_ulimits = ['nofile=1024:1024']
                        engine.runtime = 'runc'
                        engine.num_locks = 2048
                        engine.lock_type = 'file'
                        engine.tmp_dir = '/run/x/libpod'
                        engine.events_logger = 'file'
                        """);
    }

    @Test
    void givesAStoreItsPlacesAndTheImagesOfAll() throws IOException {
        assertThat(read("", "").storageConf(Path.of("/d/graphroot"), Path.of("/run/x"), List.of(Path.of("/images"))))
                .isEqualTo("""
                        storage.driver = 'overlay'
                        storage.graphroot = '/d/graphroot'
                        storage.runroot = '/run/x'
                        storage.options.additionalimagestores = ['/images']
                        storage.options.overlay.skip_mount_home = 'true'
                        """);
    }

    @Test
    void keepsTheMachinesDriverAndImageStores() throws IOException {
        MachineConfig config = read("", """
                [storage]
                driver = "vfs"
                graphroot = "/var/lib/containers/storage"

                [storage.options]
                additionalimagestores = ["/usr/lib/images"]
                """);
        assertThat(config.storageConf(Path.of("/d/graphroot"), Path.of("/run/x"), List.of(Path.of("/images"))))
                .contains(
                        "storage.driver = 'vfs'",
                        "storage.graphroot = '/d/graphroot'",
                        "storage.options.additionalimagestores = ['/usr/lib/images', '/images']");
    }

    @Test
    void namesAConfigurationThatCannotBeRead() {
        assertThatThrownBy(() -> read("[containers\n", ""))
                .isInstanceOf(ProcessFailed.class)
                .hasMessageStartingWith(
                        "cannot read podman's configuration " + folder.resolve("containers.conf") + ": ");
    }

    private MachineConfig read(String containers, String storage) throws IOException {
        Map<String, String> environment = new HashMap<>();
        environment.put(
                "CONTAINERS_CONF",
                Files.writeString(folder.resolve("containers.conf"), containers).toString());
        environment.put(
                "CONTAINERS_STORAGE_CONF",
                Files.writeString(folder.resolve("storage.conf"), storage).toString());
        return MachineConfig.read(environment);
    }
}
