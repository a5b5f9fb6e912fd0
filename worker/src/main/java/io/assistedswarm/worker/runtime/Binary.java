package io.assistedswarm.worker.runtime;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;
import java.util.Optional;

/**
 * A program that is said to be on this machine.
 *
 * @param what what it is, as an error calls it
 */
public record Binary(String what, Path path) {
    private static final int MAGIC = 0x7f454c46;
    private static final int BYTE_ORDER_OFFSET = 5;
    private static final int MACHINE_OFFSET = 18;
    private static final int HEADER_LENGTH = 20;
    private static final byte LITTLE_ENDIAN = 1;

    /** {@code e_machine} of an ELF header. */
    private static final Map<Integer, String> MACHINES =
            Map.of(62, "x86_64", 183, "aarch64", 22, "s390x", 21, "ppc64le", 243, "riscv64", 3, "x86", 40, "arm");

    /** One line; empty when it can be started here. */
    public Optional<String> problem() {
        return problem(System.getProperty("os.arch"));
    }

    Optional<String> problem(String machine) {
        if (!path.isAbsolute()) {
            return says("is not an absolute path");
        }
        try {
            if (!Files.readAttributes(path, BasicFileAttributes.class).isRegularFile()) {
                return says("is not a file");
            } else if (!Files.isExecutable(path)) {
                return says("is not executable; chmod +x it");
            }
            try (InputStream in = Files.newInputStream(path)) {
                return ofHeader(ByteBuffer.wrap(in.readNBytes(HEADER_LENGTH)), machine);
            }
        } catch (NoSuchFileException e) {
            return says("is not there");
        } catch (AccessDeniedException e) {
            return says("cannot be read: the worker's user may not read it, or not enter a folder that it is in");
        } catch (IOException e) {
            return says("cannot be read: " + e.getMessage());
        }
    }

    private Optional<String> ofHeader(ByteBuffer header, String machine) {
        if (header.limit() >= 2 && header.get(0) == '#' && header.get(1) == '!') {
            return Optional.empty();
        }
        if (header.limit() < HEADER_LENGTH || header.getInt(0) != MAGIC) {
            return says("is neither an ELF program nor a script");
        }
        header.order(header.get(BYTE_ORDER_OFFSET) == LITTLE_ENDIAN ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        int number = header.getShort(MACHINE_OFFSET) & 0xffff;
        String builtFor = MACHINES.getOrDefault(number, "machine " + number);
        String here = machine.equals("amd64") ? "x86_64" : machine;
        return builtFor.equals(here)
                ? Optional.empty()
                : says("is built for " + builtFor + ", this machine is " + here);
    }

    private Optional<String> says(String problem) {
        return Optional.of(what + " '" + path + "' " + problem);
    }
}
