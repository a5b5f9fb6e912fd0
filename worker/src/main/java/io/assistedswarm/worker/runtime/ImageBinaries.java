package io.assistedswarm.worker.runtime;

import io.assistedswarm.protocol.RuntimeSpec;
import io.assistedswarm.protocol.RuntimeSpec.Binaries;
import io.assistedswarm.protocol.RuntimeSpec.Images;
import io.assistedswarm.protocol.Secret;
import io.assistedswarm.worker.process.Call;
import io.assistedswarm.worker.process.Call.Outcome;
import io.assistedswarm.worker.process.Processes.ProcessFailed;
import io.assistedswarm.worker.runtime.container.PullTrouble;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes binaries out of images with podman: a container is created, never run, copied from and removed. The paths are those of the
 * images' Dockerfiles.
 *
 * @param folder where the binaries are put
 * @param path the worker's PATH
 */
record ImageBinaries(Path folder, String path) {
    private static final Logger log = LoggerFactory.getLogger(ImageBinaries.class);
    private static final Duration PULL_LIMIT = Duration.ofMinutes(10);
    private static final FileAttribute<Set<PosixFilePermission>> FOLDER =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    private static final FileAttribute<Set<PosixFilePermission>> FILE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    static ImageBinaries in(Path swarmFolder, String path) {
        return new ImageBinaries(swarmFolder.resolve("native/images"), path);
    }

    /**
     * @return with a path for each binary
     * @throws IllegalArgumentException when there is no podman, its registry does not give an image, or that does not hold its binary
     * @throws ProcessFailed when an image cannot be had now
     */
    RuntimeSpec.Native extract(RuntimeSpec.Native runtime, Secret pullSecret) {
        Images images = runtime.images();
        if (images.equals(Images.NONE)) {
            return runtime;
        }
        Path podman = MountNamespace.onPath("podman", path)
                .orElseThrow(() -> new IllegalArgumentException(
                        "'podman' is not on the PATH, and the binaries are to be taken from images: install it, or give"
                                + " runtime.native.binaries"));
        try {
            Files.createDirectories(folder, FOLDER);
            Path auth = folder.resolve("auth.json");
            Files.deleteIfExists(auth);
            Files.createFile(auth, FILE);
            Files.writeString(auth, pullSecret.reveal());
            try {
                Binaries given = runtime.binaries();
                return new RuntimeSpec.Native(
                        new Binaries(
                                taken(podman, auth, images.agent(), "agent").orElse(given.agent()),
                                taken(podman, auth, images.installer(), "installer")
                                        .orElse(given.installer()),
                                taken(podman, auth, images.controller(), "assisted-installer-controller")
                                        .orElse(given.controller()),
                                given.bootstrapInstaller()),
                        Images.NONE,
                        runtime.commandLines(),
                        runtime.machine(),
                        runtime.kept(),
                        runtime.imageWriting());
            } finally {
                Files.deleteIfExists(auth);
            }
        } catch (IOException e) {
            throw new ProcessFailed("cannot take the binaries from their images: " + e.getMessage(), e);
        }
    }

    private Optional<String> taken(Path podman, Path auth, String image, String name) {
        if (image.isEmpty()) {
            return Optional.empty();
        }
        Outcome created = run(podman, "create", "--quiet", "--authfile", auth.toString(), image, name);
        if (!created.succeeded()) {
            throw new PullTrouble(created.lastLine())
                    .failure("image '" + image + "' cannot be had: " + created.lastLine());
        }
        String container = created.lastLine();
        Path binary = folder.resolve(name);
        try {
            Outcome copied = run(podman, "cp", container + ":/usr/bin/" + name, binary.toString());
            if (!copied.succeeded()) {
                throw new IllegalArgumentException(
                        "image '" + image + "' does not hold /usr/bin/" + name + ": " + copied.lastLine());
            }
        } finally {
            Outcome removed = run(podman, "rm", "--force", container);
            if (!removed.succeeded()) {
                log.warn("container [{}] of image [{}] is left: {}", container, image, removed.lastLine());
            }
        }
        return Optional.of(binary.toString());
    }

    private static Outcome run(Path podman, String... arguments) {
        List<String> command = new ArrayList<>(List.of(podman.toString()));
        command.addAll(List.of(arguments));
        return new Call("'podman " + arguments[0] + "'", command, System.getenv(), PULL_LIMIT).run();
    }
}
