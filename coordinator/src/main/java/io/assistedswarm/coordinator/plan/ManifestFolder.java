package io.assistedswarm.coordinator.plan;

import io.assistedswarm.coordinator.plan.Problem.Position;
import io.assistedswarm.protocol.Manifests;
import io.assistedswarm.protocol.Manifests.Template;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

    /**
     * The user's own manifests that the plan names, relative to the plan. What cannot be read is among the problems, and stands there as
     * an empty text, so that nothing else is wrong because of it.
     */
    public static List<Template> extra(SwarmPlan plan, Path planFile, Problems problems) {
        Map<String, Template> files = new LinkedHashMap<>();
        for (int group = 0; group < plan.clusters().size(); group++) {
            List<String> names = plan.clusters().get(group).traits().extraManifests();
            for (int i = 0; i < names.size(); i++) {
                String name = names.get(i);
                String at = "spec.clusters[" + group + "].extraManifests[" + i + "]";
                files.computeIfAbsent(name, unused -> new Template(name, extra(name, planFile, at, problems)));
            }
        }
        long characters =
                files.values().stream().mapToLong(file -> file.text().length()).sum();
        if (characters > MAX_CHARACTERS) {
            problems.error(
                    new Position(planFile.toString(), 0),
                    "",
                    "names " + (characters >> 10) + " KiB of extra manifests",
                    "at most " + (MAX_CHARACTERS >> 10) + " KiB can be sent to the workers");
        }
        return List.copyOf(files.values());
    }

    private static String extra(String name, Path planFile, String at, Problems problems) {
        Path file = planFile.resolveSibling(name);
        try {
            if (!Files.isRegularFile(file)) {
                problems.errorAt(at, "there is no file " + file, "paths are relative to the plan");
                return "";
            }
            if (Files.size(file) > MAX_CHARACTERS) {
                problems.errorAt(
                        at, file + " has " + (Files.size(file) >> 10) + " KiB", "at most " + (MAX_CHARACTERS >> 10));
                return "";
            }
            return Files.readString(file);
        } catch (IOException e) {
            problems.errorAt(at, file + " cannot be read as a text in UTF-8: " + e.getMessage(), "");
            return "";
        }
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
