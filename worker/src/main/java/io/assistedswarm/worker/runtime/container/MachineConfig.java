package io.assistedswarm.worker.runtime.container;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.toml.TomlMapper;
import io.assistedswarm.worker.process.Processes.ProcessFailed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How podman is configured on this machine: its OCI runtime, limits, network and storage driver hold for the stores of hosts, too. A
 * file that CONTAINERS_CONF or CONTAINERS_STORAGE_CONF names stands in the place of all others (containers.conf(5),
 * containers-storage.conf(5)), so what hosts get must hold everything.
 */
record MachineConfig(ObjectNode containers, ObjectNode storage) {
    private static final TomlMapper TOML = new TomlMapper();
    private static final Path VENDOR = Path.of("/usr/share/containers");
    private static final Path LOCAL = Path.of("/etc/containers");

    /**
     * Reads it as podman would.
     *
     * @param environment the worker's
     * @throws ProcessFailed when a file cannot be read
     */
    static MachineConfig read(Map<String, String> environment) {
        return new MachineConfig(
                merged(named(environment, "CONTAINERS_CONF").map(List::of).orElseGet(MachineConfig::containersFiles)),
                merged(named(environment, "CONTAINERS_STORAGE_CONF")
                        .map(List::of)
                        .orElseGet(MachineConfig::storageFiles)));
    }

    /**
     * @param variables handed on to every container, with the value that podman itself is started with
     * @param temporary a folder for what does not outlive a reboot
     * @return a containers.conf
     */
    String containersConf(List<String> variables, Path temporary) {
        ObjectNode conf = containers.deepCopy();
        ArrayNode env = object(conf, "containers").withArray("env");
        variables.forEach(env::add);
        ObjectNode engine = object(conf, "engine");
        // Locks in memory are one set for all of a user's stores (2048 by default); files are each store's own, without
        // limit.
        engine.put("lock_type", "file");
        engine.put("tmp_dir", temporary.toString());
        engine.put("events_logger", "file");
        engine.remove(List.of("static_dir", "volume_path"));
        return toml(conf);
    }

    /**
     * @param images image stores to read from
     * @return a storage.conf
     */
    String storageConf(Path graphRoot, Path runRoot, List<Path> images) {
        ObjectNode conf = storage.deepCopy();
        ObjectNode store = object(conf, "storage");
        if (store.path("driver").asText().isEmpty()) {
            store.put("driver", "overlay");
        }
        store.put("graphroot", graphRoot.toString());
        store.put("runroot", runRoot.toString());
        ObjectNode options = object(store, "options");
        ArrayNode additional = options.withArray("additionalimagestores");
        images.forEach(image -> additional.add(image.toString()));
        // Without it each store leaves a mount of itself behind.
        object(options, "overlay").put("skip_mount_home", "true");
        return toml(conf);
    }

    private static ObjectNode object(ObjectNode parent, String key) {
        return parent.get(key) instanceof ObjectNode object ? object : parent.putObject(key);
    }

    private static String toml(ObjectNode conf) {
        try {
            return TOML.writeValueAsString(conf);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Optional<Path> named(Map<String, String> environment, String variable) {
        return Optional.ofNullable(environment.get(variable))
                .filter(name -> !name.isEmpty())
                .map(Path::of);
    }

    private static List<Path> containersFiles() {
        List<Path> files =
                new ArrayList<>(Stream.of(VENDOR.resolve("containers.conf"), LOCAL.resolve("containers.conf"))
                        .filter(Files::isRegularFile)
                        .toList());
        Path more = LOCAL.resolve("containers.conf.d");
        if (Files.isDirectory(more)) {
            try (Stream<Path> parts = Files.list(more)) {
                parts.filter(part -> part.toString().endsWith(".conf")).sorted().forEach(files::add);
            } catch (IOException e) {
                throw new ProcessFailed("cannot read " + more + ": " + e.getMessage(), e);
            }
        }
        return files;
    }

    private static List<Path> storageFiles() {
        return Stream.of(LOCAL.resolve("storage.conf"), VENDOR.resolve("storage.conf"))
                .filter(Files::isRegularFile)
                .findFirst()
                .map(List::of)
                .orElse(List.of());
    }

    private static ObjectNode merged(List<Path> files) {
        ObjectNode merged = TOML.createObjectNode();
        for (Path file : files) {
            try {
                lay(TOML.readTree(file.toFile()), merged);
            } catch (IOException e) {
                throw new ProcessFailed(
                        "cannot read podman's configuration " + file + ": "
                                + e.getMessage().lines().findFirst().orElse(""),
                        e);
            }
        }
        return merged;
    }

    private static void lay(JsonNode over, ObjectNode under) {
        over.properties().forEach(entry -> {
            JsonNode value = entry.getValue();
            if (value instanceof ObjectNode object) {
                lay(object, object(under, entry.getKey()));
            } else if (value instanceof ArrayNode array) {
                layArray(array, under, entry.getKey());
            } else {
                under.set(entry.getKey(), value);
            }
        });
    }

    /** A list takes the place of an earlier one, unless {@code {append=true}} stands in it. */
    private static void layArray(ArrayNode array, ObjectNode under, String key) {
        boolean append =
                array.valueStream().anyMatch(item -> item.path("append").asBoolean());
        ArrayNode list = append ? under.withArray(key) : under.putArray(key);
        array.valueStream().filter(item -> !item.isObject()).forEach(list::add);
    }
}
