package io.assistedswarm.worker.runtime.hollow;

import io.assistedswarm.agent.TextLog;
import io.assistedswarm.worker.process.LogFiles;
import java.io.Closeable;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Where the lines of a hollow program go: to a file where the swarm asks for it, else nowhere. */
final class HollowLog implements Closeable {
    static final HollowLog NONE = new HollowLog(Optional.empty());
    private final Optional<PrintStream> file;

    private HollowLog(Optional<PrintStream> file) {
        this.file = file;
    }

    /**
     * Blocks.
     *
     * @param files keeps it short
     */
    static HollowLog open(Path path, LogFiles files) throws IOException {
        Files.createDirectories(path.getParent());
        PrintStream stream = new PrintStream(new FileOutputStream(path.toFile(), true), true, StandardCharsets.UTF_8);
        files.watch(path);
        return new HollowLog(Optional.of(stream));
    }

    TextLog text() {
        return text(0);
    }

    /** @param keepChars of its beginning, for an upload */
    TextLog text(int keepChars) {
        return new TextLog(file.orElse(null), keepChars);
    }

    @Override
    public void close() {
        file.ifPresent(PrintStream::close);
    }
}
