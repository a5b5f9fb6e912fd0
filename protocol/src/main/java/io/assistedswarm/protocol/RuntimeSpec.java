package io.assistedswarm.protocol;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** How agents and controllers are run. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
@JsonSubTypes({
    @JsonSubTypes.Type(value = RuntimeSpec.Exec.class, name = "exec"),
    @JsonSubTypes.Type(value = RuntimeSpec.Native.class, name = "native")
})
public sealed interface RuntimeSpec {
    /** Name in plans and reports. */
    String name();

    /** What is handed to agents and controllers. */
    Exec commandLines();

    /**
     * One operating-system process per agent and per controller. The texts are Mustache templates; the guide lists their variables.
     *
     * @param agentEnvironment the whole environment but what the worker adds: nothing is inherited except {@code PATH} and {@code HOME}
     */
    record Exec(
            List<String> agentCommand,
            Map<String, String> agentEnvironment,
            List<String> controllerCommand,
            Map<String, String> controllerEnvironment)
            implements RuntimeSpec {
        public Exec {
            agentCommand = List.copyOf(agentCommand);
            agentEnvironment = Map.copyOf(agentEnvironment);
            controllerCommand = List.copyOf(controllerCommand);
            controllerEnvironment = Map.copyOf(controllerEnvironment);
        }

        @Override
        public String name() {
            return "exec";
        }

        @Override
        public Exec commandLines() {
            return this;
        }
    }

    /**
     * The real binaries, started directly. A folder of shims is all that they find on their PATH, so that nothing they ask of the
     * machine is done to it.
     *
     * @param commandLines what is handed to agents and controllers; the first word of each command gives way to the binary
     * @param images where those binaries are taken from that have no path
     * @param machine what hosts say of their size
     * @param kept further folders of the worker that hosts see as they are
     * @param imageWriting how long a host's installer "writes the image to disk"
     */
    record Native(
            Binaries binaries,
            Images images,
            Exec commandLines,
            Machine machine,
            List<String> kept,
            Duration imageWriting)
            implements RuntimeSpec {
        public Native {
            kept = List.copyOf(kept);
        }

        /** Says in every report where it was not the real installer. */
        @Override
        public String name() {
            return binaries.bootstrapInstaller().isEmpty()
                    ? "native"
                    : "native, stand-in installer on multi-node bootstraps";
        }
    }

    /**
     * Absolute paths on each worker; empty where an image has it.
     *
     * @param agent the agent with its next-step runner, inventory and so on, which chooses by the name it is called by
     * @param bootstrapInstaller plays the bootstrap of clusters with several control planes in the place of {@code installer}, with the
     *     same flags: many an installer panics there in dry mode (assisted-installer, src/main/drymock). Empty for none
     */
    record Binaries(String agent, String installer, String controller, String bootstrapInstaller) {}

    /** References of images; empty where there is a path. */
    record Images(String agent, String installer, String controller) {
        public static final Images NONE = new Images("", "", "");
    }

    /**
     * The size of a machine, so that one too small for the service's requirements can still play hosts that are not.
     *
     * @param cores 0 for as many as the worker's machine has
     * @param memoryGib 0 for as much as it has
     * @param diskGib of its first disk; 0 for as it is
     */
    record Machine(int cores, int memoryGib, int diskGib) {
        public static final Machine AS_IT_IS = new Machine(0, 0, 0);
    }
}
