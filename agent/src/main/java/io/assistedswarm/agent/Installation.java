package io.assistedswarm.agent;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** The one installer that an agent ever starts, and its end. */
public final class Installation {
    /** An installer that has been started. */
    public interface Program {
        /**
         * Follows it to its end.
         *
         * @param lines gets each line of its output
         */
        StepReply outcome(Consumer<String> lines) throws IOException, InterruptedException;

        /** Tells it to end, if it has not yet. */
        void end();

        /** Tells it to end, if it has not yet, and ends it by force after the grace. */
        void stop(Duration grace) throws InterruptedException;
    }

    /** Starts the installer with these arguments. */
    public interface Launcher {
        Program start(List<String> arguments) throws IOException;
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
    private volatile Program program;

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
            Program installer = launcher.start(arguments);
            program = installer;
            StepReply outcome = installer.outcome(log::plain);
            if (outcome.exitCode() > SIGNALLED) {
                leaving.await(SIGNAL_SPREAD.toMillis(), TimeUnit.MILLISECONDS);
            }
            return outcome;
        } catch (IOException e) {
            return new StepReply("", "The installer could not be run: " + e.getMessage(), 2);
        }
    }

    /** The agent is going: ends the installer if there is one. */
    void leave() {
        leaving.countDown();
        Program installer = program;
        if (installer != null) {
            installer.end();
        }
    }

    /** The agent is on its way out and ends the installer itself: the real one is gone by then and answers nothing. */
    boolean isLeft() {
        return leaving.getCount() == 0;
    }

    /** Ends the installer if it runs; as podman stop does, by force after 5 s. */
    StepReply stop(ScaledClock clock) throws InterruptedException {
        Program installer = program;
        if (installer != null) {
            installer.stop(clock.scaled(STOP_GRACE));
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
