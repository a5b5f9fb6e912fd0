package io.assistedswarm.worker.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whole seconds since the machine was started. They also pass while it or this JVM stands still, and nobody sets this clock. */
public final class BootClock {
    private static final Path UPTIME = Path.of("/proc/uptime");

    private BootClock() {}

    public static long seconds() {
        try {
            String uptime = Files.readString(UPTIME);
            return Long.parseLong(uptime, 0, uptime.indexOf('.'), 10);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
