package io.assistedswarm.rehearsal.service.rest;

import io.assistedswarm.rehearsal.service.auth.LocalTokens;
import io.assistedswarm.rehearsal.service.auth.LocalTokens.Claim;
import io.assistedswarm.rehearsal.service.auth.LocalTokens.InvalidToken;
import io.assistedswarm.rehearsal.service.auth.LocalTokens.Kind;
import io.assistedswarm.rehearsal.service.model.Registry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * {@code AUTH_TYPE=local} (assisted-service, pkg/auth/local_authenticator.go and local_authz_handler.go, internal/events/events_api.go).
 * The token of any infra-env or cluster that there is opens every call of agents; in a URL it opens what is its own only. Users are
 * refused: they have custom resources.
 */
final class LocalAuthentication implements Authentication {
    /** Of the framework, when no credentials of the right sort came. */
    private static final String NO_CREDENTIALS = "unauthenticated for invalid credentials";

    private static final int UNAUTHORIZED = 401;
    private static final int NOT_FOUND = 404;

    private final LocalTokens tokens;
    private final Registry registry;
    private final Clock clock;
    private final Duration remembered;
    private final Map<UUID, Instant> seen = new ConcurrentHashMap<>();

    /** @param remembered for so long an infra-env or cluster counts as being there that was there once; ten minutes in the real service */
    LocalAuthentication(LocalTokens tokens, Registry registry, Clock clock, Duration remembered) {
        this.tokens = tokens;
        this.registry = registry;
        this.clock = clock;
        this.remembered = remembered;
    }

    @Override
    public Optional<Answer> refuse(Call call, Access access) {
        String secret = call.header("X-Secret-Key");
        Optional<String> apiKey =
                call.query("api_key").or(() -> Optional.ofNullable(call.path().get("api_key")));
        try {
            if (access == Access.PUBLIC) {
                return Optional.empty();
            } else if (access != Access.USER && !secret.isEmpty()) {
                Claim claim = known(secret);
                return access == Access.EVENTS ? refuseOthersEvents(call, claim) : Optional.empty();
            } else if (access == Access.ANYONE_KNOWN && apiKey.isPresent()) {
                return refuseOthers(call, known(apiKey.get()));
            } else if (access == Access.EVENTS && apiKey.isPresent()) {
                return refuseOthersEvents(call, known(apiKey.get()));
            }
            boolean user =
                    access != Access.AGENT && !call.header("Authorization").isEmpty();
            return unauthorized(user ? "User Authentication not allowed for local auth" : NO_CREDENTIALS);
        } catch (InvalidToken | Unknown e) {
            return unauthorized(e.getMessage());
        }
    }

    private static final class Unknown extends Exception {
        private static final long serialVersionUID = 1L;

        Unknown(String message) {
            super(message);
        }
    }

    private Claim known(String token) throws InvalidToken, Unknown {
        Claim claim = tokens.claim(token);
        Instant now = clock.instant();
        Instant last = seen.get(claim.id());
        if (last == null || last.plus(remembered).isBefore(now)) {
            boolean there = switch (claim.kind()) {
                case INFRA_ENV -> registry.infraEnv(claim.id()).isPresent();
                case CLUSTER -> registry.cluster(claim.id()).isPresent();
            };
            if (!there) {
                seen.remove(claim.id());
                throw new Unknown(
                        (claim.kind() == Kind.INFRA_ENV ? "infraEnv " : "Cluster ") + claim.id() + " does not exist");
            }
            seen.put(claim.id(), now);
        }
        return claim;
    }

    /** A URL's token opens what its path names. */
    private static Optional<Answer> refuseOthers(Call call, Claim claim) {
        String infraEnv = call.path().getOrDefault("infra_env_id", "");
        String cluster = call.path().getOrDefault("cluster_id", "");
        if (infraEnv.isEmpty() && cluster.isEmpty()) {
            return Optional.empty();
        }
        String own = claim.kind() == Kind.INFRA_ENV ? infraEnv : cluster;
        return own.equals(claim.id().toString()) ? Optional.empty() : notFound();
    }

    /** Events are asked for by query, of one's own infra-env, its hosts, or cluster. */
    private Optional<Answer> refuseOthersEvents(Call call, Claim claim) {
        String own = call.query(claim.kind() == Kind.INFRA_ENV ? "infra_env_id" : "cluster_id")
                .orElse("");
        boolean ownHost = claim.kind() == Kind.INFRA_ENV
                && own.isEmpty()
                && call.query("host_id")
                        .filter(host -> registry.infraEnv(claim.id())
                                .filter(infraEnv -> infraEnv.hosts.keySet().stream()
                                        .anyMatch(id -> id.toString().equals(host)))
                                .isPresent())
                        .isPresent();
        return ownHost || own.equals(claim.id().toString()) ? Optional.empty() : notFound();
    }

    private static Optional<Answer> unauthorized(String message) {
        return Optional.of(HttpFront.plainError(UNAUTHORIZED, message));
    }

    private static Optional<Answer> notFound() {
        return Optional.of(HttpFront.plainError(NOT_FOUND, "Object Not Found"));
    }
}
