package io.assistedswarm.coordinator.preflight;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.assistedswarm.coordinator.preflight.ServiceFacts.OfUser;
import io.assistedswarm.coordinator.preflight.ServiceInstallation.Setting;
import io.assistedswarm.protocol.ServiceSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Whether the service answers, to whom, and what it makes of the release. */
final class ServiceChecks {
    private static final String AGENT = "discovery-agent";

    private ServiceChecks() {}

    static List<Finding> of(ServiceSpec service, ServiceFacts facts, ServiceInstallation installation) {
        List<Finding> findings = new ArrayList<>();
        Finding reached = reached(service, facts);
        findings.add(reached);
        if (reached.outcome() == Finding.Outcome.FAILURE) {
            return findings;
        }
        findings.add(AuthenticationCheck.of(service, facts, installation));
        agentVersion(service, facts.asUser().ok() ? facts.asUser() : facts.componentVersions())
                .ifPresent(findings::add);
        findings.add(release(service, facts.openshiftVersions(), installation));
        return findings;
    }

    static Finding reached(ServiceSpec service, ServiceFacts facts) {
        String check = "service";
        if (!facts.trouble().isEmpty()) {
            return Finding.failure(
                    check,
                    "cannot be asked: " + facts.trouble(),
                    "correct serviceEndpoint or caFile in the service config");
        }
        if (!facts.health().given() && !facts.componentVersions().given()) {
            return Finding.failure(
                    check,
                    service.url() + " cannot be reached: " + facts.health().said(),
                    "is it running, and is serviceEndpoint right? It must be reached from here and from each worker");
        }
        Answer versions = facts.componentVersions();
        if (!versions.ok() && !versions.refused()) {
            return Finding.failure(
                    check,
                    service.url() + " answers GET component-versions with " + versions.said(),
                    versions.status() >= 500
                            ? "look into the service's log"
                            : "is serviceEndpoint the address of an assisted-service, without /api/assisted-install?");
        }
        if (!facts.ready().ok()) {
            return Finding.warning(
                    check,
                    service.url() + " answers GET /ready with " + facts.ready().said(),
                    "wait until it is ready, or expect errors at the start");
        }
        return Finding.ok(check, service.url() + " is healthy and ready");
    }

    /** Whether clusters can be driven by the REST API; empty when nothing answered, which is said elsewhere. */
    static Optional<Finding> users(ServiceFacts facts) {
        String check = "rest";
        Optional<OfUser> refused =
                facts.users().stream().filter(user -> !user.asUser().ok()).findFirst();
        if (refused.isEmpty()) {
            return Optional.of(Finding.ok(check, "the service's REST API serves us as its user"));
        }
        return facts.componentVersions().given()
                ? Optional.of(
                        Finding.failure(
                                check,
                                "the service refuses us as a user of its REST API: "
                                        + (refused.get().name().isEmpty()
                                                ? ""
                                                : refused.get().name() + ": ")
                                        + refused.get().asUser().said(),
                                "look at auth in the service config; with AUTH_TYPE=local it has no users: leave out 'api: rest'"))
                : Optional.empty();
    }

    /** Hosts with another agent than the service's own are given an upgrade to do, not an installation. */
    static Optional<Finding> agentVersion(ServiceSpec service, Answer versions) {
        String expected = versions.body().path("versions").path(AGENT).asText("");
        if (versions.ok() && expected.isEmpty()) {
            return Optional.of(Finding.failure(
                    "agent version",
                    "the service names no " + AGENT + " in its component-versions",
                    "set agentImage in the service config"));
        }
        if (expected.isEmpty()
                || service.agentImage().isEmpty()
                || service.agentImage().equals(expected)) {
            return Optional.empty();
        }
        return Optional.of(Finding.warning(
                "agent version",
                "the service config has agentImage " + service.agentImage() + ", the service expects " + expected,
                "leave agentImage out: hosts with another one are told to upgrade"));
    }

    static Finding release(ServiceSpec service, Answer openshiftVersions, ServiceInstallation installation) {
        String check = "release image";
        String image = service.releaseImage();
        String version = service.openshiftVersion();
        if (openshiftVersions.ok() && lists(openshiftVersions.body(), version)) {
            return Finding.ok(check, "the service knows releases of OpenShift " + version);
        }
        String registry = image.contains("/") ? image.substring(0, image.indexOf('/')) : "docker.io";
        List<String> open = Arrays.stream(installation
                        .value(Setting.PUBLIC_CONTAINER_REGISTRIES)
                        .orElse("")
                        .split(",", -1))
                .map(String::strip)
                .toList();
        if (open.contains(registry)) {
            return Finding.ok(check, "new to the service, from " + registry + ", which it takes for public");
        }
        if (service.perUser().stream().allMatch(one -> hasCredentials(one, registry))) {
            return Finding.ok(
                    check, "new to the service, from " + registry + ", for which the pull secret has credentials");
        }
        String whose = service.auth().users().stream()
                .filter(user -> !hasCredentials(service.as(user), registry))
                .findFirst()
                .map(user -> " of user " + user.name())
                .orElse("");
        return Finding.warning(
                check,
                image + " is new to the service, and the pull secret" + whose + " has no credentials for " + registry,
                "add them to the pull secret, or name the registry in the service's PUBLIC_CONTAINER_REGISTRIES");
    }

    /** Keys are versions, with or without their patch number. */
    private static boolean lists(JsonNode versions, String wanted) {
        for (var version : versions.properties()) {
            if (version.getKey().equals(wanted) || version.getKey().startsWith(wanted + ".")) {
                return true;
            }
        }
        return false;
    }

    private static boolean hasCredentials(ServiceSpec service, String registry) {
        try {
            return new JsonMapper()
                    .readTree(service.pullSecret().reveal())
                    .path("auths")
                    .has(registry);
        } catch (JsonProcessingException e) {
            // The file was checked where it was read; another client's nonsense names no registry.
            return false;
        }
    }
}
