package io.assistedswarm.worker.node;

import io.assistedswarm.protocol.DataDisk;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How much room there is for the worker's data folder, and whether it can be written to. That is tried: quotas, inodes and a file system that
 * has become read-only do not show in the room that is free. Thread-safe.
 */
public final class DiskGauge {
    private static final Logger log = LoggerFactory.getLogger(DiskGauge.class);
    private static final byte[] PROBE = new byte[4096];

    private final Path folder;
    private final Path probe;
    private final Executor files;
    private final AtomicBoolean looking = new AtomicBoolean();
    private volatile DataDisk last = DataDisk.UNKNOWN;

    /** @param files runs what blocks on the file system */
    public DiskGauge(Path folder, Executor files) {
        this.folder = folder;
        this.probe = folder.resolve("room.probe");
        this.files = files;
    }

    /** As it was found last; has it looked at anew. A disk that hangs keeps one thread at most. */
    public DataDisk now() {
        if (looking.compareAndSet(false, true)) {
            files.execute(() -> {
                try {
                    look();
                } finally {
                    looking.set(false);
                }
            });
        }
        return last;
    }

    private void look() {
        DataDisk before = last;
        last = new DataDisk(free(), trouble());
        if (!last.trouble().equals(before.trouble())) {
            if (last.trouble().isEmpty()) {
                log.info("data folder [{}] can be written to again", folder);
            } else {
                log.error("nothing can be written to data folder [{}]: [{}]", folder, last.trouble());
            }
        }
    }

    private long free() {
        try {
            return Files.getFileStore(folder).getUsableSpace();
        } catch (IOException e) {
            log.debug("the room for [{}] is not known", folder, e);
            return DataDisk.UNKNOWN.freeBytes();
        }
    }

    private String trouble() {
        try {
            Files.write(probe, PROBE);
            Files.deleteIfExists(probe);
            return "";
        } catch (FileSystemException e) {
            return e.getReason() == null ? e.toString() : e.getReason();
        } catch (IOException e) {
            return e.getMessage() == null ? e.toString() : e.getMessage();
        }
    }
}
