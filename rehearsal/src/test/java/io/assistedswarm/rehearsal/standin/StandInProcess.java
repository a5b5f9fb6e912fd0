package io.assistedswarm.rehearsal.standin;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** One stand-in as a real process, with nothing in its environment but what it is given. */
final class StandInProcess implements AutoCloseable {
    private final Process process;
    private final Path output;

    private StandInProcess(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    static StandInProcess start(Path directory, Map<String, String> environment, String program, List<String> arguments)
            throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx16m",
                "-cp",
                StandInJvm.classPath(),
                StandInMain.class.getName(),
                program));
        command.addAll(arguments);
        Path output = Files.createTempFile(directory, program, ".log");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        return new StandInProcess(builder.start(), output);
    }

    ProcessHandle handle() {
        return process.toHandle();
    }

    /** @return the exit code; fails with the output if there is none in time */
    int exitCode() throws IOException, InterruptedException {
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            throw new AssertionError("still running after 60 s:\n" + output());
        }
        return process.exitValue();
    }

    String output() throws IOException {
        return Files.readString(output);
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }
}
