package io.assistedswarm.worker.runtime.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.assistedswarm.worker.process.Processes.ProcessFailed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With a podman that cannot remove containers. */
class StoreTest {
    @TempDir
    private Path folder;

    @Test
    void isRemovedWhenPodmanOnlyWarnsOfTheMachine() throws IOException {
        Store store = store("echo 'level=warning msg=\"Using cgroups-v1 which is deprecated\"' >&2");
        store.remove();
        assertThat(store.folder()).doesNotExist();
    }

    @Test
    void isKeptAsLongAsAContainerIsInIt() throws IOException {
        Store store = store("echo 0123456789ab");
        assertThatThrownBy(store::remove)
                .isInstanceOf(ProcessFailed.class)
                .hasMessage("cannot remove the containers in " + store.folder() + ": cannot be killed");
        assertThat(store.folder()).exists();
    }

    @Test
    void hasPodmanKeepQuietAboutControlGroups() throws IOException {
        assertThat(store("").configuration()).containsEntry("PODMAN_IGNORE_CGROUPSV1_WARNING", "true");
    }

    private Store store(String ps) throws IOException {
        Path podman = Files.writeString(folder.resolve("podman"), """
                #!/bin/sh
                case $1 in
                  --version) echo podman version 5.4.2 ;;
                  rm) echo 'Error: cannot be killed' >&2 && exit 125 ;;
                  ps) %s ;;
                esac
                """.formatted(ps));
        Files.setPosixFilePermissions(podman, PosixFilePermissions.fromString("rwx------"));
        Path stored = Files.createDirectory(folder.resolve("stored"));
        Files.createFile(stored.resolve("storage.conf"));
        return Store.in(stored, Podman.find(Map.of("PATH", folder + ":" + System.getenv("PATH"))), folder.resolve("r"));
    }
}
