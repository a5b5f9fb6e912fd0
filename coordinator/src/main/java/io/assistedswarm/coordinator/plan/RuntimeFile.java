package io.assistedswarm.coordinator.plan;

import io.assistedswarm.protocol.RuntimeSpec;
import io.assistedswarm.protocol.RuntimeSpec.Binaries;
import io.assistedswarm.protocol.RuntimeSpec.Combined;
import io.assistedswarm.protocol.RuntimeSpec.Exec;
import io.assistedswarm.protocol.RuntimeSpec.Images;
import io.assistedswarm.protocol.RuntimeSpec.Machine;
import io.assistedswarm.protocol.RuntimeSpec.Native;
import io.assistedswarm.protocol.RuntimeSpec.Podman;
import io.assistedswarm.protocol.RuntimeSpec.Separate;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads the runtime of a service config; what it does not say is as the real binaries want it. */
final class RuntimeFile {
    private static final String STANDARD = "default-runtime.yaml";
    private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    /** Arguments are seen by everybody on the machine: secrets go into environments. */
    private static final Pattern SECRET = Pattern.compile("\\{\\{\\{?[#^/&]?\\s*(token|pullSecretBase64)\\s*}}");

    private static final Duration IMAGE_WRITING = Duration.ofSeconds(20);
    private static final Duration LONGEST_IMAGE_WRITING = Duration.ofHours(1);

    private static final int LARGEST_SIZE = 65_536;
    private static final int LARGEST_PORT = 65_535;

    /** The original listens nowhere else (assisted-swarm, combined_agent.py and cmd/main.go). */
    private static final int COMBINED_PORT = 5566;

    private RuntimeFile() {}

    /** The real {@code agent} and {@code assisted-installer-controller}, found on the workers' PATH. */
    static RuntimeSpec standard() {
        Problems problems = new Problems();
        Optional<RuntimeSpec> standard = YamlFile.parse(STANDARD, resource(), problems)
                .flatMap(tree -> Section.top(tree, problems))
                .map(top -> {
                    RuntimeSpec runtime = read(top, new Exec(List.of(), Map.of(), List.of(), Map.of()));
                    top.close();
                    return runtime;
                });
        if (!problems.isEmpty() || standard.isEmpty()) {
            throw new IllegalStateException("the built-in runtime is broken: " + problems.errors());
        }
        return standard.get();
    }

    /** @param section {@code runtime} of a service config */
    static RuntimeSpec read(Section section) {
        return read(section, (Exec) standard());
    }

    private static RuntimeSpec read(Section section, Exec standard) {
        Optional<RuntimeSpec> separate = separate(section, standard).map(runtime -> runtime);
        Optional<RuntimeSpec> combined = section.section("combined").map(inner -> combined(inner, standard));
        Optional<RuntimeSpec> hollow = section.section("hollow").map(HollowSection::read);
        one(section, List.of("native", "podman", "combined", "exec", "hollow"));
        section.close();
        return separate.or(() -> combined).or(() -> hollow).orElse(standard);
    }

    private static Optional<Separate> separate(Section section, Exec standard) {
        Optional<Separate> exec = section.section("exec").map(inner -> exec(inner, standard));
        Optional<Separate> real = section.section("native").map(inner -> real(inner, standard));
        Optional<Separate> podman = section.section("podman").map(inner -> podman(inner, standard));
        return real.or(() -> podman).or(() -> exec);
    }

    private static void one(Section section, List<String> keys) {
        List<String> given = keys.stream().filter(section::has).toList();
        if (given.size() != 1) {
            section.error(
                    given.size() > 1 ? given.getLast() : keys.getFirst(),
                    "stands for the runtime, of which there is one",
                    "write one of " + String.join(", ", keys));
        }
    }

