package io.assistedswarm.rehearsal.service.auth;

import com.nimbusds.jwt.JWTClaimsSet;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.util.Date;
import java.util.Optional;
import java.util.UUID;

/**
 * Tokens of {@code AUTH_TYPE=agent-installer-local}: made once by whoever sets the service up, one each for agents, users and
 * watchers, each saying which it is, with or without an end (assisted-service, pkg/auth/agent_local_authenticator.go).
 */
public final class SchemeTokens implements Credentials {
    private static final String CLAIM = "auth_scheme";

    /** What a token is for. */
    public enum Role {
        AGENT("agentAuth"),
        USER("userAuth"),
        WATCHER("watcherAuth");

        private final String claim;

        Role(String claim) {
            this.claim = claim;
        }

        public String claim() {
            return claim;
        }
    }

    private final EcKey key = new EcKey();
    private final Clock clock;
    private final Optional<Duration> life;

    /** @param life of the tokens; empty for ever */
    public SchemeTokens(Clock clock, Optional<Duration> life) {
        this.clock = clock;
        this.life = life;
    }

    /** A new one. */
    public String token(Role role) {
        return token(role, life);
    }

    /** @param whole of its life; empty for ever */
    public String token(Role role, Optional<Duration> whole) {
        JWTClaimsSet.Builder claims = new JWTClaimsSet.Builder().claim(CLAIM, role.claim());
        whole.ifPresent(until -> claims.expirationTime(Date.from(clock.instant().plus(until))));
        return key.sign(claims.build());
    }

    /** What a token says it is for. */
    public String authScheme(String token) throws InvalidToken {
        JWTClaimsSet claims = key.verified(token);
        Date end = claims.getExpirationTime();
        if (end != null && end.toInstant().isBefore(clock.instant())) {
            throw new InvalidToken(
                    "The provided authentication token has expired. Please generate a new token and try again.");
        }
        try {
            return Optional.ofNullable(claims.getStringClaim(CLAIM)).orElse("");
        } catch (ParseException e) {
            throw new InvalidToken("malformed auth_scheme claim");
        }
    }

    /** It is made elsewhere, and the service does not know it. */
    @Override
    public String ofAgents(UUID infraEnv, String pullSecret) {
        return "";
    }

    @Override
    public String signedForInfraEnv(String url, UUID infraEnv) {
        return url;
    }

    @Override
    public String signedForCluster(String url, UUID cluster) {
        return url;
    }

    @Override
    public ImageKey imageKey(UUID infraEnv) {
        return ImageKey.byId(infraEnv);
    }
}
