package io.assistedswarm.agent;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;

/** Says that a host has rebooted: its own agent leaves then, its siblings and the controller take it for a node. */
public interface Marker {
    /** How often the real programs look. */
    Duration LOOK = Duration.ofSeconds(1);

    boolean isMade();

    /** Makes it; it may be there already. */
    void make() throws IOException;

    /** Waits until it is made, as the real programs do: they look each second. */
    default void await(ScaledClock clock) throws InterruptedException {
        while (!isMade()) {
            clock.sleep(LOOK);
        }
    }

    /**
     * The file whose existence means "rebooted".
     *
     * @param path empty when none is set: then it is never made
     */
    static Marker ofFile(String path) {
        return new OfFile(path);
    }

    /** A marker on disk, which processes share. */
    record OfFile(String path) implements Marker {
        @Override
        public boolean isMade() {
            return !path.isEmpty() && Files.exists(Path.of(path));
        }

        @Override
        public void make() throws IOException {
            try {
                Files.createFile(Path.of(path));
            } catch (FileAlreadyExistsException e) {
                // The worker makes it, too, as soon as the service tells it of the reboot.
            } catch (InvalidPathException e) {
                throw new IOException(e.toString(), e);
            }
        }

        @Override
        public String toString() {
            return path;
        }
    }
}
