package io.assistedswarm.coordinator.preflight;

import io.assistedswarm.coordinator.preflight.ServiceFacts.OfUser;
import io.assistedswarm.coordinator.preflight.ServiceInstallation.Setting;
import io.assistedswarm.protocol.AuthMode;
import io.assistedswarm.protocol.ServiceSpec;
import java.util.List;
import java.util.Optional;

/** Which authentication the service wants, and whether the service config brings it. */
final class AuthenticationCheck {
    private static final String CHECK = "authentication";
    private static final int MOST_NAMED = 5;

    private AuthenticationCheck() {}

    static Finding of(ServiceSpec service, ServiceFacts facts, ServiceInstallation installation) {
        AuthMode said = service.auth().mode();
        Optional<AuthMode> found = mode(facts, installation);
        if (facts.componentVersions().ok()) {
            return said == AuthMode.UNSAID || said == AuthMode.NONE
                    ? Finding.ok(CHECK, "none: it tells its versions to who has no credentials")
                    : Finding.warning(
                            CHECK,
                            "none: it tells its versions to who has no credentials, but the service config has auth "
                                    + said.wireName(),
                            "leave auth out of the service config");
        }
        String wants = "it wants credentials (" + facts.componentVersions().status() + "): "
                + found.map(mode -> "AUTH_TYPE=" + mode.wireName()).orElse("AUTH_TYPE is local or rhsso");
        if (found.isPresent() && said != AuthMode.UNSAID && said != found.get()) {
            return Finding.failure(
                    CHECK,
                    "the service has AUTH_TYPE=" + found.get().wireName() + ", the service config auth "
                            + said.wireName(),
                    "correct auth in the service config");
        }
        return switch (said == AuthMode.UNSAID ? found.orElse(AuthMode.UNSAID) : said) {
            case RHSSO, AGENT_INSTALLER_LOCAL -> asUser(service, facts, wants);
            case LOCAL -> local(service, wants);
            case UNSAID, NONE -> unknown(service, wants);
        };
    }

    /**
     * Why clusters cannot be driven by custom resources; empty if they can, or if it is said elsewhere. The service then checks that a pull
     * secret belongs to who has signed on, and nobody has (assisted-service, internal/controller/controllers/pullsecret_handler.go).
     */
    static Optional<Finding> customResources(
            ServiceSpec service, ServiceFacts facts, ServiceInstallation installation) {
        boolean asksForUsers = facts.componentVersions().refused();
        return asksForUsers && mode(facts, installation).orElse(service.auth().mode()) == AuthMode.RHSSO
                ? Optional.of(
                        Finding.failure(
                                "kube-api",
                                "with AUTH_TYPE=rhsso the service accepts no pull secret by custom resources"
                                        + " (pull secret token does not match current user)",
                                "drive the clusters by its REST API (api: rest), or choose a service with AUTH_TYPE=local or none"))
                : Optional.empty();
    }

    /** As its installation has it, or as it shows by its words for an Authorization that is none (assisted-service, pkg/auth). */
    private static Optional<AuthMode> mode(ServiceFacts facts, ServiceInstallation installation) {
        Optional<AuthMode> set = installation.value(Setting.AUTH_TYPE).flatMap(AuthMode::named);
        if (set.isPresent()) {
            return set;
        }
        String words = facts.asNobody().body().path("message").asText("");
        if (words.contains("not allowed for local auth")) {
            return Optional.of(AuthMode.LOCAL);
        }
        if (words.contains("Authorization header format must be Bearer")) {
            return Optional.of(AuthMode.RHSSO);
        }
        return words.startsWith("Failed to parse token")
                ? Optional.of(AuthMode.AGENT_INSTALLER_LOCAL)
                : Optional.empty();
    }

    private static Finding asUser(ServiceSpec service, ServiceFacts facts, String wants) {
        if (service.auth().mode() == AuthMode.UNSAID) {
            return Finding.failure(
                    CHECK,
                    wants + ", and the service config does not say who we are",
                    "set auth in the service config (docs/auth.md), or run it with AUTH_TYPE=none or local");
        }
        String mode = service.auth().mode().wireName();
        if (facts.users().size() > 1) {
            return asUsers(mode, facts.users());
        }
        OfUser one = facts.users().getFirst();
        return one.accepted()
                ? Finding.ok(CHECK, mode + ": it accepts the user of the service config, and the agents' token")
                : Finding.failure(
                        CHECK,
                        mode + ": it "
                                + (one.asUser().ok()
                                        ? "accepts the user of the service config, but not the agents' token: "
                                                + one.asAgent().said()
                                        : "does not accept the user of the service config: "
                                                + one.asUser().said()),
                        remedy(service, one));
    }

    private static String remedy(ServiceSpec service, OfUser user) {
        if (!user.asUser().ok()) {
            return "correct the tokens in auth of the service config";
        }
        return service.auth().mode() == AuthMode.RHSSO
                ? "get the user's own pull secret anew"
                : "correct agentTokenFile in auth of the service config";
    }

    private static Finding asUsers(String mode, List<OfUser> users) {
        List<String> wrong = users.stream()
                .filter(user -> !user.accepted())
                .map(user -> user.asUser().ok()
                        ? "the agents' token of " + user.name() + " ("
                                + user.asAgent().said() + ")"
                        : user.name() + " (" + user.asUser().said() + ")")
                .toList();
        String all = "all " + users.size() + " users of the service config";
        if (wrong.isEmpty()) {
            return Finding.ok(CHECK, mode + ": it accepts " + all + ", and their agents' tokens");
        }
        String more = wrong.size() > MOST_NAMED ? " and " + (wrong.size() - MOST_NAMED) + " more" : "";
        return Finding.failure(
                CHECK,
                mode + ": it does not accept " + String.join(", ", wrong.subList(0, Math.min(MOST_NAMED, wrong.size())))
                        + more + " of " + all,
                "correct their offlineTokenFile and pullSecretFile in users of the service config, or leave them out");
    }

    private static Finding local(ServiceSpec service, String wants) {
        return service.agentImage().isEmpty()
                ? untold(wants)
                : Finding.ok(CHECK, "local: agents get their token from their InfraEnv");
    }

    private static Finding unknown(ServiceSpec service, String wants) {
        return service.agentImage().isEmpty()
                ? untold(wants)
                : Finding.warning(
                        CHECK,
                        wants,
                        "local works, with tokens from the InfraEnvs; rhsso needs auth in the service config");
    }

    private static Finding untold(String wants) {
        return Finding.failure(
                CHECK,
                wants + ", so it does not tell which agent it expects",
                "set agentImage in the service config, or run it with AUTH_TYPE=none");
    }
}
