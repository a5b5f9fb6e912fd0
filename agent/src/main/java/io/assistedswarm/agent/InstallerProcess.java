package io.assistedswarm.agent;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** The installer as a process of its own. */
public record InstallerProcess(Process process) implements Installation.Program {
    @Override
    public StepReply outcome(Consumer<String> lines) throws IOException, InterruptedException {
        StringBuilder errors = new StringBuilder();
        Thread errorReader = Background.OF_PROCESS.start("installer-errors", () -> drain(errors));
        StringBuilder output = new StringBuilder();
        try (BufferedReader reader =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                lines.accept(line);
                output.append(line).append('\n');
            }
        }
        int exitCode = process.waitFor();
        errorReader.join();
        return new StepReply(output.toString(), errors.toString(), exitCode);
    }

    @Override
    public void end() {
        process.destroy();
    }

    @Override
    public void stop(Duration grace) throws InterruptedException {
        if (process.isAlive()) {
            process.destroy();
            if (!process.waitFor(grace.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
            }
        }
    }

    private void drain(StringBuilder to) {
        try (InputStream stream = process.getErrorStream()) {
            to.append(Bytes.utf8(stream.readAllBytes()));
        } catch (IOException e) {
            to.append(e.getMessage());
        }
    }
}
