package io.assistedswarm.protocol;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** How agents and controllers are run. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
@JsonSubTypes({
    @JsonSubTypes.Type(value = RuntimeSpec.Exec.class, name = "exec"),
    @JsonSubTypes.Type(value = RuntimeSpec.Native.class, name = "native"),
    @JsonSubTypes.Type(value = RuntimeSpec.Podman.class, name = "podman"),
    @JsonSubTypes.Type(value = RuntimeSpec.Combined.class, name = "combined"),
    @JsonSubTypes.Type(value = RuntimeSpec.Hollow.class, name = "hollow")
})
public sealed interface RuntimeSpec permits RuntimeSpec.Separate, RuntimeSpec.Combined, RuntimeSpec.Hollow {
    /** Name in plans and reports. */
    String name();

    /** What is handed to agents and controllers. */
    Exec commandLines();

    /** This runtime with the images that the service announces wherever it was to take them from there. */
    RuntimeSpec withAnnounced(Images announced);

    /** Whether it needs images of which it does not say which. */
    boolean needsAnnounced();

    /**
     * What plays the bootstrap of clusters with several control planes in the place of the installer, with the same flags: many an
     * installer panics there in dry mode (assisted-installer, src/main/drymock). Empty for the installer itself.
     */
    default String bootstrapInstaller() {
        return "";
    }

    /** Whether the installer of a cluster's bootstrap is a stand-in for the one that is under test; as the shims of podman do it. */
    default boolean standsIn(ClusterSpec cluster) {
        return !bootstrapInstaller().isEmpty() && cluster.controlPlanes() != 1;
    }

    /** The name of the runtime, which says in every report where it was not the real installer. */
    private static String named(String runtime, String bootstrapInstaller) {
        return bootstrapInstaller.isEmpty() ? runtime : runtime + ", stand-in installer on multi-node bootstraps";
    }

    /** Runs each agent and each controller by itself. */
    sealed interface Separate extends RuntimeSpec permits Exec, Native, Podman {
        @Override
        Separate withAnnounced(Images announced);
    }

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
            implements Separate {
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

        @Override
        public Exec withAnnounced(Images announced) {
            return this;
        }

        @Override
        public boolean needsAnnounced() {
            return false;
        }
    }

    /**
     * The real binaries, started directly. A folder of shims is all that they find on their PATH, so that nothing they ask of the
     * machine is done to it.
     *
     * @param commandLines what is handed to agents and controllers; the first word of each command gives way to the binary
     * @param images where those binaries are taken from that have no path; what is empty there, too, is as the service announces it
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
            implements Separate {
        public Native {
            kept = List.copyOf(kept);
        }

        @Override
        public Native withAnnounced(Images announced) {
            Images named = images.or(announced);
            return new Native(
                    binaries,
                    new Images(
                            binaries.agent().isEmpty() ? named.agent() : "",
                            binaries.installer().isEmpty() ? named.installer() : "",
                            binaries.controller().isEmpty() ? named.controller() : ""),
                    commandLines,
                    machine,
                    kept,
                    imageWriting);
        }

        @Override
        public boolean needsAnnounced() {
            return (binaries.agent().isEmpty() && images.agent().isEmpty())
                    || (binaries.installer().isEmpty() && images.installer().isEmpty())
                    || (binaries.controller().isEmpty() && images.controller().isEmpty());
        }

        @Override
        public String bootstrapInstaller() {
            return binaries.bootstrapInstaller();
        }

        @Override
        public String name() {
            return named("native", bootstrapInstaller());
        }
    }

    /**
     * Absolute paths on each worker; empty where an image has it.
     *
     * @param agent the agent with its next-step runner, inventory and so on, which chooses by the name it is called by
     * @param bootstrapInstaller {@link RuntimeSpec#bootstrapInstaller}
     */
    record Binaries(String agent, String installer, String controller, String bootstrapInstaller) {}

    /**
     * The service's own images, in podman: an agent as a process of the worker's machine, all that it starts and the controllers as
     * containers.
     *
     * @param images what is empty is taken as the service announces it
     * @param bootstrapInstaller reference of an image
     * @param commandLines what is handed to agents and controllers; the first word of each command gives way to the image's program
     * @param imageStore absolute path of an image store on each worker that is kept from swarm to swarm; empty for one of the swarm
     * @param imageWriting how long a host's installer "writes the image to disk"
     */
    record Podman(Images images, String bootstrapInstaller, Exec commandLines, String imageStore, Duration imageWriting)
            implements Separate {
        @Override
        public String name() {
            return named("podman", bootstrapInstaller);
        }

        @Override
        public Podman withAnnounced(Images announced) {
            return new Podman(images.or(announced), bootstrapInstaller, commandLines, imageStore, imageWriting);
        }

        @Override
        public boolean needsAnnounced() {
            return !images.isComplete();
        }
    }

    /**
     * The original tool's combined agent: on each worker one program that plays all hosts, driven over its REST API.
     *
     * @param image run with podman; empty where there is a command
     * @param command starts the program on each worker; empty where there is an image
     * @param port that it listens on at 127.0.0.1
     * @param controllers runs the controllers, which the program does not play
     */
    record Combined(String image, List<String> command, int port, Separate controllers) implements RuntimeSpec {
        /** Its installer is from before the fault of {@link RuntimeSpec#bootstrapInstaller}. */
        public static final String ORIGINAL_IMAGE = "quay.io/oamizur/assisted-swarm:latest";

        public Combined {
            command = List.copyOf(command);
        }

        @Override
        public String name() {
            return "combined, controllers by " + controllers.name();
        }

        @Override
        public Exec commandLines() {
            return controllers.commandLines();
        }

        @Override
        public Combined withAnnounced(Images announced) {
            return new Combined(image, command, port, controllers.withAnnounced(announced));
        }

        @Override
        public boolean needsAnnounced() {
            return controllers.needsAnnounced();
        }
    }

    /**
     * Agents and controllers played within the workers, with no process of their own: their part of the protocol, and nothing of the
     * programs.
     *
     * @param seed of what hosts say of their hardware; 0 for all the same
     * @param timeScale by which every interval is divided that the programs keep by their own clock, as for a service that runs faster
     * @param imageWriting how long a host "writes the image to disk"
     * @param connections to the service, the most that the hosts of one worker have at one time
     * @param logs whether each host has a log, which is a file
     * @param namesResolveTo address of the clusters' names; empty if none resolves
     */
    record Hollow(
            long seed, double timeScale, Duration imageWriting, int connections, boolean logs, String namesResolveTo)
            implements RuntimeSpec {
        private static final Exec NO_PROCESS = new Exec(List.of(), Map.of(), List.of(), Map.of());

        @Override
        public String name() {
            return "hollow";
        }

        @Override
        public Exec commandLines() {
            return NO_PROCESS;
        }

        @Override
        public Hollow withAnnounced(Images announced) {
            return this;
        }

        @Override
        public boolean needsAnnounced() {
            return false;
        }
    }

    /** References of images; empty where they come from elsewhere. */
    record Images(String agent, String installer, String controller) {
        public static final Images NONE = new Images("", "", "");

        public Images or(Images others) {
            return new Images(
                    agent.isEmpty() ? others.agent() : agent,
                    installer.isEmpty() ? others.installer() : installer,
                    controller.isEmpty() ? others.controller() : controller);
        }

        @JsonIgnore
        public boolean isComplete() {
            return !agent.isEmpty() && !installer.isEmpty() && !controller.isEmpty();
        }
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
