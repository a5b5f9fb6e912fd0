package io.assistedswarm.rehearsal.service.auth;

import com.nimbusds.jwt.JWTClaimsSet;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Tokens of {@code AUTH_TYPE=local}: signed by ES256 with a key of the service's own, with one claim that names an infra-env or a
 * cluster, and without an end (assisted-service, internal/gencrypto/token.go). The key lives as long as this object.
 */
public final class LocalTokens implements Credentials {
    /** What a token can be of; the names of its claims. */
    public enum Kind {
        INFRA_ENV("infra_env_id"),
        CLUSTER("cluster_id");

        private final String claim;

        Kind(String claim) {
            this.claim = claim;
        }
    }

    /** What a token says whose it is. */
    public record Claim(Kind kind, UUID id) {}

    private final EcKey key = new EcKey();
    /** A signature is another one each time, and what a status says must not change with each look at it. */
    private final Map<Claim, String> tokens = new ConcurrentHashMap<>();

    @Override
    public String ofAgents(UUID infraEnv, String pullSecret) {
        return ofInfraEnv(infraEnv);
    }

    public String ofInfraEnv(UUID infraEnv) {
        return token(new Claim(Kind.INFRA_ENV, infraEnv));
    }

    @Override
    public String signedForInfraEnv(String url, UUID infraEnv) {
        return signed(url, new Claim(Kind.INFRA_ENV, infraEnv));
    }

    @Override
    public String signedForCluster(String url, UUID cluster) {
        return signed(url, new Claim(Kind.CLUSTER, cluster));
    }

    @Override
    public ImageKey imageKey(UUID infraEnv) {
        return new ImageKey("byapikey/" + ofInfraEnv(infraEnv), Optional.empty());
    }

    private String signed(String url, Claim claim) {
        return url + (url.contains("?") ? "&" : "?") + "api_key=" + token(claim);
    }

    private String token(Claim claim) {
        return tokens.computeIfAbsent(claim, this::sign);
    }

    private String sign(Claim claim) {
        return key.sign(new JWTClaimsSet.Builder()
                .claim(claim.kind().claim, claim.id().toString())
                .build());
    }

    /** @throws InvalidToken with the service's words (assisted-service, pkg/auth/local_authenticator.go) */
    public Claim claim(String token) throws InvalidToken {
        JWTClaimsSet claims = key.verified(token);
        for (Kind kind : Kind.values()) {
            if (claims.getClaim(kind.claim) instanceof String id) {
                try {
                    return new Claim(kind, UUID.fromString(id));
                } catch (IllegalArgumentException e) {
                    break;
                }
            }
        }
        throw new InvalidToken("claims are incorrectly formatted");
    }
}
