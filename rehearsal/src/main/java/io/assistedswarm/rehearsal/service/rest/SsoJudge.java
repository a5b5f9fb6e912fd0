package io.assistedswarm.rehearsal.service.rest;

import io.assistedswarm.rehearsal.service.auth.InvalidToken;
import io.assistedswarm.rehearsal.service.auth.SsoTokens;
import io.assistedswarm.rehearsal.service.model.Cluster;
import io.assistedswarm.rehearsal.service.model.InfraEnv;
import io.assistedswarm.rehearsal.service.model.Registry;
import java.util.Optional;
import java.util.UUID;

/**
 * {@code AUTH_TYPE=rhsso} (assisted-service, pkg/auth/rhsso_authenticator.go and rhsso_authz_handler.go): agents are known by their
 * pull secret, users by access tokens, and each sees what is his own; an image's token opens its own infra-env.
 */
final class SsoJudge implements Authentication.Judge {
    private final SsoTokens tokens;
    private final Registry registry;

    SsoJudge(SsoTokens tokens, Registry registry) {
        this.tokens = tokens;
        this.registry = registry;
    }

    @Override
    public String judge(Call call, Access access, Scheme scheme, String credential) throws Denied {
        try {
            return switch (scheme) {
                case USER -> owner(call, access, tokens.user(credential));
                case AGENT -> owner(call, access, tokens.agent(credential));
                case IMAGE, IMAGE_URL -> ofImage(call, credential);
                case URL -> throw Denied.unnamed("URL Authentication not allowed for rhsso auth");
                case WATCHER -> throw Denied.unauthenticated("Watcher Authentication not allowed for RHSSO auth");
            };
        } catch (InvalidToken e) {
            throw Denied.unauthenticated(e.getMessage());
        }
    }

    private String ofImage(Call call, String token) throws InvalidToken, Denied {
        UUID infraEnv = tokens.infraEnv(token);
        String asked = call.path().getOrDefault("infra_env_id", infraEnv.toString());
        if (!asked.equals(infraEnv.toString())) {
            throw Denied.forbidden(
                    "Token for infraEnv ID %s, is unauthorized to access infraEnv ID %s".formatted(infraEnv, asked));
        }
        return registry.infraEnv(infraEnv).map(row -> row.owner).orElse("");
    }

    /** Who calls, if what the call names is his. What is not named in its path is left to whoever handles it. */
    private String owner(Call call, Access access, String user) throws Denied {
        Optional<String> cluster = named(call, access, "cluster_id");
        Optional<String> infraEnv = named(call, access, "infra_env_id");
        boolean own = cluster.isPresent()
                ? cluster.flatMap(id -> uuid(id))
                        .map(id -> registry.cluster(id)
                                .map((Cluster row) -> row.owner.equals(user))
                                .orElse(false))
                        .orElse(true)
                : infraEnv.flatMap(id -> uuid(id))
                        .map(id -> registry.infraEnv(id)
                                .map((InfraEnv row) -> row.owner.equals(user))
                                .orElse(false))
                        .orElse(true);
        if (!own) {
            throw Denied.notFound();
        }
        return user;
    }

    private static Optional<String> named(Call call, Access access, String name) {
        return access == Access.EVENTS
                ? call.query(name)
                : Optional.ofNullable(call.path().get(name));
    }

    /** What is none is refused by whoever reads it. */
    private static Optional<UUID> uuid(String text) {
        try {
            return Optional.of(UUID.fromString(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
