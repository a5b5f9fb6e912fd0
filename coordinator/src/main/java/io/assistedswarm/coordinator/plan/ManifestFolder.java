package io.assistedswarm.coordinator.plan;

import io.assistedswarm.coordinator.plan.Problem.Position;
import io.assistedswarm.protocol.Manifests;
import io.assistedswarm.protocol.Manifests.Template;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads the templates of a swarm's objects: {@code swarm}, {@code cluster}, {@code infraenv} and {@code host}, each in the order of its file names. */
public final class ManifestFolder {
    /** All templates travel in one message to each worker. */
    private static final int MAX_CHARACTERS = 256 << 10;

    private ManifestFolder() {}

    /** Receives everything that is wrong in {@code problems}; to be used only when there are none. */
    public static Optional<Manifests> read(Path folder, Problems problems) {
        if (!Files.isDirectory(folder)) {
            problems.error(
                    new Position(folder.toString(), 0),
                    "",
                    "there is no such folder of manifests",
                    "name one with --manifests; conf/manifests is the one to copy");
            return Optional.empty();
        }
        Manifests manifests = new Manifests(
                templates(folder, "swarm", problems),
                templates(folder, "cluster", problems),
                templates(folder, "infraenv", problems),
                templates(folder, "host", problems));
        long characters = Stream.of(manifests.swarm(), manifests.cluster(), manifests.infraEnv(), manifests.host())
                .flatMap(List::stream)
                .mapToLong(template -> template.text().length())
                .sum();
        if (characters > MAX_CHARACTERS) {
            problems.error(
                    new Position(folder.toString(), 0),
                    "",
                    "holds " + (characters >> 10) + " KiB of templates",
                    "at most " + (MAX_CHARACTERS >> 10) + " KiB can be sent to the workers");
        }
        return Optional.of(manifests);
    }

    private static List<Template> templates(Path folder, String part, Problems problems) {
        Path partFolder = folder.resolve(part);
        if (!Files.isDirectory(partFolder)) {
            return List.of();
        }
        List<Template> templates = new ArrayList<>();
        for (Path file : files(partFolder)) {
            YamlFile.text(file, problems)
                    .ifPresent(text -> templates.add(new Template(part + "/" + file.getFileName(), text)));
        }
        return templates;
    }

    private static List<Path> files(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file ->
                            file.toString().endsWith(".yaml") || file.toString().endsWith(".yml"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + folder, e);
        }
    }
}
