package io.assistedswarm.rehearsal.service.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.assistedswarm.rehearsal.service.PullSecret;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * What a SaaS is made of beside the service, for {@code AUTH_TYPE=rhsso}: accounts, the single sign-on that gives their users access
 * tokens (RS256) for an offline token, and whoever knows pull secrets; and the tokens of images (HS256, with an end), each infra-env's
 * with a key of its own (assisted-service, pkg/auth/rhsso_authenticator.go, internal/gencrypto/token.go).
 */
public final class SsoTokens implements Credentials {
    public static final String CLIENT = "cloud-services";

    /** As the real sign-on gives them. */
    private static final Duration USUAL_LIFE = Duration.ofMinutes(15);

    private static final String SESSION = "session";
    private static final int ACCOUNTS = 5;
    private static final int RSA_BITS = 2048;
    private static final int RANDOM_BYTES = 32;
    private static final Pattern SPACE = Pattern.compile("\\s+");
    private static final SecureRandom RANDOM = new SecureRandom();

    /**
     * Somebody who may use the service.
     *
     * @param agentAuth of {@code cloud.openshift.com} in his pull secret: by it his agents are known
     * @param offlineToken for which he gets access tokens
     */
    public record Account(String user, String organisation, String agentAuth, String offlineToken) {}

    private final List<Account> accounts =
            IntStream.range(0, ACCOUNTS).mapToObj(SsoTokens::account).toList();
    private final Map<UUID, byte[]> imageKeys = new ConcurrentHashMap<>();
    private final Duration life;
    private final Duration imageLife;
    private final Clock clock;
    private final RSAKey key;
    /** Sessions of before are over. */
    private final AtomicInteger session = new AtomicInteger();

    private volatile boolean down;

