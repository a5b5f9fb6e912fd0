package io.assistedswarm.rehearsal.service.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.text.ParseException;
import java.util.Map;
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

    /** A token that the service does not take. */
    public static final class InvalidToken extends Exception {
        private static final long serialVersionUID = 1L;

        private InvalidToken(String message) {
            super(message);
        }
    }

    private static final JWSHeader HEADER =
            new JWSHeader.Builder(JWSAlgorithm.ES256).type(JOSEObjectType.JWT).build();

    private final JWSSigner signer;
    private final JWSVerifier verifier;
    /** A signature is another one each time, and what a status says must not change with each look at it. */
    private final Map<Claim, String> tokens = new ConcurrentHashMap<>();

    public LocalTokens() {
        try {
            ECKey key = new ECKeyGenerator(Curve.P_256).generate();
            signer = new ECDSASigner(key);
            verifier = new ECDSAVerifier(key);
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public String ofAgents(UUID infraEnv) {
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
    public String imageKey(UUID infraEnv) {
        return "byapikey/" + ofAgents(infraEnv);
    }

    private String signed(String url, Claim claim) {
        return url + (url.contains("?") ? "&" : "?") + "api_key=" + token(claim);
    }

    private String token(Claim claim) {
        return tokens.computeIfAbsent(claim, this::sign);
    }

    private String sign(Claim claim) {
        SignedJWT token = new SignedJWT(
                HEADER,
                new JWTClaimsSet.Builder()
                        .claim(claim.kind().claim, claim.id().toString())
                        .build());
        try {
            token.sign(signer);
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
        return token.serialize();
    }

    /** @throws InvalidToken with the service's words (assisted-service, pkg/auth/local_authenticator.go) */
    public Claim claim(String token) throws InvalidToken {
        try {
            SignedJWT parsed = SignedJWT.parse(token);
            if (!parsed.getHeader().getAlgorithm().equals(JWSAlgorithm.ES256) || !parsed.verify(verifier)) {
                throw new InvalidToken("Failed to parse token: crypto/ecdsa: verification error\n");
            }
            JWTClaimsSet claims = parsed.getJWTClaimsSet();
            for (Kind kind : Kind.values()) {
                if (claims.getClaim(kind.claim) instanceof String id) {
                    return new Claim(kind, UUID.fromString(id));
                }
            }
            throw new InvalidToken("claims are incorrectly formatted");
        } catch (ParseException | JOSEException e) {
            throw new InvalidToken("Failed to parse token: token contains an invalid number of segments\n");
        } catch (IllegalArgumentException e) {
            throw new InvalidToken("claims are incorrectly formatted");
        }
    }
}
