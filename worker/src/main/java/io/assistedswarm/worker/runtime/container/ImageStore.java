package io.assistedswarm.worker.runtime.container;

import io.assistedswarm.protocol.Secret;
import io.assistedswarm.worker.process.Processes.ProcessFailed;
import io.assistedswarm.worker.runtime.container.Podman.Output;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;

/** The images that the stores of all hosts read from, pulled once. Its methods block. */
record ImageStore(Store store) {
    private static final Duration PULL_LIMIT = Duration.ofMinutes(30);

    /**
     * Pulls those of the images that are not there.
     *
     * @throws IllegalArgumentException naming the image that its registry does not give, and podman's reason
     * @throws ProcessFailed the same of one that could not be had this time
     */
    void pull(List<String> images, Secret pullSecret) {
        for (String image : images.stream().distinct().toList()) {
            if (!holds(image)) {
                pull(image, pullSecret);
            }
        }
    }

    boolean holds(String image) {
        return store.podman()
                .run(store.configuration(), "image", "exists", image)
                .succeeded();
    }

    private void pull(String image, Secret pullSecret) {
        try {
            Path auth = Files.createTempFile(
                    store.folder(),
                    "auth",
                    ".json",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            try {
                Files.writeString(auth, pullSecret.reveal());
                Output pulled = store.podman()
                        .run(
                                store.configuration(),
                                PULL_LIMIT,
                                List.of("pull", "--quiet", "--authfile", auth.toString(), image));
                if (!pulled.succeeded()) {
                    throw new PullTrouble(pulled.reason())
                            .failure("image '" + image + "' cannot be pulled: " + pulled.reason()
                                    + "; does the pull secret hold this registry, and does the worker reach it?");
                }
            } finally {
                Files.deleteIfExists(auth);
            }
        } catch (IOException e) {
            throw new ProcessFailed("cannot pull image '" + image + "': " + e.getMessage(), e);
        }
    }
}
