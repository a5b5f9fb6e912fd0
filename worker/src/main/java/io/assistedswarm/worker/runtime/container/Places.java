package io.assistedswarm.worker.runtime.container;

import io.assistedswarm.worker.process.ExecRuntime;
import io.assistedswarm.worker.process.Workspace;
import java.nio.file.Path;

/**
 * Where things are on this machine.
 *
 * @param visible folder that the installer's containers mount, too: the files of hosts are kept there
 * @param runs folder of podman's run roots
 * @param machine its root
 */
public record Places(Path visible, Path runs, Path machine) {
    public static final Places STANDARD =
            new Places(Path.of("/var/log/assisted-swarm"), Path.of("/run/assisted-swarm"), Path.of("/"));

    MachineFiles machineFiles() {
        return new MachineFiles(machine, visible.resolve(".machine"));
    }

    VisibleFolders folders(ExecRuntime commandLines) {
        return new VisibleFolders(
                commandLines.workspace(),
                new Workspace(visible.resolve(commandLines.worker().value())));
    }
}