    private static Podman podman(Section podman, Exec standard) {
        Images images = podman.section("images").map(RuntimeFile::images).orElse(Images.NONE);
        String bootstrapInstaller = podman.text("bootstrapInstaller").orElse("");
        String imageStore =
                path(podman, "imageStore", podman.text("imageStore")).orElse("");
        Duration imageWriting = imageWriting(podman);
        Exec commandLines = withEnvironment(standard, podman);
        podman.close();
        return new Podman(images, bootstrapInstaller, commandLines, imageStore, imageWriting);
    }

    private static Combined combined(Section combined, Exec standard) {
        Optional<String> image = combined.text("image");
        List<String> command = combined.texts("command").orElse(List.of());
        if (image.isPresent() && combined.has("command")) {
            combined.error("command", "starts the combined agent, and so does 'image'", "say one of the two");
        } else if (combined.has("command")
                && (command.isEmpty() || command.getFirst().isBlank())) {
            combined.error("command", "is empty", "its first item is the program");
        }
        int port = combined.integer("port").orElse(COMBINED_PORT);
        if (port < 1 || port > LARGEST_PORT) {
            combined.error("port", "is not between 1 and " + LARGEST_PORT, "");
        }
        Separate controllers = combined.section("controller")
                .flatMap(section -> {
                    Optional<Separate> given = separate(section, standard);
                    one(section, List.of("podman", "native", "exec"));
                    given.filter(each -> !each.bootstrapInstaller().isEmpty())
                            .ifPresent(each -> section.error(
                                    each instanceof Podman ? "podman" : "native",
                                    "has a bootstrapInstaller, which controllers have no use for",
                                    "leave it out: the combined agent plays bootstraps with the installer that it was"
                                            + " built with"));
                    section.close();
                    return given;
                })
                .orElse(new Podman(Images.NONE, "", standard, "", IMAGE_WRITING));
        combined.close();
        return new Combined(
                combined.has("command") ? "" : image.orElse(Combined.ORIGINAL_IMAGE), command, port, controllers);
    }

    private static Native real(Section real, Exec standard) {
        String folder = path(real, "binaries", real.text("binaries")).orElse("");
        Images images = real.section("images").map(RuntimeFile::images).orElse(Images.NONE);
        Binaries binaries = new Binaries(
                binary(real, "agent", images.agent(), folder, "agent"),
                binary(real, "installer", images.installer(), folder, "installer"),
                binary(real, "controller", images.controller(), folder, "assisted-installer-controller"),
                path(real, "bootstrapInstaller", real.text("bootstrapInstaller"))
                        .orElse(""));
        Exec commandLines = withEnvironment(standard, real);
        Machine machine = real.section("machine").map(RuntimeFile::machine).orElse(Machine.AS_IT_IS);
        List<String> kept = real.texts("keep").orElse(List.of());
        kept.forEach(each -> path(real, "keep", Optional.of(each)));
        Duration imageWriting = imageWriting(real);
        real.close();
        return new Native(binaries, images, commandLines, machine, kept, imageWriting);
    }

    static Duration imageWriting(Section section) {
        Duration imageWriting = section.duration("imageWriting").orElse(IMAGE_WRITING);
        if (imageWriting.compareTo(LONGEST_IMAGE_WRITING) > 0) {
            section.error("imageWriting", "is longer than " + LONGEST_IMAGE_WRITING.toHours() + " h", "");
        }
        return imageWriting;
    }

    /** Agents and controllers get the same variables more. */
    private static Exec withEnvironment(Exec standard, Section section) {
        Map<String, String> environment = environment(section, Map.of());
        return new Exec(
                standard.agentCommand(),
                merged(standard.agentEnvironment(), environment),
                standard.controllerCommand(),
                merged(standard.controllerEnvironment(), environment));
    }

    private static Machine machine(Section machine) {
        Machine size = new Machine(size(machine, "cores"), size(machine, "memoryGib"), size(machine, "diskGib"));
        machine.close();
        return size;
    }

