package io.assistedswarm.rehearsal.hub;

import static org.assertj.core.api.Assertions.assertThat;

import io.assistedswarm.coordinator.placement.Workers;
import io.assistedswarm.coordinator.plan.PlanFile;
import io.assistedswarm.coordinator.plan.Problems;
import io.assistedswarm.coordinator.plan.ServiceConfig;
import io.assistedswarm.coordinator.plan.ServiceConfigFile;
import io.assistedswarm.coordinator.preflight.Finding;
import io.assistedswarm.coordinator.preflight.Finding.Outcome;
import io.assistedswarm.coordinator.preflight.HubSurvey;
import io.assistedswarm.coordinator.preflight.Preflight;
import io.assistedswarm.coordinator.preflight.PreflightReport;
import io.assistedswarm.coordinator.preflight.PreflightRequest;
import io.assistedswarm.coordinator.swarm.SwarmsCommand;
import io.assistedswarm.protocol.BareMetalFlow;
import io.assistedswarm.rehearsal.kube.KubeRequest;
import io.assistedswarm.rehearsal.service.ServiceVariables;
import io.assistedswarm.rehearsal.service.TimeScale;
import io.assistedswarm.rehearsal.service.machine.HardwareRequirements;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The preflight finds everything on the rehearsal hub that a real one has for it. */
@Tag("heavy")
class PreflightIT {
    private static final String CLIENT = "preflight-it";
    private static final HardwareRequirements.Minimum SMALL = new HardwareRequirements.Minimum(1, 512, 5, 9, 7, 3);

    @TempDir
    Path folder;

    private final ActorSystem<SwarmsCommand> coordinator = ActorSystem.create(withoutWorkers(), "coordinator");
    private final ExecutorService blocking = Executors.newVirtualThreadPerTaskExecutor();

    @AfterEach
    void stop() {
        coordinator.terminate();
        blocking.shutdownNow();
    }

    @Test
    void findsTheRehearsalHubGoodWithFewRequests() throws Exception {
        try (RehearsalHub hub = hub(Map.of());
                KubernetesClient client = client(hub)) {
            Preflight preflight = new Preflight(new HubSurvey(client), coordinator, coordinator.scheduler(), blocking);

            PreflightReport report = run(preflight, request(hub));

            assertThat(troubles(report)).containsExactly("workers");
            assertThat(report.findings())
                    .extracting(Finding::check)
                    .containsSubsequence(
                            "hub",
                            "kinds",
                            "rights",
                            "bare-metal operator",
                            "bare-metal webhook",
                            "converged flow",
                            "service",
                            "authentication",
                            "release image",
                            "service settings");
            assertThat(hub.kubeApi().requestCounts().entrySet())
                    .filteredOn(entry -> entry.getKey().client().equals(CLIENT))
                    .allSatisfy(entry -> assertThat(entry.getKey().verb()).isIn("get", "list"))
                    .extracting(Map.Entry::getKey)
                    .extracting(KubeRequest::resource)
                    .containsOnly("deployments", "clusteroperators");
        }
    }

    @Test
    void seesHowTheRehearsedServiceIsSet() throws Exception {
        String requirements = new HardwareRequirements(SMALL, SMALL, SMALL, SMALL).json();
        try (RehearsalHub hub = hub(Map.of(
                        "ENABLE_SKIP_MCO_REBOOT",
                        "true",
                        "ALLOW_CONVERGED_FLOW",
                        "true",
                        "HW_VALIDATOR_REQUIREMENTS",
                        requirements));
                KubernetesClient client = client(hub)) {
            Preflight preflight = new Preflight(new HubSurvey(client), coordinator, coordinator.scheduler(), blocking);

            PreflightReport report = run(preflight, request(hub));

            assertThat(troubles(report)).containsExactly("service settings", "workers");
            assertThat(report.flow()).isEqualTo(BareMetalFlow.CONVERGED);
            // Without workers the preflight has nothing to compare it with.
            assertThat(client.apps()
                            .deployments()
                            .inNamespace("assisted-installer")
                            .withName("assisted-service")
                            .get()
                            .getSpec()
                            .getTemplate()
                            .getSpec()
                            .getContainers()
                            .getFirst()
                            .getEnv())
                    .contains(new EnvVar("HW_VALIDATOR_REQUIREMENTS", requirements, null));
        }
    }

    private RehearsalHub hub(Map<String, String> variables) throws IOException {
        return RehearsalHub.start(new RehearsalHub.Options(
                folder, 0, 0, new TimeScale(20), 1_000, false, ServiceVariables.of(variables), List.of(), false));
    }

    private static List<String> troubles(PreflightReport report) {
        return report.findings().stream()
                .filter(finding -> finding.outcome() != Outcome.OK)
                .map(Finding::check)
                .toList();
    }

    private static PreflightReport run(Preflight preflight, PreflightRequest request) throws Exception {
        return preflight.run(request).toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    private static PreflightRequest request(RehearsalHub hub) {
        Problems problems = new Problems();
        Optional<ServiceConfig> config = ServiceConfigFile.read(hub.serviceConfig(), problems);
        Path home = Path.of(System.getProperty("swarm.home", ".."));
        var plan = PlanFile.read(home.resolve("conf/plans/quickstart.yaml"), List.of(), problems);
        assertThat(problems.errors()).isEmpty();
        return new PreflightRequest(plan, config.map(ServiceConfig::service), config.map(ServiceConfig::runtime), true);
    }

    private static KubernetesClient client(RehearsalHub hub) {
        Config config = Config.fromKubeconfig(hub.kubeconfig().toFile());
        config.setUserAgent(CLIENT);
        return new KubernetesClientBuilder().withConfig(config).build();
    }

    private static Behavior<SwarmsCommand> withoutWorkers() {
        return Behaviors.receiveMessage(command -> {
            switch (command) {
                case SwarmsCommand.GetWorkers get -> get.replyTo().tell(List.of());
                case SwarmsCommand.FindWorkers find -> find.replyTo().tell(new Workers.Found(Map.of()));
                case SwarmsCommand.GetRooms get -> get.replyTo().tell(new Workers.Rooms(List.of()));
                default -> throw new AssertionError("unexpected " + command);
            }
            return Behaviors.same();
        });
    }
}
