package io.assistedswarm.worker.runtime.container;

import io.assistedswarm.worker.process.Call;
import io.assistedswarm.worker.process.Processes.ProcessFailed;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A folder below which something may be mounted. */
record MountedFolder(Path path) {
    private static final Duration UNMOUNT_LIMIT = Duration.ofSeconds(30);
    private static final int MOST_ATTEMPTS = 20;
    private static final Duration PAUSE = Duration.ofMillis(100);

    /**
     * Takes it away with all that is below it, what is mounted there first; may be called again. Others may be at it, too: podman
     * cleans up in the background after the end of a container.
     */
    void remove() {
        Optional<Exception> trouble = Optional.empty();
        for (int attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
            unmount();
            trouble = tryToDelete();
            if (trouble.isEmpty()) {
                return;
            }
            try {
                Thread.sleep(PAUSE);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new ProcessFailed("interrupted while removing " + path, e);
            }
        }
        throw new ProcessFailed("cannot remove " + path + ": " + trouble.orElseThrow(), trouble.orElseThrow());
    }

    private Optional<Exception> tryToDelete() {
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.empty();
        }
        try (Stream<Path> files = Files.walk(path)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
            return Optional.empty();
        } catch (IOException | UncheckedIOException e) {
            return Optional.of(e);
        }
    }

    private void unmount() {
        // The later a mount, the deeper it may be.
        for (Path mounted : mounts().reversed()) {
            // What counts is what is mounted afterwards.
            Call.Outcome unused = new Call(
                            "umount", List.of("umount", "--lazy", mounted.toString()), System.getenv(), UNMOUNT_LIMIT)
                    .run();
        }
        List<Path> left = mounts();
        if (!left.isEmpty()) {
            throw new ProcessFailed("cannot unmount " + left.getLast(), null);
        }
    }

    List<Path> mounts() {
        try {
            // The fifth word of a line is the mount point, with octal escapes for blanks (proc(5)).
            return Files.readAllLines(Path.of("/proc/self/mountinfo"), StandardCharsets.UTF_8).stream()
                    .map(line -> Path.of(line.split(" ", 6)[4].replace("\\040", " ")))
                    .filter(mounted -> mounted.startsWith(path))
                    .toList();
        } catch (IOException e) {
            throw new ProcessFailed("cannot tell what is mounted below " + path + ": " + e.getMessage(), e);
        }
    }
}
