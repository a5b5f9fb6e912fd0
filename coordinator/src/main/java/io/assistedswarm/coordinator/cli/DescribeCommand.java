package io.assistedswarm.coordinator.cli;

import io.assistedswarm.coordinator.api.Views.ClusterView;
import io.assistedswarm.coordinator.api.Views.DeletionView;
import io.assistedswarm.coordinator.api.Views.HostView;
import io.assistedswarm.coordinator.api.Views.HubTroubleView;
import io.assistedswarm.coordinator.api.Views.ObstacleView;
import io.assistedswarm.coordinator.api.Views.PollsView;
import io.assistedswarm.coordinator.api.Views.ServiceEventView;
import io.assistedswarm.coordinator.api.Views.ServiceEventsView;
import io.assistedswarm.coordinator.api.Views.SwarmView;
import io.assistedswarm.coordinator.api.Views.WorkerView;
import io.assistedswarm.coordinator.report.ReportText;
import io.assistedswarm.coordinator.report.Timeline;
import io.assistedswarm.coordinator.text.Ages;
import io.assistedswarm.coordinator.text.Counted;
import io.assistedswarm.coordinator.text.Phases;
import io.assistedswarm.coordinator.text.Table;
import io.assistedswarm.protocol.Description;
import io.assistedswarm.protocol.Failure;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "describe",
        description = "swarm|cluster|host|worker NAME: state, history, what it waits for and why",
        footer = {"%nExamples:", "  swarm describe host night-0-2", "  swarm describe cluster night-0"})
final class DescribeCommand implements Callable<Integer> {
    private static final int SERVICE_EVENTS = 15;

    private final Shell shell;

    @ParentCommand
    private Cli cli;

    @Parameters(index = "0", paramLabel = "KIND", description = "swarm, cluster, host or worker; also sw, cl, h, w")
    private String kind;

    @Parameters(index = "1", paramLabel = "NAME", description = "which one")
    private String name;

    DescribeCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        Coordinator coordinator = cli.coordinator();
        Kind what = Kind.parse(kind);
        String path = "/" + what.plural() + "/" + Coordinator.encoded(name);
        switch (what) {
            case SWARM -> swarm(coordinator, path);
            case CLUSTER -> cluster(coordinator, path);
            case HOST -> host(coordinator, path);
            case WORKER -> worker(coordinator, coordinator.get(path, WorkerView.class));
        }
        return ExitCode.PASSED;
    }

    private void swarm(Coordinator coordinator, String path) {
        SwarmView view = coordinator.get(path, SwarmView.class);
        field("Name", view.id());
        field("State", view.state().label());
        field("Verdict", view.verdict().label());
        field("Runtime", view.runtime());
        field("Submitted", at(view.submittedAt()));
        view.endedAt().ifPresent(ended -> field("Ended", at(ended)));
        field(
                "Clusters",
                view.clusterCount()
                        + (view.clusters().isEmpty() ? "" : ": " + Phases.counts(view.clusters()))
                        + Phases.replaced(view.replaced()));
        field("Hosts", view.hostCount() + (view.hosts().isEmpty() ? "" : ": " + Phases.counts(view.hosts())));
        field("Rate", String.format(Locale.ROOT, "%.1f clusters an hour", view.endsPerHour()));
        view.etaSeconds().ifPresent(eta -> field("ETA", "in " + Ages.of(Duration.ofSeconds(eta))));
        view.punctuality().ifPresent(punctuality -> field("Late", ReportText.line(punctuality)));
        field("Waiting", view.waiting());
        view.polls().ifPresent(polls -> field("Polls", polls(polls)));
        view.hub().forEach(trouble -> field("Hub", hub(trouble)));
        view.deletion().ifPresent(this::deletion);
        if (!view.state().isOver()) {
            obstacles(coordinator, path);
        }
    }

    private static String polls(PollsView polls) {
        return String.format(
                Locale.ROOT,
                "%d requests to the REST API since the coordinator's start, %.1f for each of %s",
                polls.requests(),
                (double) polls.requests() / polls.clusters(),
                Counted.of(polls.clusters(), "cluster"));
    }

    private String hub(HubTroubleView trouble) {
        return trouble.request() + " fails since " + at(trouble.since()) + ", " + trouble.attempts()
                + (trouble.attempts() == 1 ? " time" : " times in a row") + ": " + trouble.error()
                + trouble.nextTry()
                        .map(next -> "; next try " + (next.isAfter(shell.clock().instant()) ? at(next) : "now"))
                        .orElse("");
    }

    private void deletion(DeletionView deletion) {
        shell.out().println("Deletion:");
        Deletions.lines(deletion).forEach(line -> shell.out().println("  " + line));
    }

    private void cluster(Coordinator coordinator, String path) {
        ClusterView view = coordinator.get(path, ClusterView.class);
        field("Name", view.name());
        field("Swarm", view.swarm());
        field("User", view.user() == null ? "" : view.user());
        field("Phase", view.phase() + ", since " + at(view.since()));
        field("Hosts", view.hosts() + ", " + view.hostsAtEnd() + " at their end");
        field("Installed", view.percent() + "%");
        field("Workers", String.join(", ", view.workers()));
        view.replaces().ifPresent(lost -> field("Replaces", lost + ", which was lost"));
        view.replacedBy().ifPresent(fresh -> field("Replaced", "by " + fresh));
        failure(view.failure());
        obstacles(coordinator, path);
        description(coordinator, path);
        timeline(coordinator, path);
        serviceEvents(coordinator, path);
    }

    private void host(Coordinator coordinator, String path) {
        HostView view = coordinator.get(path, HostView.class);
        field("Name", view.name());
        field("Swarm", view.swarm());
        field("Cluster", view.cluster());
        field("Role", view.role());
        field("UUID", view.uuid());
        field("MAC", view.mac());
        field(
                "Installer",
                view.standInInstaller()
                        ? "a stand-in: the given one cannot play the bootstrap of several control planes"
                        : "");
        field("Worker", view.worker());
        field("Phase", view.phase() + ", since " + at(view.since()));
        failure(view.failure());
        obstacles(coordinator, path);
        description(coordinator, path);
        timeline(coordinator, path);
        serviceEvents(coordinator, path);
    }

    private void worker(Coordinator coordinator, WorkerView view) {
        field("Name", view.name());
        field("State", view.state() + ", since " + at(view.since()));
        field("Address", view.address());
        field("Version", view.version());
        field("Places", view.used() + " of " + view.capacity() + " taken");
        field("Processes", String.valueOf(view.processes()));
        field("Machine", view.cores() + " cores, " + Rows.mebibytes(view.memoryBytes()));
        field("Heap", Rows.mebibytes(view.heapUsedBytes()) + ", " + view.threads() + " threads");
        field("Requests", view.hubRequests() + " to the hub");
        if (view.disk().isKnown()) {
            field("Data disk", Rows.mebibytes(view.disk().freeBytes()) + " free");
        }
        if (!view.disk().trouble().isEmpty()) {
            field(
                    "Warning",
                    "its data folder cannot be written to: " + view.disk().trouble()
                            + "; logs of its processes are lost, and hosts may fail");
        }
        List<HostView> hosts = coordinator.list("/hosts", HostView.class).stream()
                .filter(host -> host.worker().equals(view.name()))
                .toList();
        Map<String, Integer> phases = new HashMap<>();
        hosts.forEach(host -> phases.merge(host.phase(), 1, Integer::sum));
        field("Hosts", hosts.size() + (phases.isEmpty() ? "" : ": " + Phases.counts(phases)));
    }

    /** In the words of the service's objects. A coordinator of an earlier version does not know. */
    private void obstacles(Coordinator coordinator, String path) {
        List<ObstacleView> obstacles;
        try {
            obstacles = coordinator.list(path + "/obstacles", ObstacleView.class);
        } catch (CommandFailed e) {
            field("Held up", e.getMessage());
            return;
        }
        if (!obstacles.isEmpty()) {
            shell.out().println("Held up by:");
            obstacles.forEach(obstacle -> ObstacleLines.of(obstacle, this::at)
                    .forEach(line -> shell.out().println("  " + line)));
        }
    }

    /** From the actor itself; what the record knows has been printed before, and stands when no actor answers. */
    private void description(Coordinator coordinator, String path) {
        Description description;
        try {
            description = coordinator.get(path + "/description", Description.class);
        } catch (CommandFailed e) {
            field("Actor", e.getMessage());
            return;
        }
        field("Generation", String.valueOf(description.generation()));
        field("Awaiting", description.awaiting());
        description.deadline().ifPresent(deadline -> field("Deadline", "fails " + at(deadline)));
        description
                .lastError()
                .ifPresent(error -> field(
                        "Last error", error.message() + " (" + at(error.at()) + ", attempt " + error.attempts() + ")"));
        description
                .process()
                .ifPresent(process -> field(
                        "Process",
                        (process.pid() == 0 ? "none of its own" : "pid " + process.pid()) + ", started "
                                + at(process.startedAt()) + ", restarts " + process.restarts() + ", log "
                                + process.logFile()));
        if (!description.history().isEmpty()) {
            shell.out().println("History:");
            description
                    .history()
                    .forEach(entry -> shell.out()
                            .println("  " + entry.at().truncatedTo(ChronoUnit.MILLIS) + "  " + entry.text()));
        }
    }

    /** From the record, by the coordinator's clock. */
    private void timeline(Coordinator coordinator, String path) {
        Timeline timeline;
        try {
            timeline = coordinator.get(path + "/timeline", Timeline.class);
        } catch (CommandFailed e) {
            field("Timeline", e.getMessage());
            return;
        }
        shell.out().println("Timeline:");
        Table table = Table.of(List.of("AT", "LASTED", "", ""));
        timeline.entries()
                .forEach(entry -> table.add(List.of(
                        entry.at().truncatedTo(ChronoUnit.MILLIS).toString(),
                        entry.lastedSeconds()
                                .map(seconds -> String.format(Locale.ROOT, "%.3f s", seconds))
                                .orElse(""),
                        entry.what(),
                        entry.means().replaceAll("\\s+", " ").strip())));
        table.lines().forEach(line -> shell.out().println("  " + line));
        if (!timeline.corrected().isEmpty()) {
            shell.out().println("  corrected, as clocks are off: " + timeline.corrected());
        }
    }

    /** The latest ones, in the service's own order of time. */
    private void serviceEvents(Coordinator coordinator, String path) {
        ServiceEventsView read;
        try {
            read = coordinator.get(path + "/service-events", ServiceEventsView.class);
        } catch (CommandFailed e) {
            field("Events", e.getMessage());
            return;
        }
        List<ServiceEventView> events = read.events();
        if (!events.isEmpty()) {
            shell.out()
                    .println("Events of the service, by its clock"
                            + (read.clock().isEmpty() ? "" : " (" + read.clock() + ")") + ":");
            Table table = Table.of(List.of("AT", "SEVERITY", "MESSAGE"));
            events.reversed().stream()
                    .skip(Math.max(0, events.size() - SERVICE_EVENTS))
                    .forEach(event -> table.add(List.of(
                            event.at().truncatedTo(ChronoUnit.MILLIS).toString(),
                            event.severity(),
                            event.message().replaceAll("\\s+", " ").strip())));
            table.lines().forEach(line -> shell.out().println("  " + line));
        }
    }

    private void failure(Optional<Failure> failure) {
        failure.ifPresent(of ->
                field("Failure", of.side().name().toLowerCase(Locale.ROOT) + "/" + of.reason() + ": " + of.message()));
    }

    private String at(Instant instant) {
        Instant now = shell.clock().instant();
        return instant.truncatedTo(ChronoUnit.SECONDS)
                + (instant.isAfter(now)
                        ? " (in " + Ages.of(Duration.between(now, instant)) + ")"
                        : " (" + Ages.of(Duration.between(instant, now)) + " ago)");
    }

    private void field(String label, String value) {
        if (!value.isEmpty()) {
            shell.out()
                    .printf(
                            "%-12s%s%n",
                            label + ":", value.replaceAll("\\s+", " ").strip());
        }
    }
}