    private static int size(Section machine, String key) {
        int size = machine.integer(key).orElse(0);
        if (machine.has(key) && (size < 1 || size > LARGEST_SIZE)) {
            machine.error(key, "is not between 1 and " + LARGEST_SIZE, "leave it out to say what the machine has");
        }
        return size;
    }

    private static Images images(Section images) {
        Images read = new Images(
                images.text("agent").orElse(""),
                images.text("installer").orElse(""),
                images.text("controller").orElse(""));
        images.close();
        return read;
    }

    /** Empty when an image has it, which is the one that the service announces where the section of images names none. */
    private static String binary(Section real, String key, String image, String folder, String name) {
        Optional<String> own = path(real, key, real.text(key));
        if (own.isPresent() && !image.isEmpty()) {
            real.error(key, "is also to be taken from an image", "say one of the two");
        } else if (own.isEmpty() && folder.isEmpty() && !real.has(key) && !real.has("images")) {
            real.error(
                    key,
                    "is missing",
                    "say where it is on the workers, or give 'binaries': a folder with agent, installer and"
                            + " assisted-installer-controller; 'images: {}' takes them from the images that the service"
                            + " announces");
        }
        return own.orElse(image.isEmpty() && !folder.isEmpty() ? folder + "/" + name : "");
    }

    private static Optional<String> path(Section section, String key, Optional<String> text) {
        return text.map(path -> {
            if (!path.startsWith("/")) {
                section.error(
                        key, "'" + path + "' is not an absolute path", "workers read it, each on its own machine");
            }
            return path.length() > 1 ? path.replaceAll("/+$", "") : path;
        });
    }

    private static Map<String, String> merged(Map<String, String> standard, Map<String, String> more) {
        Map<String, String> merged = new LinkedHashMap<>(standard);
        merged.putAll(more);
        return merged;
    }

    private static Exec exec(Section exec, Exec standard) {
        Optional<Section> agent = exec.section("agent");
        Optional<Section> controller = exec.section("controller");
        exec.close();
        Exec runtime = new Exec(
                agent.map(section -> command(section, standard.agentCommand())).orElse(standard.agentCommand()),
                agent.map(section -> environment(section, standard.agentEnvironment()))
                        .orElse(standard.agentEnvironment()),
                controller
                        .map(section -> command(section, standard.controllerCommand()))
                        .orElse(standard.controllerCommand()),
                controller
                        .map(section -> environment(section, standard.controllerEnvironment()))
                        .orElse(standard.controllerEnvironment()));
        agent.ifPresent(Section::close);
        controller.ifPresent(Section::close);
        return runtime;
    }

    private static List<String> command(Section section, List<String> standard) {
        List<String> command = section.texts("command").orElse(standard);
        if (section.has("command") && (command.isEmpty() || command.getFirst().isBlank())) {
            section.error("command", "is empty", "its first item is the program");
        }
        if (command.stream().anyMatch(argument -> SECRET.matcher(argument).find())) {
            section.error(
                    "command",
                    "hands over a secret, which everybody on the machine could read",
                    "use 'environment' for it");
        }
        return command;
    }

    /** Merged over the standard one; an empty value takes a variable away. */
    private static Map<String, String> environment(Section section, Map<String, String> standard) {
        Map<String, String> given = section.textMap("environment", true).orElse(Map.of());
        Map<String, String> merged = new LinkedHashMap<>(standard);
        given.forEach((name, value) -> {
            if (!VARIABLE.matcher(name).matches()) {
                section.error("environment", "'" + name + "' is not the name of an environment variable", "");
            }
            if (value.isEmpty()) {
                merged.remove(name);
            } else {
                merged.put(name, value);
            }
        });
        return merged;
    }

    private static String resource() {
        try (InputStream in = RuntimeFile.class.getResourceAsStream(STANDARD)) {
            if (in == null) {
                throw new IllegalStateException("the jar lacks " + STANDARD);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
