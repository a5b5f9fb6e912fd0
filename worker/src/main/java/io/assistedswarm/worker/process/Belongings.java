package io.assistedswarm.worker.process;

import io.assistedswarm.protocol.SwarmId;
import io.assistedswarm.protocol.WorkerCommand.SwarmClosed;
import io.assistedswarm.protocol.WorkerName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/**
 * What each swarm has and had on this machine. Processes and container stores are counted as they start, mounts of containers as their host ends;
 * files, and what an earlier worker has left, where they are looked for, which is when the swarm is closed. What is left is read from the machine, never reckoned. Thread-safe.
 */
public final class Belongings {
    /** Swarms that are remembered after they were closed, in case that the answer did not arrive. */
    private static final int REMEMBERED = 1_000;

    /** Where the container runtimes keep a swarm's stores, below the workspace. */
    private static final String STORES = ".containers";

    private static final String STORE_FILE = "storage.conf";
    private static final Path MOUNTS = Path.of("/proc/self/mountinfo");

    private final WorkerName worker;
    private final Workspace workspace;
    private final ToLongFunction<SwarmId> hollow;
    private final Map<SwarmId, Map<String, Long>> created = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<SwarmId, Map<String, Long>> eldest) {
            return size() > REMEMBERED;
        }
    };

    /** @param hollow how many agents and controllers of a swarm run within this worker */
    public Belongings(WorkerName worker, Workspace workspace, ToLongFunction<SwarmId> hollow) {
        this.worker = worker;
        this.workspace = workspace;
        this.hollow = hollow;
    }

    /** @param counts by {@link SwarmClosed#KINDS} */
    synchronized void came(SwarmId swarm, Map<String, Long> counts) {
        Map<String, Long> had = of(swarm);
        counts.forEach((kind, count) -> had.merge(kind, count, Long::sum));
    }

    /** Blocks: looks at the machine, and keeps in mind what was ever found there. */
    public SwarmClosed look(SwarmId swarm) {
        Map<String, Long> now = new HashMap<>();
        now.put(SwarmClosed.PROCESS, (long) ProcessTable.read()
                .carrying(List.of("SWARM_ID=" + swarm.value(), Processes.DATA_FOLDER + "=" + workspace.root()))
                .size());
        now.put(SwarmClosed.HOLLOW, hollow.applyAsLong(swarm));
        now.put(SwarmClosed.FILE, files(workspace.swarmFolder(swarm)));
        now.put(SwarmClosed.CONTAINER_STORE, stores(swarm));
        now.put(SwarmClosed.MOUNT, mounts(swarm));
        synchronized (this) {
            Map<String, Long> had = of(swarm);
            now.forEach((kind, count) -> had.merge(kind, count, Math::max));
            had.keySet().forEach(kind -> now.putIfAbsent(kind, 0L));
            return new SwarmClosed(had, now);
        }
    }

    private Map<String, Long> of(SwarmId swarm) {
        return created.computeIfAbsent(swarm, unused -> new HashMap<>());
    }

    private long stores(SwarmId swarm) {
        return count(
                workspace.root().resolve(STORES).resolve(swarm.value()),
                file -> file.getFileName().toString().equals(STORE_FILE));
    }

    private static long files(Path folder) {
        try {
            // With the podman runtime the folder is a link to where containers see it.
            return count(folder.toRealPath(), file -> true);
        } catch (NoSuchFileException e) {
            return 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Files come and go meanwhile. */
    private static long count(Path folder, Predicate<Path> wanted) {
        long[] found = {0};
        try {
            Files.walkFileTree(folder, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    found[0] += wanted.test(file) ? 1 : 0;
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException failure) {
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path folder, IOException failure) {
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return found[0];
    }

    /** Below the swarm's folders, be they here or where containers see them, which have this worker's name. */
    private long mounts(SwarmId swarm) {
        Path ofWorker = Path.of(worker.value(), swarm.value());
        // The fifth word of a line is the mount point (proc(5)).
        try (Stream<String> lines = Files.lines(MOUNTS, StandardCharsets.UTF_8)) {
            return lines.map(line -> Path.of(line.split(" ", 6)[4].replace("\\040", " ")))
                    .filter(mount -> mount.startsWith(workspace.swarmFolder(swarm))
                            || mount.startsWith(workspace.root().resolve(STORES).resolve(swarm.value()))
                            || mount.toString().contains("/" + ofWorker + "/")
                            || mount.endsWith(ofWorker))
                    .count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
