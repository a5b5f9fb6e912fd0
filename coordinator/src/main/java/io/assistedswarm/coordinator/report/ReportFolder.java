package io.assistedswarm.coordinator.report;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** Where a report is kept: {@code YYYYMMDD-HHMMSS-name/}. */
public final class ReportFolder {
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);

    private ReportFolder() {}

    /** A new folder below this one, named by the time in UTC and the name. */
    public static Path create(Path results, String name, Instant now) throws IOException {
        return newFolder(results, STAMP.format(now) + "-" + name);
    }

    /** Two reports within a second get two folders. */
    private static Path newFolder(Path results, String name) throws IOException {
        Files.createDirectories(results);
        for (int i = 1; ; i++) {
            try {
                return Files.createDirectory(results.resolve(i == 1 ? name : name + "-" + i));
            } catch (FileAlreadyExistsException e) {
                if (i == 100) {
                    throw e;
                }
            }
        }
    }
}
