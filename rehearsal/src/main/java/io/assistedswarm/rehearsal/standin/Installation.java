package io.assistedswarm.rehearsal.standin;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** The one installer process that an agent ever starts, and its end. */
final class Installation {
    /** Starts the installer with these arguments. */
    interface Launcher {
        Process start(List<String> arguments) throws IOException;
    }

    private static final int NAME_IN_USE = 125;
    /** From here on a status says that a signal ended the installer. */
    private static final int SIGNALLED = 128;

    /** A signal to the process group may reach the installer before it makes the agent leave. */
    private static final Duration SIGNAL_SPREAD = Duration.ofMillis(500);

    private static final Duration STOP_GRACE = Duration.ofSeconds(5);
    private final Launcher launcher;
    private final TextLog log;
    private final AtomicBoolean started = new AtomicBoolean();
    private final CountDownLatch replied = new CountDownLatch(1);
    private final CountDownLatch leaving = new CountDownLatch(1);
    private volatile Process process;

    Installation(Launcher launcher, TextLog log) {
        this.launcher = launcher;
        this.log = log;
    }

    /** Runs the installer to its end. A second one is refused as podman refuses a container name that is taken. */
    StepReply run(List<String> arguments) throws InterruptedException {
        if (!started.compareAndSet(false, true)) {
            return new StepReply(
                    "",
                    "Error: creating container storage: the container name \"assisted-installer\" is already in use",
                    NAME_IN_USE);
        }
        try {
            Process installer = launcher.start(arguments);
            process = installer;
            Runtime.getRuntime().addShutdownHook(new Thread(this::leave));
            return outcome(installer);
        } catch (IOException e) {
            return new StepReply("", "The installer could not be run: " + e.getMessage(), 2);
        }
    }

    private StepReply outcome(Process installer) throws IOException, InterruptedException {
        StringBuilder errors = new StringBuilder();
        Thread errorReader =
                new Thread(null, () -> drain(installer.getErrorStream(), errors), "installer-errors", 131_072);
        errorReader.setDaemon(true);
        errorReader.start();
        StringBuilder output = new StringBuilder();
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(installer.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                log.plain(line);
                output.append(line).append('\n');
            }
        }
        int exitCode = installer.waitFor();
        errorReader.join();
        if (exitCode > SIGNALLED) {
            leaving.await(SIGNAL_SPREAD.toMillis(), TimeUnit.MILLISECONDS);
        }
        return new StepReply(output.toString(), errors.toString(), exitCode);
    }

    /** The agent is going: ends the installer if there is one. */
    void leave() {
        leaving.countDown();
        Process installer = process;
        if (installer != null) {
            installer.destroy();
        }
    }

    /** The agent is on its way out and ends the installer itself: the real one is gone by then and answers nothing. */
    boolean isLeft() {
        return leaving.getCount() == 0;
    }

    private static void drain(InputStream stream, StringBuilder to) {
        try (stream) {
            to.append(Bytes.utf8(stream.readAllBytes()));
        } catch (IOException e) {
            to.append(e.getMessage());
        }
    }

    /** Ends the installer if it runs; as podman stop does, by force after 5 s. */
    StepReply stop(ScaledClock clock) throws InterruptedException {
        Process installer = process;
        if (installer != null && installer.isAlive()) {
            installer.destroy();
            if (!installer.waitFor(clock.scaled(STOP_GRACE).toMillis(), TimeUnit.MILLISECONDS)) {
                installer.destroyForcibly();
            }
        }
        return StepReply.ok("");
    }

    /** Tells that the reply to the install step is on its way or given up. */
    void replied() {
        replied.countDown();
    }

    /** Waits for the reply, if there is one to come. */
    void awaitReply(Duration atMost) throws InterruptedException {
        if (started.get() && !replied.await(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
            log.warning("Leaving before the install step was answered");
        }
    }
}
