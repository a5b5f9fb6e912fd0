package io.assistedswarm.coordinator.cli;

import io.assistedswarm.protocol.WorkerCommand.LogChunk;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "logs",
        description = "HOST: agent (or --controller) output, from whichever worker holds it",
        footer = {"%nExamples:", "  swarm logs night-0-2 -f", "  swarm logs night-0-0 --controller --tail 50"})
final class LogsCommand implements Callable<Integer> {
    private static final int CHUNK_BYTES = 512 << 10;

    private final Shell shell;

    @ParentCommand
    private Cli cli;

    @Parameters(index = "0", paramLabel = "HOST", description = "name of the host")
    private String host;

    @Option(
            names = {"-f", "--follow"},
            description = "goes on with what is added, until Ctrl-C")
    private boolean follow;

    @Option(names = "--controller", description = "the output of the controller of the host's cluster")
    private boolean controller;

    @Option(names = "--tail", paramLabel = "N", description = "only the last lines (of the last 512 KiB)")
    private Integer tail;

    LogsCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws InterruptedException {
        if (tail != null && tail < 0) {
            throw new CommandFailed(ExitCode.INVALID, "--tail " + tail + ": at least 0");
        }
        Coordinator coordinator = cli.coordinator();
        long offset = 0;
        if (tail != null) {
            LogChunk end = read(coordinator, -CHUNK_BYTES);
            List<String> lines = end.text().lines().toList();
            lines.stream().skip(Math.max(0, lines.size() - tail)).forEach(shell.out()::println);
            offset = end.nextOffset();
        }
        while (true) {
            LogChunk chunk = read(coordinator, offset);
            shell.out().print(chunk.text());
            shell.out().flush();
            boolean more = chunk.nextOffset() != offset;
            offset = chunk.nextOffset();
            if (!more && !follow) {
                return ExitCode.PASSED;
            }
            if (!more) {
                Thread.sleep(shell.interval());
            }
        }
    }

    private LogChunk read(Coordinator coordinator, long offset) {
        return coordinator.get(
                "/hosts/" + Coordinator.encoded(host) + "/log?controller=" + controller + "&offset=" + offset + "&max="
                        + CHUNK_BYTES,
                LogChunk.class);
    }
}
