package io.assistedswarm.worker.runtime.container;

import io.assistedswarm.protocol.SwarmId;
import io.assistedswarm.worker.process.Processes.ProcessFailed;
import io.assistedswarm.worker.process.Workspace;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * Hosts' files where the containers see them: dry installers look for the hosts file and the markers of siblings under the same path
 * as the machine, and of what they mount the worker's data folder is no part. So a swarm's folder is a link to one that is.
 *
 * @param workspace the worker's data folder
 * @param visible below a folder that every container mounts
 */
record VisibleFolders(Workspace workspace, Workspace visible) {
    /** May be called again. */
    void make(SwarmId swarm) {
        Path link = workspace.swarmFolder(swarm);
        try {
            Path folder = visible.makeSwarmFolder(swarm);
            if (!Files.exists(link, LinkOption.NOFOLLOW_LINKS)) {
                Files.createDirectories(
                        workspace.root(),
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
                Files.createSymbolicLink(link, folder);
            }
        } catch (IOException e) {
            throw new ProcessFailed("cannot make " + link + ": " + e.getMessage(), e);
        }
    }

    /** May be called again, and for a swarm that has none. */
    void remove(SwarmId swarm) {
        Path link = workspace.swarmFolder(swarm);
        try {
            visible.remove(swarm);
            if (Files.isSymbolicLink(link)) {
                Files.delete(link);
            }
            Files.deleteIfExists(visible.root());
            Files.deleteIfExists(visible.root().getParent());
        } catch (DirectoryNotEmptyException e) {
            // Other swarms have hosts here, of this worker or another.
        } catch (IOException e) {
            throw new ProcessFailed("cannot remove the files of " + swarm + ": " + e.getMessage(), e);
        }
    }
}
