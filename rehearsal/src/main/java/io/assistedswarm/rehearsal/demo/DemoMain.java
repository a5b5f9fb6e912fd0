package io.assistedswarm.rehearsal.demo;

import io.assistedswarm.rehearsal.RoleLine;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs the main job on one machine: rehearsal hub, coordinator and workers as JVMs of their own, a plan, its report, the clean-up. */
@Command(
        name = "swarm demo",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Runs a plan on the rehearsal hub: hub, coordinator and workers as separate JVMs, live progress, report, clean-up.",
            "Exit code: 0 passed, 1 could not run, 2 wrong usage or invalid plan, 3 the verdict is \"failed\" or two",
            "processes spoke for one host, 130 interrupted."
        })
public final class DemoMain implements Callable<Integer> {
    private static final String SWARM = "demo";
    private static final int FAILED = 3;
    /** As a shell reports what SIGINT ended. */
    private static final int INTERRUPTED = 130;

    private final PrintStream out;
    private final Path home;

    @Parameters(paramLabel = "PLAN", arity = "0..1", description = "plan file (default: conf/plans/quickstart.yaml)")
    private Path plan;

    @Option(
            names = "--workers",
            paramLabel = "N",
            defaultValue = "2",
            description = "number of workers (${DEFAULT-VALUE})")
    private int workers;

    @Option(
            names = "--capacity",
            paramLabel = "N",
            defaultValue = "40",
            description = "hosts that each worker may hold at one time (${DEFAULT-VALUE})")
    private int capacity;

    @Option(
            names = "--runtime",
            paramLabel = "exec|hollow",
            defaultValue = "exec",
            description = "a process for each host, or hosts within the workers (${DEFAULT-VALUE})")
    private Stage.HostRuntime runtime;

    @Option(
            names = "--time-scale",
            paramLabel = "X",
            defaultValue = "20",
            description = "how many times faster than the real service the hub's intervals pass (${DEFAULT-VALUE})")
    private double timeScale;

    @Option(
            names = "--results",
            paramLabel = "DIR",
            defaultValue = "results",
            description = "where the report's folder is written (${DEFAULT-VALUE})")
    private Path results;

    @Option(names = "--keep", description = "when the plan has ended leave everything running until Ctrl-C")
    private boolean keep;

    DemoMain(PrintStream out, Path home) {
        this.out = out;
        this.home = home;
    }

    public static void main(String[] arguments) {
        System.exit(execute(arguments));
    }

    /** @return the exit code, once all is cleaned up */
    public static int execute(String... arguments) {
        Path home = Path.of(System.getProperty("swarm.home", "."));
        CommandLine commandLine = RoleLine.of(new DemoMain(System.out, home)).setCaseInsensitiveEnumValuesAllowed(true);
        commandLine.setExecutionExceptionHandler((failure, line, parsed) -> {
            if (failure instanceof DemoFailure || failure instanceof IOException) {
                System.err.println("swarm demo: " + failure.getMessage());
                return 1;
            }
            throw failure;
        });
        return commandLine.execute(arguments);
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path planFile = plan == null ? home.resolve("conf/plans/quickstart.yaml") : plan;
        if (!usable(planFile)) {
            return 2;
        }
        Stage stage = new Stage(home.resolve("swarm"), out);
        Thread onInterrupt = new Thread(() -> close(stage), "stop-demo");
        Runtime.getRuntime().addShutdownHook(onInterrupt);
        try {
            return play(stage, planFile);
        } finally {
            stage.close();
        }
    }

    /** What fails once the stage is closed fails for that: roles and clients end, and do not answer any more. */
    int play(Stage stage, Path planFile) throws IOException, InterruptedException {
        try {
            int verdict = submit(stage, planFile);
            return stage.isClosed() ? INTERRUPTED : verdict;
        } catch (IOException | DemoFailure e) {
            if (stage.isClosed()) {
                return INTERRUPTED;
            }
            throw e;
        }
    }

    private int submit(Stage stage, Path planFile) throws IOException, InterruptedException {
        stage.startHub(timeScale);
        stage.startCoordinator();
        stage.startWorkers(workers, capacity);
        int verdict = stage.client(submission(planFile, stage));
        if (keep && !stage.isClosed()) {
            out.printf(
                    "%nEverything goes on running; Ctrl-C ends it. To look at it from another terminal:%n  %s%n",
                    stage.exports());
            stage.awaitTrouble();
        }
        int deletion = verdict == 0 || verdict == FAILED ? stage.client(List.of("delete", SWARM)) : 0;
        int doubles = stage.doubles();
        return verdict != 0 ? verdict : doubles > 0 ? FAILED : deletion;
    }

    private boolean usable(Path planFile) {
        List<String> problems = new ArrayList<>();
        if (!Files.isReadable(planFile)) {
            problems.add("cannot read the plan " + planFile);
        }
        if (workers < 1) {
            problems.add("--workers " + workers + ": at least 1");
        }
        if (capacity < 1) {
            problems.add("--capacity " + capacity + ": at least 1");
        }
        if (!(timeScale > 0 && timeScale <= 1000)) {
            problems.add("--time-scale " + timeScale + ": more than 0, at most 1000");
        }
        problems.forEach(problem -> System.err.println("swarm demo: " + problem));
        return problems.isEmpty();
    }

    private List<String> submission(Path planFile, Stage stage) {
        return List.of(
                "submit",
                planFile.toString(),
                "--service-config",
                stage.serviceConfig(runtime).toString(),
                "--name",
                SWARM,
                "--wait",
                "--results",
                results.toString());
    }

    private static void close(Stage stage) {
        try {
            stage.close();
        } catch (IOException | InterruptedException e) {
            System.err.println("swarm demo: clean-up was not complete: " + e);
        }
    }
}
