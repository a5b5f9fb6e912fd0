package io.assistedswarm.worker.process;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The process half of a worker in a JVM of its own, to be killed by a test. */
final class DyingWorker {
    /** When there is such a file in its folder it wants more memory than there is. */
    static final String GREEDY = "greedy";

    /**
     * Each of the three writes its process id into a file named for it. The grandchild has another environment, the runaway a
     * session of its own.
     */
    private static final String FAMILY = """
            note() { echo "$1" > "$2.part" && mv "$2.part" "$2"; }
            env -i sleep 600 & note $! grandchild
            setsid sh -c 'echo $$ > runaway.part && mv runaway.part runaway; sleep 600; :' &
            note $$ child
            wait
            """;

    private DyingWorker() {}

    public static void main(String[] arguments) throws InterruptedException {
        Path folder = Path.of(arguments[0]);
        OsProcesses processes = new OsProcesses(
                ProcessTools.find(),
                "dying-" + ProcessHandle.current().pid(),
                Duration.ofSeconds(5),
                new LogFiles(1 << 20));
        if (arguments.length > 1) {
            processes.mayRunUntil(BootClock.seconds() + Long.parseLong(arguments[1]));
        }
        processes
                .start(new ProcessSpec(
                        "family",
                        List.of("sh", "-c", FAMILY),
                        Map.of("PATH", System.getenv("PATH")),
                        folder,
                        folder.resolve("family.log")))
                .toCompletableFuture()
                .join();
        while (!Files.exists(folder.resolve(GREEDY))) {
            Thread.sleep(20);
        }
        throw new IllegalStateException("there was room for " + new byte[Integer.MAX_VALUE - 8].length);
    }
}
