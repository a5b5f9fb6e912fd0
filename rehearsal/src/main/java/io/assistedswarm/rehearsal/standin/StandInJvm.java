package io.assistedswarm.rehearsal.standin;

import com.fasterxml.jackson.core.JsonFactory;
import io.assistedswarm.agent.Agent;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/**
 * How stand-ins are started: a heap of 16 MB, one collector thread, the first compiler only, and a class path of three jars. With a
 * class-data-sharing archive a process costs about half the CPU until its first request.
 */
public final class StandInJvm {
    private static final List<String> FLAGS = List.of(
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-XX:CICompilerCount=1",
            "-Xmx16m",
            "-Xss256k",
            "-XX:ReservedCodeCacheSize=8m",
            "-XX:-UsePerfData",
            // An archive that does not fit any more only makes the start slower; that is no business of a host's log.
            "-Xlog:disable");

    private StandInJvm() {}

    /**
     * The start of a command line; flags of the program follow it.
     *
     * @param program {@code agent}, {@code installer}, {@code controller} or {@code logs_sender}
     * @param archive made by {@link #makeArchive}; one that is missing or does not fit is ignored by the JVM
     */
    public static List<String> command(String program, Path archive) {
        List<String> command = new ArrayList<>();
        command.add(java());
        command.addAll(FLAGS);
        command.add("-XX:SharedArchiveFile=" + archive.toAbsolutePath());
        addMain(command, program);
        return command;
    }

    /**
     * Makes the archive for the jars of this process, which takes about a second. It appears complete or not at all.
     *
     * @throws IOException if there is no archive at the end
     */
    public static void makeArchive(Path archive) throws IOException, InterruptedException {
        Path made = Files.createTempFile(archive.toAbsolutePath().getParent(), "stand-in", ".jsa");
        List<String> command = new ArrayList<>();
        command.add(java());
        command.addAll(FLAGS);
        command.add("-XX:ArchiveClassesAtExit=" + made);
        addMain(command, "train");
        int exitCode = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
        if (exitCode != 0 || Files.size(made) == 0) {
            Files.delete(made);
            throw new IOException("no archive of the stand-ins' classes could be made (exit code " + exitCode
                    + "); try it by hand: " + String.join(" ", command));
        }
        Files.move(made, archive, StandardCopyOption.REPLACE_EXISTING);
    }

    private static void addMain(List<String> command, String program) {
        command.add("-cp");
        command.add(classPath());
        command.add(StandInMain.class.getName());
        command.add(program);
    }

    /** What a stand-in needs and nothing else: its heap is small. */
    static String classPath() {
        return String.join(File.pathSeparator, jar(StandInMain.class), jar(Agent.class), jar(JsonFactory.class));
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    private static String jar(Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toString();
        } catch (URISyntaxException e) {
            throw new IllegalStateException("the place of " + type + " is no path", e);
        }
    }
}
