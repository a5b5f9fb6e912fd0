package io.assistedswarm.coordinator.cli;

import io.assistedswarm.coordinator.report.EventPage;
import io.assistedswarm.coordinator.report.EventPage.Event;
import io.assistedswarm.coordinator.text.Table;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "events",
        description = "SWARM: what has happened to its clusters and hosts, in the order in which it was recorded",
        footer = {"%nExamples:", "  swarm events night -w", "  swarm events night --host night-0-2 -o json"})
final class EventsCommand implements Callable<Integer> {
    private final Shell shell;

    @ParentCommand
    private Cli cli;

    @Parameters(index = "0", paramLabel = "SWARM", description = "which one")
    private String swarm;

    @Option(names = "--cluster", paramLabel = "CLUSTER", description = "only of this cluster and its hosts")
    private String cluster;

    @Option(names = "--host", paramLabel = "HOST", description = "only of this host")
    private String host;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            description = "wide, json, yaml or name")
    private Output output;

    @Option(
            names = {"-w", "--watch"},
            description = "goes on with what happens, until Ctrl-C")
    private boolean watch;

    private boolean headed;

    EventsCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws InterruptedException {
        Coordinator coordinator = cli.coordinator();
        List<Event> whole = new ArrayList<>();
        boolean structured = output == Output.JSON || output == Output.YAML;
        String after = "";
        while (true) {
            EventPage page = coordinator.get(path(after), EventPage.class);
            after = page.next();
            if (structured && !watch) {
                whole.addAll(page.events());
            } else {
                print(page.events());
            }
            if (page.events().isEmpty()) {
                if (!watch) {
                    break;
                }
                shell.out().flush();
                Thread.sleep(shell.interval());
            }
        }
        if (structured) {
            shell.out().println(text(whole));
        } else if (!headed && output != Output.NAME) {
            shell.err().println("no events");
        }
        return ExitCode.PASSED;
    }

    private String path(String after) {
        return "/swarms/" + Coordinator.encoded(swarm) + "/events?after=" + Coordinator.encoded(after)
                + (cluster == null ? "" : "&cluster=" + Coordinator.encoded(cluster))
                + (host == null ? "" : "&host=" + Coordinator.encoded(host));
    }

    private void print(List<Event> events) {
        if (events.isEmpty()) {
            return;
        }
        if (output == Output.JSON || output == Output.YAML) {
            shell.out().println(text(events));
        } else if (output == Output.NAME) {
            events.forEach(event -> shell.out().println(event.name()));
        } else {
            boolean wide = output == Output.WIDE;
            List<String> header = new ArrayList<>(List.of("AT", "KIND", "NAME", "EVENT", "REASON", "MESSAGE"));
            if (wide) {
                header.add("BY");
            }
            Table table = Table.of(header);
            events.forEach(event -> table.add(row(event, wide)));
            table.lines().stream().skip(headed ? 1 : 0).forEach(shell.out()::println);
            headed = true;
        }
    }

    private static List<String> row(Event event, boolean wide) {
        List<String> row = new ArrayList<>(List.of(
                event.at().truncatedTo(ChronoUnit.MILLIS).toString(),
                event.kind(),
                event.name(),
                event.what(),
                event.reason(),
                event.message().replaceAll("\\s+", " ").strip()));
        if (wide) {
            row.add(event.by());
        }
        return row;
    }

    private String text(List<Event> events) {
        return output == Output.JSON ? Output.json(events) : Output.yaml(events);
    }
}
