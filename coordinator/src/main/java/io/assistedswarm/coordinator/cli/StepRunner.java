package io.assistedswarm.coordinator.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.assistedswarm.coordinator.api.ApiJson;
import io.assistedswarm.coordinator.api.Submission;
import io.assistedswarm.coordinator.api.Views.SwarmState;
import io.assistedswarm.coordinator.api.Views.SwarmView;
import io.assistedswarm.coordinator.plan.Problem;
import io.assistedswarm.coordinator.report.Report;
import io.assistedswarm.coordinator.search.Outcome;
import io.assistedswarm.coordinator.search.Step;
import io.assistedswarm.coordinator.text.Ages;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Runs one step of a search: submits a swarm, waits for its end, keeps its report and deletes it. */
final class StepRunner {
    private final Shell shell;
    private final Coordinator coordinator;
    private final Submitted submitted;
    private Optional<String> present = Optional.empty();

    /**
     * What each step submits, but for its load.
     *
     * @param preflight checks hub, service and workers first
     * @param timeout of a step; none when empty
     */
    record Submitted(
            Path plan,
            Path serviceConfig,
            Path manifests,
            Optional<Path> limits,
            Optional<Path> metrics,
            List<String> overrides,
            boolean preflight,
            Optional<Duration> timeout,
            Map<String, String> environment) {
        private SubmissionFiles.Outcome read(String override, Optional<String> swarm) {
            List<String> all = new ArrayList<>(overrides);
            all.add(override);
            return new SubmissionFiles(plan, serviceConfig, manifests, limits, metrics, all, swarm, environment).read();
        }
    }

    StepRunner(Shell shell, Coordinator coordinator, Submitted submitted) {
        this.shell = shell;
        this.coordinator = coordinator;
        this.submitted = submitted;
    }

    /**
     * Reads the files before anything is created.
     *
     * @param override the first load, for {@code --set}
     * @return the plan's name
     * @throws CommandFailed with all that is wrong
     */
    String check(String override) {
        SubmissionFiles.Outcome read = submitted.read(override, Optional.empty());
        read.warnings().forEach(warning -> shell.err().println("warning: " + warning));
        return read.submission()
                .orElseThrow(() -> new CommandFailed(
                        ExitCode.INVALID,
                        read.errors().stream()
                                .map(Problem::toString)
                                .collect(Collectors.joining(System.lineSeparator()))))
                .plan()
                .name();
    }

    /**
     * Runs it; returns when nothing is left of its swarm.
     *
     * @param folder for the step's report
     */
    Step run(String swarm, double load, String override, Path folder) throws InterruptedException, IOException {
        SubmissionFiles.Outcome read = submitted.read(override, Optional.of(swarm));
        if (read.submission().isEmpty()) {
            return Step.without(
                    swarm,
                    load,
                    Outcome.NOT_VALID,
                    "no plan has it: " + read.errors().getFirst().message());
        }
        present = Optional.of(swarm);
        Optional<String> refusal = submit(read.submission().get());
        if (refusal.isPresent()) {
            present = Optional.empty();
            return Step.without(swarm, load, Outcome.NOT_VALID, refusal.get());
        }
        Optional<SwarmView> end = new SwarmWatch(shell, coordinator, swarm)
                .await(seen -> seen.state().isOver(), submitted.timeout(), new Progress(shell)::show);
        if (end.isPresent() && end.get().state() != SwarmState.DONE) {
            throw new CommandFailed(
                    ExitCode.COULD_NOT_RUN,
                    "somebody else has ended swarm " + swarm + ": it is "
                            + end.get().state().label());
        }
        Report report = report(swarm, folder);
        delete();
        return end.isPresent()
                ? Step.of(load, report)
                : Step.without(
                        swarm,
                        load,
                        Outcome.NOT_MET,
                        "is not done after " + Ages.of(submitted.timeout().orElseThrow()));
    }

    /** Deletes the swarm of the present step, if there is one, and waits until nothing of it is left. */
    void delete() throws InterruptedException {
        if (present.isEmpty()) {
            return;
        }
        String swarm = present.get();
        if (coordinator.list("/swarms", SwarmView.class).stream()
                .noneMatch(view -> view.id().equals(swarm))) {
            shell.err()
                    .println("swarm " + swarm
                            + " is not there; if its submission was interrupted it may still come: then 'swarm delete "
                            + swarm + "'");
            present = Optional.empty();
            return;
        }
        coordinator.delete("/swarms/" + Coordinator.encoded(swarm), SwarmView.class);
        SwarmView gone = new SwarmWatch(shell, coordinator, swarm)
                .await(DeleteCommand::settled, Optional.empty(), seen -> {})
                .orElseThrow();
        if (gone.state() != SwarmState.DELETED) {
            throw new CommandFailed(
                    ExitCode.COULD_NOT_RUN,
                    "swarm " + swarm
                            + " is not wholly deleted and would be in the way of the next one; see 'swarm delete "
                            + swarm + "'");
        }
        present = Optional.empty();
    }

    /** The swarm that is there. */
    Optional<String> present() {
        return present;
    }

    /** Why it cannot run on these workers. */
    private Optional<String> submit(Submission submission) {
        Submission checked = submitted.preflight()
                ? submission.withFlow(SubmitCommand.checkFirst(shell, coordinator, submission))
                : submission;
        try {
            coordinator.post("/swarms", Optional.of(checked), SwarmView.class);
            return Optional.empty();
        } catch (CommandFailed refused) {
            if (refused.exitCode() == ExitCode.INVALID) {
                return Optional.of(refused.getMessage());
            }
            throw refused;
        }
    }

    private Report report(String swarm, Path folder) {
        JsonNode summary = coordinator.get("/swarms/" + Coordinator.encoded(swarm) + "/report", JsonNode.class);
        Report report = ApiJson.mapper().convertValue(summary, Report.class);
        new Verdicts(shell, coordinator)
                .write(folder, swarm, summary, report, shell.clock().instant());
        return report;
    }
}
