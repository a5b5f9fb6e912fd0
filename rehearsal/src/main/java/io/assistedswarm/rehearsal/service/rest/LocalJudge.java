package io.assistedswarm.rehearsal.service.rest;

import io.assistedswarm.rehearsal.service.auth.InvalidToken;
import io.assistedswarm.rehearsal.service.auth.LocalTokens;
import io.assistedswarm.rehearsal.service.auth.LocalTokens.Claim;
import io.assistedswarm.rehearsal.service.auth.LocalTokens.Kind;
import io.assistedswarm.rehearsal.service.model.Registry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * {@code AUTH_TYPE=local} (assisted-service, pkg/auth/local_authenticator.go and local_authz_handler.go, internal/events/events_api.go).
 * The token of any infra-env or cluster that there is opens every call of agents; in a URL it opens what is its own only. Users are
 * refused: they have custom resources.
 */
final class LocalJudge implements Authentication.Judge {
    private final LocalTokens tokens;
    private final Registry registry;
    private final Clock clock;
    private final Duration remembered;
    private final Map<UUID, Instant> seen = new ConcurrentHashMap<>();

    /** @param remembered for so long an infra-env or cluster counts as being there that was there once */
    LocalJudge(LocalTokens tokens, Registry registry, Clock clock, Duration remembered) {
        this.tokens = tokens;
        this.registry = registry;
        this.clock = clock;
        this.remembered = remembered;
    }

    @Override
    public String judge(Call call, Access access, Scheme scheme, String credential) throws Denied {
        switch (scheme) {
            case AGENT -> {
                Claim unused = known(credential);
            }
            case URL -> {
                Claim claim = known(credential);
                if (access == Access.EVENTS ? !ownEvents(call, claim) : !own(call, claim)) {
                    throw Denied.notFound();
                }
            }
            case USER -> throw Denied.unauthenticated("User Authentication not allowed for local auth");
            case WATCHER -> throw Denied.unauthenticated("Watcher Authentication not allowed for local auth");
            case IMAGE, IMAGE_URL -> throw Denied.unauthenticated("Image Authentication not allowed for local auth");
        }
        return Authentication.ADMIN;
    }

    private Claim known(String token) throws Denied {
        Claim claim;
        try {
            claim = tokens.claim(token);
        } catch (InvalidToken e) {
            throw Denied.unauthenticated(e.getMessage());
        }
        Instant now = clock.instant();
        Instant last = seen.get(claim.id());
        if (last == null || last.plus(remembered).isBefore(now)) {
            boolean there = switch (claim.kind()) {
                case INFRA_ENV -> registry.infraEnv(claim.id()).isPresent();
                case CLUSTER -> registry.cluster(claim.id()).isPresent();
            };
            if (!there) {
                seen.remove(claim.id());
                throw Denied.unauthenticated(
                        (claim.kind() == Kind.INFRA_ENV ? "infraEnv " : "Cluster ") + claim.id() + " does not exist");
            }
            seen.put(claim.id(), now);
        }
        return claim;
    }

    /** A URL's token opens what its path names. */
    private static boolean own(Call call, Claim claim) {
        String infraEnv = call.path().getOrDefault("infra_env_id", "");
        String cluster = call.path().getOrDefault("cluster_id", "");
        return (infraEnv.isEmpty() && cluster.isEmpty())
                || (claim.kind() == Kind.INFRA_ENV ? infraEnv : cluster)
                        .equals(claim.id().toString());
    }

    /** Events are asked for by query, of one's own infra-env, its hosts, or cluster. */
    private boolean ownEvents(Call call, Claim claim) {
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
        return ownHost || own.equals(claim.id().toString());
    }
}
