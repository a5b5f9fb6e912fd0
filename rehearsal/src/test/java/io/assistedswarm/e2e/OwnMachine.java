package io.assistedswarm.e2e;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A machine that a worker has for itself: process 1 is its own, and what is written outside of the tests' folder is gone with it. For
 * runtimes that make files where real programs look for them. It has a journal's socket, behind which nobody reads.
 *
 * @param script makes it, and becomes its process 1
 */
record OwnMachine(Path script) {
    private static final String SCRIPT = """
            #!/bin/sh
            if [ $$ -ne 1 ]; then
              # It does not go when it is told to, but what it has started does when it is gone.
              unshare --mount --pid --fork --kill-child=TERM --mount-proc "$0" "$@" &
              trap 'kill -KILL $!' TERM
              wait $!
              exit
            fi
            set -e
            mount --make-rprivate /
            mount -t tmpfs machine /mnt
            for top in etc usr opt root var run; do
              mkdir -p "/mnt/$top" "/mnt/.$top"
              mount -t overlay overlay -o "lowerdir=/$top,upperdir=/mnt/$top,workdir=/mnt/.$top" "/$top"
            done
            mkdir -p /run/systemd/journal /dev/shm
            [ -e /run/systemd/journal/socket ] || : > /run/systemd/journal/socket
            trap 'kill -TERM $child' TERM
            "$@" &
            child=$!
            status=0
            while kill -0 $child 2>/dev/null; do wait $child && status=0 || status=$?; done
            exit $status
            """;

    /** Skips the test where none can be had. */
    static OwnMachine in(Path folder) throws IOException {
        Path script = folder.resolve("machine");
        Files.writeString(script, SCRIPT);
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        OwnMachine machine = new OwnMachine(script);
        String trouble = machine.trouble();
        assumeTrue(trouble.isEmpty(), "skipped: no machine of its own can be had for a worker here: " + trouble);
        return machine;
    }

    /** What a command line begins with. */
    List<String> command() {
        return List.of(script.toString());
    }

    private String trouble() throws IOException {
        Path output = Files.createTempFile(script.getParent(), "machine", ".log");
        List<String> command = new ArrayList<>(command());
        command.addAll(List.of("nsenter", "--target", "1", "--mount", "--", "true"));
        Process trial = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            if (!trial.waitFor(20, TimeUnit.SECONDS)) {
                trial.destroyForcibly();
                return "it does not come up";
            }
            String said = Files.readString(output).strip();
            return trial.exitValue() == 0 ? said : said + " (exit code " + trial.exitValue() + ")";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }
}