    SsoTokens(Lives lives, Clock clock) {
        this.life = lives.user().orElse(USUAL_LIFE);
        this.imageLife = lives.image();
        this.clock = clock;
        try {
            this.key = new RSAKeyGenerator(RSA_BITS)
                    .keyID(UUID.randomUUID().toString())
                    .keyUse(KeyUse.SIGNATURE)
                    .algorithm(JWSAlgorithm.RS256)
                    .generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Account account(int index) {
        String user = index == 0 ? "rehearsal" : "tenant-" + index;
        return new Account(
                user,
                String.valueOf(11_000_000 + index),
                Base64.getEncoder()
                        .encodeToString(("uhc-pool-" + user + ":" + random()).getBytes(StandardCharsets.UTF_8)),
                random());
    }

    private static String random() {
        byte[] bytes = new byte[RANDOM_BYTES];
        RANDOM.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    public List<Account> accounts() {
        return accounts;
    }

    /** The public keys, as a sign-on serves them. */
    public Map<String, Object> keys() {
        return new JWKSet(key.toPublicJWK()).toJSONObject();
    }

    /** How long an access token lives that is given now. */
    public Duration life() {
        return life;
    }

    /** An access token for an offline token; empty if nobody has that. */
    public Optional<String> exchange(String offlineToken) {
        return accounts.stream()
                .filter(account -> account.offlineToken().equals(offlineToken))
                .findFirst()
                .map(this::accessToken);
    }

    private String accessToken(Account account) {
        Instant now = clock.instant();
        return signed(
                key,
                new JWTClaimsSet.Builder()
                        .jwtID(UUID.randomUUID().toString())
                        .issueTime(Date.from(now))
                        .expirationTime(Date.from(now.plus(life)))
                        .claim(SESSION, session.get())
                        .claim("typ", "Bearer")
                        .claim("azp", CLIENT)
                        .claim("clientId", CLIENT)
                        .claim("username", account.user())
                        .claim("org_id", account.organisation())
                        .claim("email", account.user() + "@example.com")
                        .build());
    }

    private static String signed(RSAKey key, JWTClaimsSet claims) {
        try {
            SignedJWT token = new SignedJWT(
                    new JWSHeader.Builder(JWSAlgorithm.RS256)
                            .type(JOSEObjectType.JWT)
                            .keyID(key.getKeyID())
                            .build(),
                    claims);
            token.sign(new RSASSASigner(key));
            return token.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Every access token that was given so far is as if it had run out, whatever it says. */
    public void expire() {
        session.incrementAndGet();
    }

    /** The sign-on gives nobody an access token for now, or again. */
    public void down(boolean now) {
        down = now;
    }

    public boolean isDown() {
        return down;
    }

    /**
     * The user of a header {@code Authorization}.
     *
     * @throws InvalidToken in the service's words
     */
    public String user(String header) throws InvalidToken {
        String[] parts = SPACE.split(header.strip());
        if (parts.length != 2 || !parts[0].equalsIgnoreCase("bearer")) {
            throw new InvalidToken("Authorization header format must be Bearer {token}");
        }
        try {
            SignedJWT token = SignedJWT.parse(parts[1]);
            JWTClaimsSet claims = token.getJWTClaimsSet();
            Instant now = clock.instant();
            boolean good = token.getHeader().getAlgorithm().equals(JWSAlgorithm.RS256)
                    && key.getKeyID().equals(token.getHeader().getKeyID())
                    && token.verify(new RSASSAVerifier(key))
                    && (claims.getExpirationTime() == null
                            || claims.getExpirationTime().toInstant().isAfter(now))
                    && session.get() == claims.getIntegerClaim(SESSION);
            if (!good) {
                throw new InvalidToken("Error parsing token or token is invalid");
            }
            String user = claims.getStringClaim("username");
            if (user == null || user.isEmpty()) {
                throw new InvalidToken("Missing username in token");
            }
            return user;
        } catch (ParseException | JOSEException e) {
            throw new InvalidToken("Error parsing token or token is invalid");
        }
    }

    /** The user whose pull secret this is a part of. */
    public String agent(String agentAuth) throws InvalidToken {
        return accounts.stream()
                .filter(account -> account.agentAuth().equals(agentAuth))
                .findFirst()
                .map(Account::user)
                .orElseThrow(() -> new InvalidToken("Failed to validate Pull Secret Token"));
    }

    /** What is wrong with a pull secret beside its form; empty if it is the user's own. */
    public Optional<String> problem(String pullSecret, String user) {
        Optional<String> auth = PullSecret.auth(pullSecret, PullSecret.CLOUD);
        if (auth.isEmpty()) {
            return Optional.of("pull secret must contain auth for \"" + PullSecret.CLOUD + "\"");
        }
        try {
            return agent(auth.get()).equals(user)
                    ? Optional.empty()
                    : Optional.of("pull secret token does not match current user");
        } catch (InvalidToken e) {
            return Optional.of("failed to authenticate the pull secret token");
        }
    }

    /** The infra-env whose image a token is for. */
    public UUID infraEnv(String imageToken) throws InvalidToken {
        try {
            SignedJWT token = SignedJWT.parse(imageToken);
            JWTClaimsSet claims = token.getJWTClaimsSet();
            UUID infraEnv = UUID.fromString(Optional.ofNullable(claims.getSubject())
                    .orElseThrow(() -> new InvalidToken("token missing 'sub' claim")));
            byte[] secret = imageKeys.get(infraEnv);
            if (secret == null
                    || !token.getHeader().getAlgorithm().equals(JWSAlgorithm.HS256)
                    || !token.verify(new MACVerifier(secret))) {
                throw new InvalidToken("signature is invalid");
            }
            if (claims.getExpirationTime() == null
                    || claims.getExpirationTime().toInstant().isBefore(clock.instant())) {
                throw new InvalidToken("Token is expired");
            }
            return infraEnv;
        } catch (ParseException | JOSEException | IllegalArgumentException e) {
            throw new InvalidToken("token contains an invalid number of segments");
        }
    }

    @Override
    public String ofAgents(UUID infraEnv, String pullSecret) {
        return PullSecret.auth(pullSecret, PullSecret.CLOUD).orElse("");
    }

    @Override
    public String signedForInfraEnv(String url, UUID infraEnv) {
        ImageKey image = imageKey(infraEnv);
        return url + (url.contains("?") ? "&" : "?") + "image_token="
                + image.path().substring("bytoken/".length());
    }

    /** Clusters have no tokens of their own. */
    @Override
    public String signedForCluster(String url, UUID cluster) {
        return url;
    }

    @Override
    public ImageKey imageKey(UUID infraEnv) {
        byte[] secret = imageKeys.computeIfAbsent(infraEnv, id -> {
            byte[] bytes = new byte[RANDOM_BYTES];
            RANDOM.nextBytes(bytes);
            return bytes;
        });
        Instant end = clock.instant().plus(imageLife);
        try {
            SignedJWT token = new SignedJWT(
                    new JWSHeader.Builder(JWSAlgorithm.HS256)
                            .type(JOSEObjectType.JWT)
                            .build(),
                    new JWTClaimsSet.Builder()
                            .subject(infraEnv.toString())
                            .expirationTime(Date.from(end))
                            .build());
            token.sign(new MACSigner(secret));
            return new ImageKey("bytoken/" + token.serialize(), Optional.of(end));
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }
}
