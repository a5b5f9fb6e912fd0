package io.assistedswarm.worker.runtime.container;

import io.assistedswarm.worker.process.ProcessSpec;
import io.assistedswarm.worker.process.Processes.ProcessFailed;
import io.assistedswarm.worker.runtime.Script;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A podman that comes before the machine's on the PATH of hosts, and runs the image of a stand-in where the installer is to play the
 * bootstrap of several control planes. Only the flags that the agent gives it tell which host that is: the service chooses late.
 *
 * @param folder that holds it, seen from the namespaces of process 1
 * @param podman the machine's
 * @param image of the stand-in; empty for none
 */
record BootstrapShim(Path folder, Path podman, String image) {
    boolean isWanted() {
        return !image.isEmpty();
    }

    /** Anew where it is there. Blocks. */
    void make() {
        try {
            Script.named("container/podman").place(folder.resolve("podman"));
        } catch (IOException e) {
            throw new ProcessFailed("cannot make the shim of podman: " + e.getMessage(), e);
        }
    }

    /** The same agent, which finds it first; or as it is, where there is no stand-in. */
    ProcessSpec before(ProcessSpec agent) {
        if (!isWanted()) {
            return agent;
        }
        Map<String, String> environment = new LinkedHashMap<>(agent.environment());
        environment.merge("PATH", folder.toString(), (path, first) -> first + ":" + path);
        environment.put("SWARM_SHIMS", folder.toString());
        environment.put("SWARM_PODMAN", podman.toString());
        environment.put("SWARM_BOOTSTRAP_INSTALLER", image);
        environment.put("SWARM_LOG", agent.logFile().toString());
        return new ProcessSpec(agent.name(), agent.command(), environment, agent.folder(), agent.logFile());
    }
}
