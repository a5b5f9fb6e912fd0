package io.assistedswarm.rehearsal.hub;

import com.fasterxml.jackson.core.JsonFactory;
import io.assistedswarm.rehearsal.standin.StandInMain;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How a worker on this machine starts stand-in agents and controllers: this JVM's own Java and class path, with a small heap. */
record StandInCommand(List<String> java, Map<String, String> environment) {
    private static final Logger log = LoggerFactory.getLogger(StandInCommand.class);
    private static final String MAIN = StandInMain.class.getName();
    private static final String ARCHIVE = "stand-in.jsa";
    private static final int TRAINING_SECONDS = 60;
    private static final List<String> SMALL = List.of(
            "-Xmx32m",
            "-Xss256k",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-XX:-UsePerfData",
            "-XX:CICompilerCount=1",
            "-Xshare:auto",
            "-Xlog:disable",
            "-Xlog:all=off");

    /** Makes the archive of classes that the many short-lived JVMs share; without it they only start more slowly. */
    static StandInCommand prepare(RehearsalHub.Options options) {
        List<String> java = new ArrayList<>();
        java.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        java.addAll(SMALL);
        Path archive = options.directory().resolve(ARCHIVE);
        if (train(java, archive)) {
            java.add("-XX:SharedArchiveFile=" + archive);
        }
        java.addAll(List.of("-cp", classPath(), MAIN));
        return new StandInCommand(
                List.copyOf(java),
                Map.of("REHEARSAL_TIME_SCALE", String.valueOf(options.scale().factor())));
    }

    /** With the real agent's flags. */
    List<String> agent() {
        List<String> command = new ArrayList<>(java);
        command.addAll(List.of(
                "agent",
                "--url",
                "{{service.url}}",
                "--infra-env-id",
                "{{infraEnv.id}}",
                "--agent-version",
                "{{service.agentImage}}",
                "--insecure={{service.insecure}}",
                "--with-journal-logging=false",
                "--with-stdout-logging=true",
                "--with-text-logging=false"));
        return command;
    }

    /** The real controller takes its environment only. */
    List<String> controller() {
        List<String> command = new ArrayList<>(java);
        command.add("controller");
        return command;
    }

    private static boolean train(List<String> java, Path archive) {
        List<String> command = new ArrayList<>(java);
        command.addAll(List.of("-XX:ArchiveClassesAtExit=" + archive, "-cp", classPath(), MAIN, "train"));
        if (Files.isDirectory(Path.of(origin(StandInMain.class)))) {
            // Run from a build's folder of classes: archives are made of jars only.
            return false;
        }
        try {
            Files.deleteIfExists(archive);
            Process training = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!training.waitFor(TRAINING_SECONDS, TimeUnit.SECONDS)) {
                training.destroyForcibly();
                log.warn("no class archive for stand-ins: the training took longer than {} s", TRAINING_SECONDS);
                return false;
            }
            if (training.exitValue() != 0 || !Files.exists(archive)) {
                log.warn("no class archive for stand-ins: the training ended with {}", training.exitValue());
                return false;
            }
            return true;
        } catch (IOException e) {
            log.warn("no class archive for stand-ins: {}", e.toString());
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Only what stand-ins need: a long class path would be repeated on the command line of every host. */
    private static String classPath() {
        return Stream.of(StandInMain.class, JsonFactory.class)
                .map(StandInCommand::origin)
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static String origin(Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toString();
        } catch (URISyntaxException e) {
            throw new IllegalStateException("the place of " + type + " is not a path", e);
        }
    }
}
