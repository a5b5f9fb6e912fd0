package io.assistedswarm.coordinator.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** Where a report is kept: {@code YYYYMMDD-HHMMSS-name/} with {@code summary.json} and {@code report.txt}. */
public final class ReportFolder {
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);

    private ReportFolder() {}

    /**
     * Writes both files into a new folder.
     *
     * @param summary the report as the coordinator sent it
     * @param now names the folder, in UTC
     * @return the folder
     */
    public static Path write(Path results, String swarm, JsonNode summary, String text, Instant now)
            throws IOException {
        Path folder = create(results, swarm, now);
        new JsonMapper()
                .writerWithDefaultPrettyPrinter()
                .writeValue(folder.resolve("summary.json").toFile(), summary);
        Files.writeString(folder.resolve("report.txt"), text);
        return folder;
    }

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
