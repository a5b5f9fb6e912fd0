package io.assistedswarm.coordinator.cli;

import io.assistedswarm.coordinator.api.Submission;
import io.assistedswarm.coordinator.plan.Limits;
import io.assistedswarm.coordinator.plan.LimitsSection;
import io.assistedswarm.coordinator.plan.ManifestFolder;
import io.assistedswarm.coordinator.plan.Metrics;
import io.assistedswarm.coordinator.plan.MetricsSection;
import io.assistedswarm.coordinator.plan.PlanFile;
import io.assistedswarm.coordinator.plan.PlanRules;
import io.assistedswarm.coordinator.plan.Problem;
import io.assistedswarm.coordinator.plan.Problems;
import io.assistedswarm.coordinator.plan.ProfileFile;
import io.assistedswarm.coordinator.plan.ReleaseCheck;
import io.assistedswarm.coordinator.plan.ServiceConfig;
import io.assistedswarm.coordinator.plan.ServiceConfigFile;
import io.assistedswarm.coordinator.plan.SwarmPlan;
import io.assistedswarm.coordinator.plan.TemplateCheck;
import io.assistedswarm.protocol.Manifests;
import io.assistedswarm.protocol.Manifests.Template;
import io.assistedswarm.protocol.RuntimeSpec;
import io.assistedswarm.protocol.SwarmId;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The files behind a submission.
 *
 * @param limits stand instead of those in the plan
 * @param metrics likewise
 * @param overrides {@code a.b=c}, each as given with {@code --set}
 * @param id the swarm's, when wanted
 * @param environment for the queries of profiles
 */
record SubmissionFiles(
        Path plan,
        Path serviceConfig,
        Path manifests,
        Optional<Path> limits,
        Optional<Path> metrics,
        List<String> overrides,
        Optional<String> id,
        Map<String, String> environment) {

    /**
     * What reading them came to.
     *
     * @param submission only when nothing is wrong
     */
    record Outcome(Optional<Submission> submission, List<Problem> errors, List<Problem> warnings) {}

    /** Reads and checks all of them, so that everything that is wrong is said at once. */
    Outcome read() {
        Problems problems = new Problems();
        Optional<SwarmPlan> readPlan = plan(problems);
        Optional<ServiceConfig> readConfig = ServiceConfigFile.read(serviceConfig, problems);
        List<Template> extra =
                readPlan.map(read -> ManifestFolder.extra(read, plan, problems)).orElse(List.of());
        Optional<Manifests> readManifests =
                ManifestFolder.read(manifests, problems).map(read -> read.withExtra(extra));
        id.filter(wanted -> !SwarmId.isValid(wanted))
                .ifPresent(wanted -> problems.error(
                        new Problem.Position("--name", 0),
                        "",
                        "'" + wanted + "' cannot lead the names of namespaces and hosts",
                        "use lower-case letters, digits and '-', beginning with a letter, at most " + SwarmId.MAX_LENGTH
                                + " characters"));
        if (readPlan.isPresent() && readConfig.isPresent()) {
            ReleaseCheck.check(readPlan.get(), readConfig.get().service().openshiftVersion(), problems);
        }
        if (readPlan.isPresent() && readConfig.isPresent() && readManifests.isPresent()) {
            TemplateCheck.check(
                    readPlan.get(), readConfig.get(), readManifests.get(), manifests, serviceConfig, problems);
            warnOfBootstraps(readPlan.get(), readConfig.get().runtime(), problems);
        }
        if (!problems.isEmpty()) {
            return new Outcome(Optional.empty(), problems.errors(), problems.warnings());
        }
        Submission submission = new Submission(
                id,
                readPlan.orElseThrow(),
                readConfig.orElseThrow().service(),
                readConfig.orElseThrow().runtime(),
                readManifests.orElseThrow());
        return new Outcome(Optional.of(submission), List.of(), problems.warnings());
    }

    /** With what the profiles hold that are named in it, or in the files that stand instead of a part of it. */
    private Optional<SwarmPlan> plan(Problems problems) {
        ProfileFile profiles = new ProfileFile(
                SubmitCommand.shipped("metrics"), name -> Optional.ofNullable(environment.get(name)), problems);
        Optional<Limits> readLimits =
                limits.flatMap(file -> LimitsSection.read(file, problems).map(read -> profiles.load(read, file, "")));
        Optional<Metrics> readMetrics =
                metrics.flatMap(file -> MetricsSection.read(file, problems).map(read -> profiles.load(read, file, "")));
        Optional<SwarmPlan> readPlan = PlanFile.read(plan, overrides, problems)
                .map(read -> read.withProfiles(profiles, plan))
                .map(read -> readLimits.map(read::withLimits).orElse(read))
                .map(read -> readMetrics.map(read::withMetrics).orElse(read));
        if (problems.isEmpty()) {
            readPlan.map(PlanRules::violationsTogether)
                    .orElse(List.of())
                    .forEach(broken -> problems.error(
                            new Problem.Position(limits.orElse(plan).toString(), 0),
                            broken.path(),
                            broken.message(),
                            broken.hint()));
        }
        return readPlan;
    }

    /** The mock of Kubernetes in the installer's dry mode has lacked calls since 2024 (src/main/drymock/dry_mode_k8s_mock.go). */
    private void warnOfBootstraps(SwarmPlan plan, RuntimeSpec runtime, Problems problems) {
        boolean several =
                plan.clusters().stream().anyMatch(group -> !group.infraEnvOnly() && group.controlPlanes() > 1);
        if (!several) {
            return;
        }
        String panic = "installers since 2024 panic in dry mode as the bootstrap of several control planes";
        if (!runtime.bootstrapInstaller().isEmpty()) {
            return;
        }
        switch (runtime) {
            case RuntimeSpec.Native real ->
                warn(
                        problems,
                        "spec.runtime.native.bootstrapInstaller",
                        "is not given, and " + panic,
                        "name a program that plays it, or expect these clusters to fail; see docs/native.md");
            case RuntimeSpec.Podman podman ->
                warn(
                        problems,
                        "spec.runtime.podman.bootstrapInstaller",
                        "is not given, and " + panic,
                        "name an image that plays it, or expect these clusters to fail; see docs/runtimes.md");
            case RuntimeSpec.Combined combined -> {
                if (!combined.image().equals(RuntimeSpec.Combined.ORIGINAL_IMAGE)) {
                    warn(
                            problems,
                            "spec.runtime.combined",
                            "has the installer that it was built with, and " + panic
                                    + ", which ends the program with all its hosts",
                            "build it with one from before February 2024, or expect these clusters to fail; see"
                                    + " docs/runtimes.md");
                }
            }
            case RuntimeSpec.Exec commands -> {}
            case RuntimeSpec.Hollow played -> {}
        }
    }

    private void warn(Problems problems, String key, String message, String hint) {
        problems.warn(new Problem.Position(serviceConfig.toString(), 0), key, message, hint);
    }
}
