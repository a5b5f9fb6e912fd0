package io.assistedswarm.worker;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * Keeps every other worker out of a worker's folder. Whoever takes it must hold it as long as it works there: an unreachable
 * channel is closed by the garbage collector, and its lock with it.
 */
final class FolderClaim implements AutoCloseable {
    private final FileChannel lockFile;

    private FolderClaim(FileChannel lockFile) {
        this.lockFile = lockFile;
    }

    /**
     * Makes the folder, private, and takes it.
     *
     * @throws IOException that says what to do when it cannot be had
     */
    static FolderClaim take(Path folder) throws IOException {
        try {
            Files.createDirectories(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            FileChannel channel = FileChannel.open(
                    folder.resolve("worker.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (channel.tryLock() == null) {
                channel.close();
                throw new IOException(
                        "another worker uses the folder " + folder + "; give this one another --name or --data");
            }
            return new FolderClaim(channel);
        } catch (FileSystemException e) {
            throw new IOException("cannot use the folder " + folder + " (" + e + "); give another one with --data", e);
        }
    }

    @Override
    public void close() throws IOException {
        lockFile.close();
    }
}
