package io.assistedswarm.coordinator.cli;

import io.assistedswarm.coordinator.api.Submission;
import io.assistedswarm.coordinator.api.Views.Preview;
import io.assistedswarm.coordinator.api.Views.SwarmState;
import io.assistedswarm.coordinator.api.Views.SwarmView;
import io.assistedswarm.coordinator.plan.Problem;
import io.assistedswarm.coordinator.preflight.Finding;
import io.assistedswarm.coordinator.preflight.Finding.Outcome;
import io.assistedswarm.coordinator.preflight.PreflightReport;
import io.assistedswarm.coordinator.preflight.PreflightRequest;
import io.assistedswarm.coordinator.text.Ages;
import io.assistedswarm.coordinator.text.Counted;
import io.assistedswarm.coordinator.text.Table;
import io.assistedswarm.protocol.BareMetalFlow;
import io.assistedswarm.protocol.ClusterSpec;
import io.assistedswarm.protocol.ClusterTraits;
import io.assistedswarm.protocol.Fault;
import io.assistedswarm.protocol.SwarmId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "submit",
        description = "PLAN --service-config FILE: checks the plan and starts a swarm of it",
        footer = {
            "%nExamples:",
            "  swarm submit conf/plans/quickstart.yaml --service-config service-config.yaml --wait",
            "  swarm submit plan.yaml --service-config service-config.yaml --set pace.batch=10 --dry-run"
        })
final class SubmitCommand implements Callable<Integer> {
    private final Shell shell;

    @ParentCommand
    private Cli cli;

    @Parameters(
            index = "0",
            paramLabel = "PLAN",
            description = "plan file, in our own format or in that of the original tool")
    private Path plan;

    @Option(
            names = "--service-config",
            required = true,
            paramLabel = "FILE",
            description = "the service under test; conf/service-config.example.yaml is the one to copy")
    private Path serviceConfig;

    @Option(
            names = "--name",
            paramLabel = "SWARM",
            description = "the swarm's name (default: the plan's, and four characters)")
    private String name;

    @Option(names = "--set", paramLabel = "a.b=c", description = "puts a value into the plan; may be repeated")
    private List<String> overrides = new ArrayList<>();

    @Option(
            names = "--manifests",
            paramLabel = "DIR",
            description = "templates of the objects (default: conf/manifests)")
    private Path manifests;

    @Option(names = "--limits", paramLabel = "FILE", description = "limits instead of those that the plan has")
    private Path limits;

    @Option(
            names = "--metrics",
            paramLabel = "FILE",
            description = "Prometheus and profiles instead of those that the plan has")
    private Path metrics;

    @Option(names = "--dry-run", description = "prints the expanded plan and whether it fits; creates nothing")
    private boolean dryRun;

    @Option(names = "--no-preflight", description = "does not check hub, service and workers first")
    private boolean noPreflight;

    @Option(
            names = "--wait",
            description = "shows progress until the end, then the report; the exit code is the verdict's")
    private boolean wait;

    @Option(
            names = "--results",
            paramLabel = "DIR",
            description = "with --wait: where the report's folder is written (default: results)")
    private Path results;

    @Option(
            names = "--timeout",
            paramLabel = "DURATION",
            converter = DurationConverter.class,
            description = "with --wait: such as 90s or 2h (none)")
    private Duration timeout;

    SubmitCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws InterruptedException {
        if (!wait && (results != null || timeout != null)) {
            throw new CommandFailed(ExitCode.INVALID, "--results and --timeout go with --wait; add it");
        }
        SubmissionFiles.Outcome outcome = new SubmissionFiles(
                        plan,
                        serviceConfig,
                        Optional.ofNullable(manifests).orElseGet(() -> shipped("manifests")),
                        Optional.ofNullable(limits),
                        Optional.ofNullable(metrics),
                        overrides,
                        Optional.ofNullable(name),
                        shell.environment())
                .read();
        outcome.warnings().forEach(warning -> shell.err().println("warning: " + warning));
        if (outcome.submission().isEmpty()) {
            return invalid(outcome.errors());
        }
        Coordinator coordinator = cli.coordinator();
        return dryRun
                ? preview(coordinator, outcome.submission().get())
                : submit(coordinator, outcome.submission().get());
    }

    private int invalid(List<Problem> problems) {
        problems.forEach(problem -> shell.err().println(problem));
        shell.err()
                .println(
                        problems.size() == 1
                                ? "1 problem; nothing was created"
                                : problems.size() + " problems; nothing was created");
        return ExitCode.INVALID;
    }

