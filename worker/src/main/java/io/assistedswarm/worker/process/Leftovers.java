package io.assistedswarm.worker.process;

import io.assistedswarm.worker.process.Processes.ProcessFailed;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Processes that an earlier JVM left on this machine when it and its watchdog were killed together. They carry the data folder, which is
 * claimed by one worker at a time: who has claimed it may end all that carry it, and must before others run the same hosts.
 *
 * @param data the folder, claimed
 */
public record Leftovers(Path data) {
    private static final Duration PAUSE = Duration.ofMillis(50);
    private static final int MOST_LOOKS = 100;

    /**
     * Kills them, again until there is none: one may have forked between the look and the signal. Blocks, some seconds at most; to be
     * called before this JVM starts the first process.
     *
     * @return how many there were
     * @throws ProcessFailed when some do not end
     */
    public int end() {
        Set<Long> seen = new TreeSet<>();
        Set<Long> left = living();
        for (int look = 0; look < MOST_LOOKS && !left.isEmpty(); look++) {
            seen.addAll(left);
            left.forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
            pause();
            left = living();
        }
        if (!left.isEmpty()) {
            throw new ProcessFailed(
                    "processes of an earlier worker with the data folder " + data + " do not end: " + left
                            + "; end them, or give another folder with --data",
                    null);
        }
        return seen.size();
    }

    private Set<Long> living() {
        Set<Long> living = new TreeSet<>();
        ProcessTable.read()
                .carrying(List.of(Processes.DATA_FOLDER + "=" + data))
                .forEach(process -> living.add(process.pid()));
        living.remove(ProcessHandle.current().pid());
        return living;
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ProcessFailed("interrupted while the processes of an earlier worker were ended", e);
        }
    }
}
