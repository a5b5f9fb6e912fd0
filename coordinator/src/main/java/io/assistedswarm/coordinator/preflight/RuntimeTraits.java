package io.assistedswarm.coordinator.preflight;

import io.assistedswarm.protocol.RuntimeSpec;
import io.assistedswarm.protocol.RuntimeSpec.Machine;
import java.nio.file.Path;

/**
 * What of a runtime matters before the start.
 *
 * @param realAgent whether the real agent, installer and controller run, whose dry mode has known faults
 * @param ownInterfaces whether hosts have network interfaces of their own, and not those of their machine
 * @param machine what hosts say of their size
 * @param ownBootstrap whether the bootstrap of several control planes is played by another than the real installer
 * @param podman whether hosts run in containers
 * @param processes whether hosts are processes at all
 */
record RuntimeTraits(
        boolean realAgent,
        boolean ownInterfaces,
        Machine machine,
        boolean ownBootstrap,
        boolean podman,
        boolean processes) {
    /** Nobody has said yet how agents will be run. */
    static final RuntimeTraits UNKNOWN = new RuntimeTraits(false, false, Machine.AS_IT_IS, false, false, true);

    private static final String REAL_AGENT = "agent";

    static RuntimeTraits of(RuntimeSpec runtime) {
        return switch (runtime) {
            case RuntimeSpec.Exec exec ->
                new RuntimeTraits(startsRealAgent(exec), false, Machine.AS_IT_IS, false, false, true);
            case RuntimeSpec.Native real ->
                new RuntimeTraits(
                        true, true, real.machine(), !real.bootstrapInstaller().isEmpty(), false, true);
            case RuntimeSpec.Podman podman ->
                new RuntimeTraits(
                        true,
                        false,
                        Machine.AS_IT_IS,
                        !podman.bootstrapInstaller().isEmpty(),
                        true,
                        true);
            // It says of its machine what it likes, and takes nothing of the worker's.
            case RuntimeSpec.Hollow hollow -> new RuntimeTraits(false, true, Machine.AS_IT_IS, true, false, false);
            // Its installer is the one that it was built with, whatever the service announces: submit warns of that.
            case RuntimeSpec.Combined combined ->
                new RuntimeTraits(
                        true,
                        false,
                        Machine.AS_IT_IS,
                        true,
                        !combined.image().isEmpty()
                                || of(combined.controllers()).podman(),
                        true);
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
