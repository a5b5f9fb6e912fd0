package io.assistedswarm.coordinator.cli;

import io.assistedswarm.coordinator.api.Views.SwarmView;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "scale",
        description = "SWARM [GROUP] --clusters N: gives a group of its plan more clusters, or fewer",
        footer = {
            "%nWhat is added comes after all others, at the swarm's pace. Only clusters that are not admitted yet are taken",
            "out; what is admitted goes on, and a number below that is refused.",
            "Examples:",
            "  swarm scale night --clusters 300",
            "  swarm scale night 1 --clusters 20"
        })
final class ScaleCommand implements Callable<Integer> {
    private final Shell shell;

    @ParentCommand
    private Cli cli;

    @Parameters(index = "0", paramLabel = "SWARM", description = "name of the swarm")
    private String swarm;

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "GROUP",
            description = "which of the plan's clusters, from 0; needed when there are several")
    private Integer group;

    @Option(names = "--clusters", required = true, paramLabel = "N", description = "how many the group is to have")
    private int clusters;

    ScaleCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        String query = "?clusters=" + clusters + (group == null ? "" : "&group=" + group);
        SwarmView view = cli.coordinator()
                .post("/swarms/" + Coordinator.encoded(swarm) + "/scale" + query, Optional.empty(), SwarmView.class);
        shell.out()
                .println("swarm " + view.id() + " has " + view.clusterCount()
                        + " clusters, those that were taken out included");
        return ExitCode.PASSED;
    }
}
