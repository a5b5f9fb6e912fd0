package io.assistedswarm.agent;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** The agent: registers until it is taken, then runs the steps until the fake reboot (reference, section 2.2). */
public final class Agent {
    /** Without a word from the service, this long after a runner that failed. */
    private static final Duration RETRY_DEFAULT = Duration.ofHours(1);

    /** The real agent may leave before the install step is answered; four of five recorded hosts did answer. */
    private static final Duration LAST_REPLY_GRACE = Duration.ofSeconds(2);

    /** Why the next-step runner is over. */
    private enum RunnerEnd {
        REBOOTED,
        TOLD,
        FAILED
    }

    /**
     * The next-step runner as a registration asks for it.
     *
     * @param steps empty if the registration has no usable command
     * @param retrySeconds after a failure; 0 if the service does not say
     */
    private record Runner(Optional<StepLoop> steps, long retrySeconds) {}

    private final AgentSettings settings;
    private final AssistedService service;
    private final ScaledClock clock;
    private final TextLog log;
    private final Background background;
    private final Installation installation;

    public Agent(
            AgentSettings settings,
            AssistedService service,
            ScaledClock clock,
            TextLog log,
            Background background,
            Installation.Launcher installerLauncher) {
        this.settings = settings;
        this.service = service;
        this.clock = clock;
        this.log = log;
        this.background = background;
        this.installation = new Installation(installerLauncher, log);
    }

    /** @return the exit code, once the host has rebooted */
    public int run() throws InterruptedException {
        while (true) {
            // A host waits here for hours: of the reply it keeps what it needs, and no more.
            Runner runner = background.aside("registration", () -> runner(register()));
            RunnerEnd end = follow(runner.steps());
            if (end == RunnerEnd.REBOOTED) {
                log.info("Host " + settings.host() + " has rebooted, leaving");
                return 0;
            }
            if (end == RunnerEnd.TOLD) {
                continue;
            }
            log.warning("Next step runner failed, registering again later");
            if (runner.retrySeconds() > 0) {
                clock.sleepUnscaled(Duration.ofSeconds(runner.retrySeconds()));
            } else {
                clock.sleep(RETRY_DEFAULT);
            }
        }
    }

    /** What the end of the process does, for a test whose process goes on. */
    public void leave() {
        installation.leave();
    }

    private Object register() throws InterruptedException {
        while (true) {
            try {
                log.info("Registering host " + settings.host());
                ServiceReply reply = service.register(settings.infraEnv(), settings.host(), settings.agentVersion());
                if (reply.isSuccess()) {
                    return reply.json();
                }
                log.warning("Error registering host: " + reply.problem());
                switch (reply.status()) {
                    case 401, 403, 404, 409 -> {
                        log.warning("Host will stop trying to register");
                        clock.sleepForever();
                    }
                    default -> service.startAnew();
                }
            } catch (IOException e) {
                log.warning("Error registering host: " + e.getMessage());
            }
            clock.sleep(settings.interval());
        }
    }

    private Runner runner(Object registration) {
        long retrySeconds = Json.numberAt(registration, 0, "next_step_runner_command", "retry_seconds");
        try {
            return new Runner(
                    Optional.of(StepLoop.of(registration, settings, service, clock, log, background, installation)),
                    retrySeconds);
        } catch (IOException e) {
            log.error("Next step runner has no usable command: " + e.getMessage());
            return new Runner(Optional.empty(), retrySeconds);
        }
    }

    private RunnerEnd follow(Optional<StepLoop> runner) throws InterruptedException {
        if (runner.isEmpty()) {
            return RunnerEnd.FAILED;
        }
        StepLoop steps = runner.get();
        background.start("steps", steps);
        if (settings.obeysExit() && wasToldFirst(steps)) {
            log.info("Host " + settings.host() + " was told to leave, registering again");
            return RunnerEnd.TOLD;
        }
        // In dry mode only the marker ends the runner: a loop that ended before it leaves the process waiting.
        settings.marker().await(clock);
        installation.awaitReply(LAST_REPLY_GRACE);
        return RunnerEnd.REBOOTED;
    }

    /** Waits for the first of two: the service's word to leave, and the fake reboot. */
    private boolean wasToldFirst(StepLoop steps) throws InterruptedException {
        while (!settings.marker().isMade()) {
            if (steps.wasTold()) {
                return true;
            }
            clock.sleep(Marker.LOOK);
        }
        return false;
    }
}
