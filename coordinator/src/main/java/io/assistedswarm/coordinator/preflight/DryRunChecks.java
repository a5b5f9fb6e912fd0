package io.assistedswarm.coordinator.preflight;

import java.util.Optional;

/** Faults that the dry mode of agent and installer is known for. */
final class DryRunChecks {
    private DryRunChecks() {}

    /**
     * From early 2024 on, the installer's mock of the Kubernetes API lacks calls that a bootstrap of several control planes makes, and
     * the process ends in a panic (assisted-installer, src/main/drymock/dry_mode_k8s_mock.go). An image's name does not tell its age.
     */
    static Optional<Finding> bootstrap(PreflightRequest request, Optional<ServiceFacts> service) {
        RuntimeTraits traits = request.traits();
        if (!traits.realAgent() || traits.ownBootstrap() || !request.mayInstallSeveralControlPlanes()) {
            return Optional.empty();
        }
        String installer = service.map(facts -> facts.componentVersions()
                        .body()
                        .path("versions")
                        .path("assisted-installer")
                        .asText(""))
                .filter(image -> !image.isEmpty())
                .map(image -> " (" + image + ")")
                .orElse("");
        return Optional.of(Finding.warning(
                "installer version",
                "today's installer" + installer
                        + " panics in dry mode as the bootstrap of several control planes: those"
                        + " clusters end with an error at 48 %",
                "have a stand-in installer play the bootstrap (bootstrapInstaller of the native and podman runtimes), use an"
                        + " installer from before February 2024, or plan"
                        + " single-node clusters"));
    }
}
