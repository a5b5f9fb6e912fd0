package io.assistedswarm.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.assistedswarm.protocol.TokenExchange.AccessToken;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class SignedOnUserTest {
    private static final long LIFE_SECONDS = 900;
    private Instant now = Instant.parse("2026-11-26T18:00:00Z");
    private final TestingExchange exchange = new TestingExchange();
    private final SignedOnUser user = new SignedOnUser(exchange, () -> now, () -> 0);

    /** Answers what the test lets it, in the order of the questions. */
    private static final class TestingExchange implements TokenExchange {
        private final Deque<CompletableFuture<AccessToken>> asked = new ArrayDeque<>();
        private int count;

        @Override
        public CompletionStage<AccessToken> exchange() {
            CompletableFuture<AccessToken> answer = new CompletableFuture<>();
            asked.add(answer);
            count++;
            return answer;
        }

        void give(String token) {
            asked.remove().complete(new AccessToken(new Secret(token), LIFE_SECONDS));
        }

        void fail(RuntimeException failure) {
            asked.remove().completeExceptionally(failure);
        }
    }

    private CompletableFuture<Map<String, String>> headers() {
        return user.headers().toCompletableFuture();
    }

    private static Map<String, String> bearer(String token) {
        return Map.of("Authorization", "Bearer " + token);
    }

    private String failure() {
        return assertThrows(CompletionException.class, () -> headers().join())
                .getCause()
                .getMessage();
    }

    private void pass(Duration time) {
        now = now.plus(time);
    }

    private Map<String, String> signOn(String token) {
        CompletableFuture<Map<String, String>> headers = headers();
        exchange.give(token);
        return headers.join();
    }

    @Test
    void asksOnceHoweverManyWait() {
        List<CompletableFuture<Map<String, String>>> waiting = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            waiting.add(headers());
        }
        exchange.give("a");

        waiting.forEach(headers -> assertEquals(bearer("a"), headers.join()));
        assertEquals(bearer("a"), headers().join());
        assertEquals(1, exchange.count);
    }

    @Test
    void renewsAheadWhileTheOldOneServes() {
        signOn("a");
        pass(Duration.ofSeconds(LIFE_SECONDS * 3 / 4));

        assertEquals(bearer("a"), headers().join());
        assertEquals(bearer("a"), headers().join());
        assertEquals(2, exchange.count);
        exchange.give("b");
        assertEquals(bearer("b"), headers().join());
        assertEquals(2, exchange.count);
    }

    @Test
    void sendsNothingThatCouldRunOutOnTheWay() {
        signOn("a");
        pass(Duration.ofSeconds(LIFE_SECONDS - 4));

        CompletableFuture<Map<String, String>> headers = headers();
        assertFalse(headers.isDone());
        exchange.give("b");
        assertEquals(bearer("b"), headers.join());
    }

    @Test
    void keepsWhatItHasWhenTheRenewalFails() {
        signOn("a");
        pass(Duration.ofSeconds(LIFE_SECONDS * 3 / 4));
        var unused = headers();
        exchange.fail(new IllegalStateException("503"));

        assertEquals(bearer("a"), headers().join());
        assertEquals(2, exchange.count);
        pass(Duration.ofSeconds(1));
        assertEquals(bearer("a"), headers().join());
        assertEquals(3, exchange.count);
    }

    @Test
    void waitsLongerAfterEachFailureAndTellsWhyMeanwhile() {
        int[] seconds = {1, 2, 4, 8, 16, 32, 60, 60};
        for (int i = 0; i < seconds.length; i++) {
            CompletableFuture<Map<String, String>> headers = headers();
            exchange.fail(new IllegalStateException("sso is down"));
            assertTrue(headers.isCompletedExceptionally());
            pass(Duration.ofSeconds(seconds[i]).minusMillis(1));
            assertEquals("sso is down", failure());
            assertEquals(i + 1, exchange.count);
            pass(Duration.ofMillis(1));
        }
        assertEquals(bearer("a"), signOn("a"));
    }

    @Test
    void saysThatTheOfflineTokenIsWorthNothingAndDoesNotAskAgainForLong() {
        CompletableFuture<Map<String, String>> headers = headers();
        exchange.fail(new NoToken("no access token: invalid_grant"));

        assertTrue(assertThrows(CompletionException.class, headers::join).getCause() instanceof NoToken);
        pass(Duration.ofMinutes(4));
        assertEquals("no access token: invalid_grant", failure());
        assertEquals(1, exchange.count);
    }

    @Test
    void getsAnotherForATokenThatWasRevoked() {
        Map<String, String> first = signOn("a");
        pass(Duration.ofMinutes(5));
        user.refused(first);
        user.refused(first);

        assertEquals(bearer("b"), signOn("b"));
        user.refused(first);
        assertEquals(bearer("b"), headers().join());
        assertEquals(2, exchange.count);
    }

    @Test
    void makesNoStormOfTokensThatAreRefusedAtOnce() {
        int exchanges = 0;
        for (int second = 0; second < 300; second++) {
            for (int i = 0; i < 100; i++) {
                CompletableFuture<Map<String, String>> headers = headers();
                if (!exchange.asked.isEmpty()) {
                    exchange.give("token-" + exchanges++);
                    user.refused(headers.join());
                } else {
                    assertTrue(headers.isCompletedExceptionally());
                }
            }
            pass(Duration.ofSeconds(1));
        }
        assertTrue(exchange.count <= 11, exchange.count + " exchanges in five minutes");
        assertTrue(failure().contains("does not accept the access token that was just got"));
    }

    /** Until then it may be an accident of the service; from then on it is the service config that is wrong. */
    @Test
    void saysThatNoTokenIsAnyGoodAfterTheFifthThatIsRefusedAtOnce() {
        for (int refusal = 1; refusal <= 5; refusal++) {
            user.refused(signOn("token-" + refusal));
            Throwable cause = assertThrows(
                            CompletionException.class, () -> headers().join())
                    .getCause();
            assertEquals(refusal == 5, cause instanceof NoToken, "after " + refusal);
            assertTrue(cause.getMessage().contains("does it know that sign-on?"));
            pass(Duration.ofMinutes(1));
        }
        assertEquals(bearer("good"), signOn("good"), "it is asked again all the same, in case somebody has mended it");
    }

    @Test
    void showsNoTokenInWhatItIsCalled() {
        assertFalse(AuthSpec.rhsso(new Secret("very-secret"), "u", "c", "")
                .toString()
                .contains("very-secret"));
    }
}
