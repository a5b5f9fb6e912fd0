package io.assistedswarm.worker.runtime.hollow;

import io.assistedswarm.agent.AssistedService;
import io.assistedswarm.agent.Background;
import io.assistedswarm.agent.Installation;
import io.assistedswarm.agent.Installer;
import io.assistedswarm.agent.InstallerSettings;
import io.assistedswarm.agent.ScaledClock;
import io.assistedswarm.agent.StepReply;
import io.assistedswarm.agent.TextLog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Consumer;

/** The installer of a hollow host: runs on the thread of its install step, and may be ended by itself. */
final class HollowInstaller implements Installation.Program, Background {
    static final String NAME = "installer";
    private static final int KILLED = 137;
    private static final int TERMINATED = 143;
    private final InstallerSettings settings;
    private final AssistedService service;
    private final ScaledClock clock;
    private final Background host;
    /** Guarded by this, as are the next two: whose interruption would end it. */
    private final List<Thread> threads = new ArrayList<>(2);

    private boolean running = true;
    private OptionalInt signalled = OptionalInt.empty();

    HollowInstaller(InstallerSettings settings, AssistedService service, ScaledClock clock, Background host) {
        this.settings = settings;
        this.service = service;
        this.clock = clock;
        this.host = host;
    }

    @Override
    public StepReply outcome(Consumer<String> lines) throws InterruptedException {
        StringBuilder output = new StringBuilder(1024);
        Consumer<String> both = line -> {
            lines.accept(line);
            synchronized (output) {
                output.append(line).append('\n');
            }
        };
        int exitCode;
        begin(Thread.currentThread());
        try {
            exitCode = new Installer(settings, service, clock, new TextLog(both, 0), this).run();
        } catch (InterruptedException e) {
            exitCode = signal().orElseThrow(() -> e);
        } finally {
            over(Thread.currentThread());
        }
        synchronized (output) {
            return new StepReply(output.toString(), "", exitCode);
        }
    }

    private synchronized void begin(Thread thread) {
        threads.add(thread);
        if (signalled.isPresent()) {
            thread.interrupt();
        }
    }

    /** What it does beside its course ends with it; the step's own thread goes on. */
    private synchronized void over(Thread own) {
        running = false;
        threads.remove(own);
        threads.forEach(Thread::interrupt);
        if (signalled.isPresent()) {
            Thread.interrupted();
        }
    }

    private synchronized OptionalInt signal() {
        return signalled;
    }

    @Override
    public synchronized Thread start(String name, Runnable work) {
        Thread thread = host.start(name, work);
        threads.add(thread);
        return thread;
    }

    private synchronized boolean signal(int status) {
        if (!running || signalled.isPresent()) {
            return false;
        }
        signalled = OptionalInt.of(status);
        threads.forEach(Thread::interrupt);
        return true;
    }

    /** @return whether it was running */
    boolean kill() {
        return signal(KILLED);
    }

    @Override
    public void end() {
        signal(TERMINATED);
    }

    @Override
    public void stop(Duration grace) {
        signal(TERMINATED);
    }
}
