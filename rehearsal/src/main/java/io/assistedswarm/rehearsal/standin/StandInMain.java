package io.assistedswarm.rehearsal.standin;

import io.assistedswarm.agent.Agent;
import io.assistedswarm.agent.AgentSettings;
import io.assistedswarm.agent.AssistedService;
import io.assistedswarm.agent.Background;
import io.assistedswarm.agent.Controller;
import io.assistedswarm.agent.ControllerSettings;
import io.assistedswarm.agent.Installer;
import io.assistedswarm.agent.InstallerProcess;
import io.assistedswarm.agent.InstallerSettings;
import io.assistedswarm.agent.LogSender;
import io.assistedswarm.agent.LogSenderSettings;
import io.assistedswarm.agent.Retries;
import io.assistedswarm.agent.ScaledClock;
import io.assistedswarm.agent.ServiceClient;
import io.assistedswarm.agent.Speaker;
import io.assistedswarm.agent.TextLog;
import io.assistedswarm.agent.UsageException;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** {@code agent|installer|controller|logs_sender ARGS…}: one stand-in, as a process of its own. */
public final class StandInMain {
    private static final int CONTROLLER_LOG_CHARS = 64 * 1024;

    private StandInMain() {}

    /** Ends the process with the exit code of the real program. */
    public static void main(String[] args) throws InterruptedException {
        endWithParent(System.getenv());
        System.exit(run(args, System.getenv()));
    }

    private static int run(String[] args, Map<String, String> environment) throws InterruptedException {
        List<String> arguments = Arrays.asList(args).subList(Math.min(1, args.length), args.length);
        try {
            return switch (args.length == 0 ? "" : args[0]) {
                case "agent" -> agent(arguments, environment);
                case "installer" -> installer(arguments, environment);
                case "controller" -> controller(environment);
                case "logs_sender" -> logsSender(arguments, environment);
                case "train" -> Training.run();
                default -> throw new UsageException(2, "usage: agent|installer|controller|logs_sender|train ARGUMENTS");
            };
        } catch (UsageException e) {
            System.err.println(e.getMessage());
            return e.exitCode();
        }
    }

    private static int agent(List<String> arguments, Map<String, String> environment)
            throws UsageException, InterruptedException {
        AgentSettings settings = AgentSettings.of(arguments, environment);
        Speaker speaker = Speaker.of(settings.host(), environment);
        ScaledClock clock = ScaledClock.fromEnvironment(environment);
        TextLog log = new TextLog(settings.stdoutLogging() ? System.out : null);
        ServiceClient client =
                new ServiceClient(settings.service(), settings.token(), speaker, Retries.OF_AGENT, clock);
        Agent agent = new Agent(
                settings,
                new AssistedService(client),
                clock,
                log,
                Background.OF_PROCESS,
                installerArguments -> new InstallerProcess(ChildJvm.start("installer", installerArguments, speaker)));
        Runtime.getRuntime().addShutdownHook(new Thread(agent::leave));
        return agent.run();
    }

    private static int installer(List<String> arguments, Map<String, String> environment)
            throws UsageException, InterruptedException {
        InstallerSettings settings = InstallerSettings.of(arguments, environment);
        ScaledClock clock = ScaledClock.fromEnvironment(environment);
        ServiceClient client = new ServiceClient(
                settings.service(),
                settings.token(),
                Speaker.of(settings.host().host(), environment),
                Retries.OF_INSTALLER,
                clock);
        return new Installer(
                        settings, new AssistedService(client), clock, new TextLog(System.out), Background.OF_PROCESS)
                .run();
    }

    private static int controller(Map<String, String> environment) throws UsageException, InterruptedException {
        ControllerSettings settings = ControllerSettings.of(environment);
        ScaledClock clock = ScaledClock.fromEnvironment(environment);
        ServiceClient client = new ServiceClient(
                settings.service(),
                settings.token(),
                Speaker.of(settings.cluster(), environment),
                Retries.OF_CONTROLLER,
                clock);
        TextLog log = new TextLog(System.out, CONTROLLER_LOG_CHARS);
        return new Controller(settings, new AssistedService(client), clock, log, Background.OF_PROCESS).run();
    }

    private static int logsSender(List<String> arguments, Map<String, String> environment)
            throws UsageException, InterruptedException {
        LogSenderSettings settings = LogSenderSettings.of(arguments, environment);
        ScaledClock clock = ScaledClock.fromEnvironment(environment);
        TextLog log = new TextLog(System.out);
        ServiceClient client = new ServiceClient(
                settings.service(),
                settings.token(),
                Speaker.of(settings.host().host(), environment),
                Retries.OF_INSTALLER,
                clock);
        try {
            new LogSender(new AssistedService(client), log).send(settings.cluster(), settings.host());
            log.plain("Logs were sent");
            return 0;
        } catch (IOException e) {
            log.error(e.getMessage());
            return 1;
        }
    }

    /** An installer must not outlive its agent, not even one that was killed: its end closes our standard input. */
    private static void endWithParent(Map<String, String> environment) {
        if (!environment.containsKey(ChildJvm.TIED_VARIABLE)) {
            return;
        }
        Thread watch = new Thread(null, StandInMain::haltAtEndOfInput, "parent", 65_536);
        watch.setDaemon(true);
        watch.start();
    }

    private static void haltAtEndOfInput() {
        try {
            System.in.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            System.err.println("The agent's pipe broke: " + e.getMessage());
        }
        Runtime.getRuntime().halt(1);
    }
}
