package io.assistedswarm.worker.runtime.container;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** Does what it is asked to where it is, and needs no access to process 1, which machines that run tests may not give. */
final class TestingNsenter {
    private TestingNsenter() {}

    /** @param folder is to be on the PATH */
    static void make(Path folder) throws IOException {
        Path program = folder.resolve("nsenter");
        Files.writeString(program, "#!/bin/sh\nwhile [ \"$1\" != -- ]; do shift; done\nshift\nexec \"$@\"\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
