package io.assistedswarm.coordinator.preflight;

import io.assistedswarm.protocol.RuntimeSpec;
import java.nio.file.Path;

/**
 * What of a runtime matters before the start.
 *
 * @param realAgent whether the real agent, installer and controller run, whose dry mode has known faults
 * @param ownInventory whether hosts say something else of themselves than their machine would
 * @param ownBootstrap whether the bootstrap of several control planes is played by another than the real installer
 * @param podman whether containers are run
 */
record RuntimeTraits(boolean realAgent, boolean ownInventory, boolean ownBootstrap, boolean podman) {
    /** Nobody has said yet how agents will be run. */
    static final RuntimeTraits UNKNOWN = new RuntimeTraits(false, false, false, false);

    private static final String REAL_AGENT = "agent";

    static RuntimeTraits of(RuntimeSpec runtime) {
        return switch (runtime) {
            case RuntimeSpec.Exec exec -> new RuntimeTraits(startsRealAgent(exec), false, false, false);
            case RuntimeSpec.Native real ->
                new RuntimeTraits(
                        true, true, !real.binaries().bootstrapInstaller().isEmpty(), false);
            case RuntimeSpec.Podman podman -> new RuntimeTraits(true, false, false, true);
            // Its installer is from before the fault.
            case RuntimeSpec.Combined combined ->
                new RuntimeTraits(
                        true,
                        false,
                        true,
                        !combined.image().isEmpty()
                                || of(combined.controllers()).podman());
        };
    }

    /** The binary is called so: the default command line, and most others. */
    private static boolean startsRealAgent(RuntimeSpec.Exec exec) {
        return exec.agentCommand().stream()
                .findFirst()
                .map(program -> Path.of(program).getFileName())
                .filter(name -> name.toString().equals(REAL_AGENT))
                .isPresent();
    }
}