    private int preview(Coordinator coordinator, Submission submission) {
        Preview preview = coordinator.post("/swarms?dryRun=true", Optional.of(submission), Preview.class);
        List<ClusterSpec> clusters = submission.plan().expand(new SwarmId(preview.id()));
        boolean faults = clusters.stream().anyMatch(cluster -> !cluster.faults().isEmpty());
        List<String> columns = new ArrayList<>(
                List.of("CLUSTER", "CONTROL-PLANES", "ARBITERS", "WORKERS", "DAY-2", "NMSTATE", "KIND", "LABELS"));
        if (faults) {
            columns.add("FAULTS");
        }
        Table table = Table.of(columns);
        clusters.forEach(cluster -> {
            List<String> row = new ArrayList<>(List.of(
                    cluster.id().name(),
                    String.valueOf(cluster.controlPlanes()),
                    String.valueOf(cluster.traits().arbiters()),
                    String.valueOf(cluster.workers()),
                    String.valueOf(cluster.traits().day2Workers()),
                    cluster.withNmstate() ? "yes" : "no",
                    kind(cluster),
                    cluster.infraEnvLabels().entrySet().stream()
                            .sorted(Map.Entry.comparingByKey())
                            .map(label -> label.getKey() + "=" + label.getValue())
                            .collect(Collectors.joining(","))));
            if (faults) {
                row.add(cluster.faults().entrySet().stream()
                        .sorted(Map.Entry.comparingByKey())
                        .map(entry -> cluster.host(entry.getKey()) + " " + entry.getValue())
                        .collect(Collectors.joining(", ")));
            }
            table.add(row);
        });
        table.lines().forEach(shell.out()::println);
        shell.out().println();
        shell.out()
                .println("swarm " + preview.id() + ": "
                        + Counted.of(preview.clusters().size(), "cluster") + ", "
                        + Counted.of(preview.hostCount(), "host") + ", in this order");
        faultCounts(clusters).forEach(shell.out()::println);
        shell.out().println(preview.fits());
        shell.out().println("dry run: nothing was created");
        return preview.canFit() ? ExitCode.PASSED : ExitCode.INVALID;
    }

    /** A line for each kind of fault. */
    private static List<String> faultCounts(List<ClusterSpec> clusters) {
        Map<Fault.Kind, List<ClusterSpec>> ofKind = new EnumMap<>(Fault.Kind.class);
        clusters.forEach(cluster -> cluster.faults()
                .values()
                .forEach(fault -> ofKind.computeIfAbsent(fault.kind(), none -> new ArrayList<>())
                        .add(cluster)));
        return ofKind.entrySet().stream()
                .map(entry -> "fault " + entry.getKey().label() + ": hosts "
                        + entry.getValue().size() + ", in clusters "
                        + entry.getValue().stream().distinct().count())
                .toList();
    }

    /** How bare metal goes on the hub. */
    static BareMetalFlow checkFirst(Shell shell, Coordinator coordinator, Submission submission) {
        PreflightReport report = coordinator.post(
                "/preflight",
                Optional.of(new PreflightRequest(
                        Optional.of(submission.plan()),
                        Optional.of(submission.service()),
                        Optional.of(submission.runtime()),
                        true)),
                PreflightReport.class);
        new Checklist(shell).complain(report, shell.err());
        List<Finding> failures = report.with(Outcome.FAILURE);
        if (!failures.isEmpty()) {
            throw new CommandFailed(
                    ExitCode.COULD_NOT_RUN,
                    Counted.of(failures.size(), "failure")
                            + "; nothing was created. 'swarm preflight' checks again, --no-preflight submits all the same");
        }
        return report.flow();
    }

    private static String kind(ClusterSpec cluster) {
        if (cluster.infraEnvOnly()) {
            return "infra-env only";
        }
        ClusterTraits traits = cluster.traits();
        List<String> words = new ArrayList<>(List.of("cluster"));
        if (traits.lateBinding()) {
            words.add("bound late");
        }
        switch (traits.hold()) {
            case NONE -> {}
            case UNTIL_RELEASED -> words.add("held until released");
            case UNTIL_ALL_READY -> words.add("held until all are ready");
        }
        if (traits.platform() != ClusterTraits.Platform.UNSAID) {
            words.add("platform " + traits.platform().wireName());
        }
        if (traits.networking() == ClusterTraits.Networking.USER_MANAGED) {
            words.add("user-managed networking");
        }
        if (!traits.extraManifests().isEmpty()) {
            words.add(traits.extraManifests().size() + " extra manifests");
        }
        return String.join(", ", words);
    }

    private int submit(Coordinator coordinator, Submission submission) throws InterruptedException {
        Submission checked = noPreflight ? submission : submission.withFlow(checkFirst(shell, coordinator, submission));
        SwarmView view = coordinator.post("/swarms", Optional.of(checked), SwarmView.class);
        shell.out()
                .println("swarm " + view.id() + " submitted: " + Counted.of(view.clusterCount(), "cluster") + ", "
                        + Counted.of(view.hostCount(), "host"));
        shell.out().flush();
        if (!wait) {
            shell.out().println("'swarm get clusters --swarm " + view.id() + " -w' shows how it goes");
            return ExitCode.PASSED;
        }
        Progress progress = new Progress(shell);
        Optional<SwarmView> end = new SwarmWatch(shell, coordinator, view.id())
                .await(seen -> seen.state().isOver(), Optional.ofNullable(timeout), progress::show);
        if (end.isEmpty()) {
            throw new CommandFailed(
                    ExitCode.TIMED_OUT,
                    "after " + Ages.of(timeout) + " swarm " + view.id() + " is not done; it goes on, 'swarm wait "
                            + view.id() + "' waits again and 'swarm cancel " + view.id() + "' stops it");
        }
        shell.out().println();
        if (end.get().state() == SwarmState.DELETED || end.get().state() == SwarmState.DELETION_FAILED) {
            throw new CommandFailed(ExitCode.NOT_PASSED, "swarm " + view.id() + " was deleted meanwhile");
        }
        new Verdicts(shell, coordinator)
                .report(view.id(), Optional.of(Optional.ofNullable(results).orElse(Path.of("results"))), false);
        return Verdicts.exitCode(end.get());
    }

    /** Beside the launcher, which says where that is. */
    static Path shipped(String folder) {
        Path home = Path.of(System.getProperty("swarm.home", System.getenv().getOrDefault("SWARM_HOME", ".")));
        return home.resolve("conf").resolve(folder).normalize();
    }
}
