package io.assistedswarm.coordinator.cli;

import io.assistedswarm.coordinator.text.Table;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "get",
        description = "swarms|clusters|hosts|workers [NAME]: a table",
        footer = {
            "%nExamples:",
            "  swarm get swarms",
            "  swarm get hosts --cluster night-0 -o wide",
            "  swarm get clusters -w"
        })
final class GetCommand implements Callable<Integer> {
    private final Shell shell;

    @ParentCommand
    private Cli cli;

    @Parameters(index = "0", paramLabel = "KIND", description = "swarms, clusters, hosts or workers; also sw, cl, h, w")
    private String kind;

    @Parameters(index = "1", arity = "0..1", paramLabel = "NAME", description = "only this one")
    private String name;

    @Option(names = "--swarm", paramLabel = "SWARM", description = "only what belongs to this swarm")
    private String swarm;

    @Option(names = "--cluster", paramLabel = "CLUSTER", description = "only the hosts of this cluster")
    private String cluster;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            description = "wide, json, yaml or name")
    private Output output;

    @Option(
            names = {"-w", "--watch"},
            description = "goes on and prints what changes, until Ctrl-C")
    private boolean watch;

    GetCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws InterruptedException {
        Kind what = Kind.parse(kind);
        if (cluster != null && what != Kind.HOST) {
            throw new CommandFailed(ExitCode.INVALID, "--cluster goes with hosts only; leave it out");
        }
        if (swarm != null && (what == Kind.SWARM || what == Kind.WORKER)) {
            throw new CommandFailed(ExitCode.INVALID, "--swarm goes with clusters and hosts only; leave it out");
        }
        show(Rows.of(what), cli.coordinator());
        return ExitCode.PASSED;
    }

    private <T> void show(Rows<T> rows, Coordinator coordinator) throws InterruptedException {
        List<T> views = views(rows, coordinator);
        print(rows, views, true);
        Map<String, T> shown = new HashMap<>();
        views.forEach(view -> shown.put(rows.name(view), view));
        while (watch) {
            shell.out().flush();
            Thread.sleep(shell.interval());
            List<T> changed = views(rows, coordinator).stream()
                    .filter(view -> !view.equals(shown.put(rows.name(view), view)))
                    .toList();
            print(rows, changed, false);
        }
    }

    private <T> List<T> views(Rows<T> rows, Coordinator coordinator) {
        if (name != null) {
            return List.of(coordinator.get("/" + rows.kind().plural() + "/" + Coordinator.encoded(name), rows.type()));
        }
        List<T> views = new ArrayList<>(coordinator.list("/" + rows.kind().plural() + query(), rows.type()));
        views.sort(Comparator.comparing(rows::name, Rows.byName()));
        return views;
    }

    private String query() {
        List<String> filters = new ArrayList<>();
        if (swarm != null) {
            filters.add("swarm=" + Coordinator.encoded(swarm));
        }
        if (cluster != null) {
            filters.add("cluster=" + Coordinator.encoded(cluster));
        }
        return filters.isEmpty() ? "" : "?" + String.join("&", filters);
    }

    private <T> void print(Rows<T> rows, List<T> views, boolean first) {
        if (output == Output.JSON || output == Output.YAML) {
            if (first || !views.isEmpty()) {
                Object value = name != null ? views.getFirst() : views;
                shell.out().println(output == Output.JSON ? Output.json(value) : Output.yaml(value));
            }
        } else if (output == Output.NAME) {
            views.forEach(view -> shell.out().println(rows.name(view)));
        } else {
            table(rows, views, first);
        }
    }

    private <T> void table(Rows<T> rows, List<T> views, boolean first) {
        if (first && views.isEmpty()) {
            shell.err().println("no " + rows.kind().plural());
            return;
        }
        Table table = Table.of(rows.header(output == Output.WIDE));
        views.forEach(view ->
                table.add(rows.row(view, output == Output.WIDE, shell.clock().instant())));
        table.lines().stream().skip(first ? 0 : 1).forEach(shell.out()::println);
    }
}
