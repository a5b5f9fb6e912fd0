package io.assistedswarm.worker.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BinaryTest {
    private static final short X86_64 = 62;
    private static final short AARCH64 = 183;
    private static final short S390X = 22;

    @TempDir
    private Path folder;

    @Test
    void hasNothingAgainstAProgramOfThisMachine() throws IOException {
        assertThat(problem(elf(AARCH64, ByteOrder.LITTLE_ENDIAN), "aarch64")).isEmpty();
        assertThat(problem(elf(X86_64, ByteOrder.LITTLE_ENDIAN), "amd64")).isEmpty();
        assertThat(problem(elf(S390X, ByteOrder.BIG_ENDIAN), "s390x")).isEmpty();
    }

    @Test
    void hasNothingAgainstAScript() throws IOException {
        assertThat(problem("#!/bin/sh\n".getBytes(StandardCharsets.UTF_8), "amd64"))
                .isEmpty();
    }

    @Test
    void tellsForWhichMachineItIsBuilt() throws IOException {
        assertThat(problem(elf(AARCH64, ByteOrder.LITTLE_ENDIAN), "amd64"))
                .hasValue("agent '" + folder.resolve("agent") + "' is built for aarch64, this machine is x86_64");
        assertThat(problem(elf(S390X, ByteOrder.BIG_ENDIAN), "amd64").orElseThrow())
                .contains("is built for s390x");
    }

    @Test
    void tellsWhatIsNoProgram() throws IOException {
        assertThat(problem("<html>".getBytes(StandardCharsets.UTF_8), "amd64").orElseThrow())
                .endsWith("is neither an ELF program nor a script");
        assertThat(problem(new byte[0], "amd64").orElseThrow()).endsWith("is neither an ELF program nor a script");
    }

    @Test
    void tellsWhatCannotBeStarted() throws IOException {
        assertThat(new Binary("agent", folder.resolve("agent")).problem().orElseThrow())
                .endsWith("is not there");
        assertThat(new Binary("agent", folder).problem().orElseThrow()).endsWith("is not a file");
        assertThat(new Binary("agent", Path.of("agent")).problem().orElseThrow())
                .endsWith("is not an absolute path");
        Files.writeString(folder.resolve("agent"), "#!/bin/sh\n");
        assertThat(new Binary("agent", folder.resolve("agent")).problem().orElseThrow())
                .endsWith("is not executable; chmod +x it");
        assertThat(new Binary("agent", folder.resolve("agent/agent")).problem().orElseThrow())
                .endsWith("is not there");
    }

    /** Root may read everything, and is not told so. */
    @Test
    void tellsWhatTheWorkersUserMayNotRead() throws IOException {
        Path closed = Files.createDirectory(folder.resolve("closed"));
        Path agent = Files.writeString(closed.resolve("agent"), "#!/bin/sh\n");
        assertThat(agent.toFile().setExecutable(true)).isTrue();
        Files.setPosixFilePermissions(closed, Set.of());
        try {
            assumeFalse(Files.isExecutable(agent), "skipped: this user may read everything");
            assertThat(new Binary("agent", agent).problem().orElseThrow())
                    .endsWith("the worker's user may not read it, or not enter a folder that it is in");
        } finally {
            Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rwx------"));
        }
    }

    private Optional<String> problem(byte[] content, String machine) throws IOException {
        Path file = Files.write(folder.resolve("agent"), content);
        assertThat(file.toFile().setExecutable(true)).isTrue();
        return new Binary("agent", file).problem(machine);
    }

    private static byte[] elf(short machine, ByteOrder order) {
        return ByteBuffer.allocate(64)
                .putInt(0x7f454c46)
                .put((byte) 2)
                .put((byte) (order == ByteOrder.LITTLE_ENDIAN ? 1 : 2))
                .order(order)
                .putShort(18, machine)
                .array();
    }
}
