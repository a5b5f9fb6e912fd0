package io.assistedswarm.agent;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Asks for steps, runs each on a thread of its own and posts what is new (reference, section 2.5). */
final class StepLoop implements Runnable {
    private static final Duration REPLY_VALIDITY = Duration.ofHours(1);
    /** What an answer says about the next one: while that is waited for the steps are forgotten. */
    private record Next(boolean exit, long seconds) {}

    private final HostAddress host;
    private final String agentVersion;
    private final AssistedService service;
    private final ScaledClock clock;
    private final TextLog log;
    private final Background background;
    private final Installation installation;
    private final StepAnswers answers;
    private final InstallCommand installCommand;
    private final ReplyCache posted;
    private volatile boolean ended;

    private StepLoop(
            HostAddress host,
            String agentVersion,
            AgentSettings settings,
            AssistedService service,
            ScaledClock clock,
            TextLog log,
            Background background,
            Installation installation) {
        this.host = host;
        this.agentVersion = agentVersion;
        this.service = service;
        this.clock = clock;
        this.log = log;
        this.background = background;
        this.installation = installation;
        this.answers = new StepAnswers(
                new Inventory(settings.hostname(), settings.mac(), settings.ipv4(), settings.hardware()),
                settings.namesResolveTo());
        this.installCommand = new InstallCommand(settings.service(), agentVersion);
        this.posted = new ReplyCache(clock.scaled(REPLY_VALIDITY));
    }

    /**
     * The loop that a registration asks for: ids and image are those of the reply, not the agent's own.
     *
     * @throws IOException if the reply names no runner
     */
    static StepLoop of(
            Object registration,
            AgentSettings settings,
            AssistedService service,
            ScaledClock clock,
            TextLog log,
            Background background,
            Installation installation)
            throws IOException {
        List<?> args = Json.listAt(registration, "next_step_runner_command", "args");
        if (args.isEmpty()) {
            throw new IOException("the registration reply names no next_step_runner_command");
        }
        Object request = Json.parse(args.get(0).toString());
        HostAddress host = new HostAddress(Json.textAt(request, "infra_env_id"), Json.textAt(request, "host_id"));
        String agentVersion = Json.textAt(request, "agent_version");
        if (host.infraEnv().isEmpty() || host.host().isEmpty() || agentVersion.isEmpty()) {
            throw new IOException("next_step_runner_command lacks one of infra_env_id, host_id, agent_version");
        }
        return new StepLoop(host, agentVersion, settings, service, clock, log, background, installation);
    }

    /** Whether the service ended it: by the action after its steps, or by an upgrade of the agent. */
    boolean wasTold() {
        return ended;
    }

    @Override
    public void run() {
        try {
            while (!ended) {
                Next next = background.aside("poll", this::pollUntilAnswered);
                if (next == null) {
                    log.error("Step processing failed, will exit");
                    return;
                }
                ended |= next.exit();
                if (!ended) {
                    clock.sleepUnscaled(Duration.ofSeconds(next.seconds()));
                }
            }
            log.info("Step processing has ended");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Next pollUntilAnswered() throws InterruptedException {
        Backoff backoff = new Backoff();
        while (true) {
            String problem;
            try {
                return poll();
            } catch (IOException e) {
                problem = e.getMessage();
            }
            posted.forget();
            Duration pause = backoff.next();
            if (pause == null) {
                return null;
            }
            log.error("Step processing failed, will try again in " + pause.toMillis() + " ms: " + problem);
            clock.sleep(pause);
        }
    }

    /** @throws IOException if there are no steps to be had, which is a reason to ask again */
    private Next poll() throws IOException, InterruptedException {
        service.startAnew();
        String requestId = RequestId.next();
        log.info("Query for next steps", requestId);
        ServiceReply reply = service.instructions(host, agentVersion, requestId);
        if (reply.status() == 404) {
            log.error("infra-env " + host.infraEnv() + " or its host was not found, will freeze: " + reply.problem());
            clock.sleepForever();
        }
        if (!reply.isSuccess()) {
            throw new IOException("could not query next steps: " + reply.problem());
        }
        Object steps = reply.json();
        for (Object step : Json.listAt(steps, "instructions")) {
            start(step, requestId);
        }
        return new Next(
                Json.textAt(steps, "post_step_action").equals("exit"),
                Json.numberAt(steps, 60, "next_instruction_seconds"));
    }

    private void start(Object step, String requestId) {
        String stepType = Json.textAt(step, "step_type");
        String stepId = Json.textAt(step, "step_id");
        List<String> args = new ArrayList<>();
        for (Object arg : Json.listAt(step, "args")) {
            args.add(String.valueOf(arg));
        }
        background.start(stepId, () -> handle(stepType, stepId, args, requestId));
    }

    private void handle(String stepType, String stepId, List<String> args, String requestId) {
        try {
            log.info("Executing step " + stepId, requestId);
            StepReply reply = reply(stepType, args);
            if (installation.isLeft()) {
                log.info("Leaving: step " + stepId + " is not answered", requestId);
            } else if (reply.exitCode() == 0 && posted.isKnown(stepType, reply.output())) {
                log.info("Result for " + stepType + " already exists in assisted service", requestId);
            } else {
                post(stepType, stepId, reply, requestId);
            }
            if (stepType.equals("upgrade-agent") && reply.exitCode() == 0) {
                ended = true;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            if (stepType.equals("install")) {
                installation.replied();
            }
        }
    }

    private StepReply reply(String stepType, List<String> args) throws InterruptedException {
        return switch (stepType) {
            case "install" -> install(args);
            case "stop-installation" -> installation.stop(clock);
            case "logs-gather" -> gatherLogs(args);
            default -> answers.answer(stepType, args);
        };
    }

    private StepReply install(List<String> args) throws InterruptedException {
        try {
            return installation.run(installCommand.arguments(args));
        } catch (IllegalArgumentException e) {
            return StepReply.refused(e.getMessage());
        }
    }

    private StepReply gatherLogs(List<String> args) throws InterruptedException {
        try {
            Object request = Json.parse(args.isEmpty() ? "" : args.get(0));
            new LogSender(service, log).send(Json.textAt(request, "cluster_id"), host);
            return StepReply.ok("Logs were sent\n");
        } catch (IOException e) {
            return StepReply.refused("Logs could not be sent: " + e.getMessage());
        }
    }

    private void post(String stepType, String stepId, StepReply reply, String requestId) throws InterruptedException {
        String summary = "Sending step <" + stepId + "> reply with "
                + reply.output().length() + " characters of output, exit-code <" + reply.exitCode() + ">";
        if (reply.exitCode() == 0) {
            log.info(summary, requestId);
        } else {
            log.warning(summary + ": " + reply.error());
        }
        try {
            ServiceReply answer = service.postStepReply(host, reply.body(stepType, stepId), agentVersion, requestId);
            if (!answer.isSuccess()) {
                log.warning("Error posting step reply: " + answer.problem());
            } else if (reply.exitCode() == 0) {
                posted.posted(stepType, reply.output());
            }
        } catch (IOException e) {
            log.warning("Error posting step reply: " + e.getMessage());
        }
    }
}
