package io.assistedswarm.coordinator.cli;

import io.assistedswarm.coordinator.api.Views.WorkerView;
import io.assistedswarm.coordinator.text.Ages;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** The verbs that take a worker out of use and back. */
final class DrainCommands {
    private static final Duration POLL = Duration.ofSeconds(1);

    private DrainCommands() {}

    @Command(
            name = "drain",
            description = "WORKER: no new places there; waits for what runs, or moves it",
            footer = {
                "%nHosts that the service is installing stay until they have rebooted; all others can go on elsewhere.",
                "Example:",
                "  swarm drain w3 --move-after 15m --wait --timeout 1h"
            })
    static final class Drain implements Callable<Integer> {
        private final Shell shell;

        @ParentCommand
        private Cli cli;

        @Parameters(index = "0", paramLabel = "WORKER", description = "name of the worker")
        private String worker;

        @Option(
                names = "--move-after",
                paramLabel = "DURATION",
                converter = DurationConverter.class,
                description = "moves to other workers what has not ended after so long, 0s for at once (never)")
        private Duration moveAfter;

        @Option(names = "--wait", description = "until nothing is left there")
        private boolean wait;

        @Option(
                names = "--timeout",
                paramLabel = "DURATION",
                converter = DurationConverter.class,
                description = "of --wait (none)")
        private Duration timeout;

        Drain(Shell shell) {
            this.shell = shell;
        }

        @Override
        public Integer call() throws InterruptedException {
            String path = "/workers/" + Coordinator.encoded(worker);
            String query = moveAfter == null ? "" : "?moveAfterSeconds=" + moveAfter.toSeconds();
            Coordinator coordinator = cli.coordinator();
            WorkerView view = coordinator.post(path + "/drain" + query, Optional.empty(), WorkerView.class);
            long end = timeout == null ? Long.MAX_VALUE : System.nanoTime() + timeout.toNanos();
            while (wait && !view.state().equals("drained")) {
                if (System.nanoTime() >= end) {
                    throw new CommandFailed(
                            ExitCode.TIMED_OUT,
                            "after " + Ages.of(timeout) + " worker " + worker + " still has " + view.used()
                                    + " hosts; 'swarm get hosts -o wide' says which");
                }
                Thread.sleep(POLL);
                view = coordinator.get(path, WorkerView.class);
            }
            print(shell, view);
            return ExitCode.PASSED;
        }
    }

    @Command(name = "uncordon", description = "WORKER: it gets places again after a drain")
    static final class Uncordon implements Callable<Integer> {
        private final Shell shell;

        @ParentCommand
        private Cli cli;

        @Parameters(index = "0", paramLabel = "WORKER", description = "name of the worker")
        private String worker;

        Uncordon(Shell shell) {
            this.shell = shell;
        }

        @Override
        public Integer call() {
            print(
                    shell,
                    cli.coordinator()
                            .post(
                                    "/workers/" + Coordinator.encoded(worker) + "/uncordon",
                                    Optional.empty(),
                                    WorkerView.class));
            return ExitCode.PASSED;
        }
    }

    private static void print(Shell shell, WorkerView view) {
        shell.out()
                .println("worker " + view.name() + " is " + view.state() + ", " + view.used() + " of " + view.capacity()
                        + " places taken");
    }
}
