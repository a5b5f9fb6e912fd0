package io.assistedswarm.worker.process;

import io.assistedswarm.protocol.LogIds;
import io.assistedswarm.protocol.WorkerCommand.LogChunk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The output files of processes, kept small. A process appends to its file by itself: no thread of ours carries its output. From
 * time to time a file over the limit is cut: its last part goes to {@code <file>.1} and it begins again empty, which works because
 * it is open for appending. So a file and its predecessor hold at most about twice the limit, plus what is written between two
 * looks; lines written during the cut may be lost.
 */
public final class LogFiles {
    private static final Logger log = LoggerFactory.getLogger(LogFiles.class);
    private final long limitBytes;
    private final Map<Path, Watched> watched = new ConcurrentHashMap<>();

    /**
     * @param cutBytes how many bytes were written before its first one: offsets of readers go on growing through a cut
     * @param ids of whose output it is
     */
    private record Watched(long cutBytes, Map<String, String> ids) {}

    public LogFiles(long limitBytes) {
        this.limitBytes = limitBytes;
    }

    /** From now on the file is kept below the limit. */
    public void watch(Path file) {
        watched.putIfAbsent(file, new Watched(0, LogIds.here()));
    }

    /** Cuts each file that is over the limit; forgets those that are gone. */
    public void cutAll() {
        watched.forEach((file, known) -> {
            try {
                long size = Files.size(file);
                if (size > limitBytes) {
                    cut(file, size);
                }
            } catch (NoSuchFileException e) {
                watched.remove(file);
            } catch (IOException e) {
                LogIds.with(known.ids(), () -> log.warn("cannot cut log file [{}]: {}", file, e.toString()));
            }
        });
    }

    /**
     * Whole lines from an offset on, as far as there are any.
     *
     * @param offset in bytes since the file's beginning, those that have been cut counted; negative counts from the end
     * @throws NoSuchFileException when nothing has been written yet
     */
    public LogChunk read(Path file, long offset, int maxBytes) throws IOException {
        Watched known = watched.get(file);
        long cut = known == null ? 0 : known.cutBytes();
        Path older = predecessor(file);
        long olderSize = cut > 0 && Files.exists(older) ? Files.size(older) : 0;
        long size = Files.size(file);
        long oldest = cut - olderSize;
        long end = cut + size;
        long wanted = Math.clamp(offset < 0 ? end + offset : offset, oldest, end);
        boolean inOlder = wanted < cut;
        byte[] bytes = inOlder
                ? bytes(older, wanted - oldest, (int) Math.min(maxBytes, cut - wanted))
                : bytes(file, wanted - cut, (int) Math.min(maxBytes, end - wanted));
        int from = offset < 0 && wanted > oldest ? afterFirstNewline(bytes) : 0;
        int lastNewline = lastNewline(bytes);
        int to = lastNewline >= from ? lastNewline + 1 : bytes.length;
        return new LogChunk(new String(bytes, from, to - from, StandardCharsets.UTF_8), wanted + to);
    }

    private void cut(Path file, long size) throws IOException {
        Path part = file.resolveSibling(file.getFileName() + ".part");
        try (FileChannel source = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
                FileChannel target = FileChannel.open(
                        part,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING)) {
            long now = Math.max(size, source.size());
            for (long position = now - limitBytes; position < now; ) {
                long copied = source.transferTo(position, now - position, target);
                if (copied == 0) {
                    break;
                }
                position += copied;
            }
            source.truncate(0);
            watched.computeIfPresent(file, (same, known) -> new Watched(known.cutBytes() + now, known.ids()));
        }
        Files.move(part, predecessor(file), StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    private static Path predecessor(Path file) {
        return file.resolveSibling(file.getFileName() + ".1");
    }

    private static byte[] bytes(Path file, long position, int length) throws IOException {
        byte[] bytes = new byte[length];
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            while (buffer.hasRemaining() && channel.read(buffer, position + buffer.position()) >= 0) {}
        }
        return Arrays.copyOf(bytes, buffer.position());
    }

    private static int afterFirstNewline(byte[] bytes) {
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '\n') {
                return i + 1;
            }
        }
        return 0;
    }

    private static int lastNewline(byte[] bytes) {
        for (int i = bytes.length - 1; i >= 0; i--) {
            if (bytes[i] == '\n') {
                return i;
            }
        }
        return -1;
    }
}
