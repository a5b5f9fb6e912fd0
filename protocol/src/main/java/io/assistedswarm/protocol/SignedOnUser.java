package io.assistedswarm.protocol;

import io.assistedswarm.protocol.TokenExchange.AccessToken;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.DoubleSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A user of {@code AUTH_TYPE=rhsso}: keeps one access token for everybody in this JVM, and asks for the next one before it ends. However
 * many ask, one exchange is under way; after one that failed nobody asks for a while, and neither when the service refuses tokens
 * as soon as they are there.
 */
final class SignedOnUser implements UserAuthorization {
    private static final Logger log = LoggerFactory.getLogger(SignedOnUser.class);
    private static final Duration FIRST_WAIT = Duration.ofSeconds(1);
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);
    private static final Duration WAIT_AFTER_REFUSAL = Duration.ofMinutes(5);
    private static final int MOST_DOUBLINGS = 6;

    /** A token that is refused before it is this old, or half its life, was never any good. */
    private static final Duration YOUNG = Duration.ofSeconds(30);

    /** So many new tokens in a row that are no good are no accident of the service, such as one that has just been restarted. */
    private static final int REFUSALS_THAT_DECIDE = 5;

    /** So near its end a token is not sent any more: it could run out on the way. */
    private static final Duration ON_THE_WAY = Duration.ofSeconds(5);

    /** How much of its life is left when the next one is asked for. */
    private static final double LEFT_AT_RENEWAL = 0.25;

    /** Not all JVMs at the same time. */
    private static final double SPREAD = 0.1;

    private final TokenExchange exchange;
    private final InstantSource clock;
    private final DoubleSupplier chance;

    private Held held;
    private CompletableFuture<Held> underWay;
    private RuntimeException lastFailure;
    private Instant notBefore = Instant.MIN;
    private int failures;
    private int refusals;

    private record Held(Map<String, String> headers, Instant grown, Instant renewal, Instant end) {}

    /** @param chance from 0 to below 1 */
    SignedOnUser(TokenExchange exchange, InstantSource clock, DoubleSupplier chance) {
        this.exchange = exchange;
        this.clock = clock;
        this.chance = chance;
    }

    @Override
    public CompletionStage<Map<String, String>> headers() {
        CompletableFuture<Held> next;
        synchronized (this) {
            Instant now = clock.instant();
            if (held != null && now.isBefore(held.end())) {
                Map<String, String> headers = held.headers();
                if (!now.isBefore(held.renewal())) {
                    var unused = renewed(now);
                }
                return CompletableFuture.completedFuture(headers);
            }
            next = renewed(now);
        }
        return next.thenApply(Held::headers);
    }

    private CompletableFuture<Held> renewed(Instant now) {
        if (underWay != null) {
            return underWay;
        }
        if (now.isBefore(notBefore)) {
            return CompletableFuture.failedFuture(lastFailure);
        }
        CompletableFuture<Held> promise = new CompletableFuture<>();
        underWay = promise;
        // What waits for it goes on outside of the lock.
        var unused = CompletableFuture.completedStage(exchange)
                .thenCompose(TokenExchange::exchange)
                .whenComplete((token, failure) -> {
                    if (failure == null) {
                        promise.complete(took(token));
                    } else {
                        promise.completeExceptionally(failed(failure));
                    }
                });
        return promise;
    }

    private synchronized Held took(AccessToken token) {
        Instant now = clock.instant();
        Duration life = Duration.ofSeconds(token.lifeSeconds());
        Duration tenth = life.dividedBy(10);
        Duration margin = tenth.compareTo(ON_THE_WAY) < 0 ? tenth : ON_THE_WAY;
        // The one before has served to its end.
        refusals = held == null ? refusals : 0;
        double left = LEFT_AT_RENEWAL + SPREAD * chance.getAsDouble();
        held = new Held(
                Map.of("Authorization", "Bearer " + token.value().reveal()),
                now.plus(life.dividedBy(2).compareTo(YOUNG) < 0 ? life.dividedBy(2) : YOUNG),
                now.plusMillis((long) (life.toMillis() * (1 - left))),
                now.plus(life).minus(margin));
        underWay = null;
        failures = 0;
        log.info("signed on, for [{}]", life);
        return held;
    }

    private synchronized RuntimeException failed(Throwable failure) {
        Throwable cause = failure.getCause() != null && !(failure instanceof NoToken) ? failure.getCause() : failure;
        underWay = null;
        failures++;
        Duration wait = cause instanceof NoToken ? WAIT_AFTER_REFUSAL : wait(failures);
        lastFailure = cause instanceof NoToken noToken
                ? noToken
                : new IllegalStateException(
                        cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage());
        notBefore = clock.instant().plus(wait);
        log.warn("{}; the next try is in [{}]", lastFailure.getMessage(), wait);
        return lastFailure;
    }

    @Override
    public synchronized void refused(Map<String, String> sent) {
        if (held == null || !held.headers().equals(sent)) {
            // Another one is there already.
            return;
        }
        Instant now = clock.instant();
        if (now.isBefore(held.grown())) {
            refusals++;
            Duration wait = wait(refusals);
            String why =
                    "the service does not accept the access token that was just got (401): does it know that sign-on?";
            lastFailure = refusals < REFUSALS_THAT_DECIDE ? new IllegalStateException(why) : new NoToken(why);
            notBefore = now.plus(wait);
            log.warn("{} The next try is in [{}]", lastFailure.getMessage(), wait);
        } else {
            refusals = 0;
        }
        held = null;
    }

    private Duration wait(int times) {
        Duration doubled = FIRST_WAIT.multipliedBy(1L << Math.min(times - 1, MOST_DOUBLINGS));
        Duration longest = doubled.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : doubled;
        return longest.plusMillis((long) (longest.toMillis() * chance.getAsDouble() / 2));
    }
}
