package io.assistedswarm.coordinator.hub;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.assistedswarm.protocol.Labels;
import io.assistedswarm.protocol.SwarmId;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.StandardHttpRequest;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** How long a watch may be silent. */
class HubHealthTest {
    private static final SwarmId NIGHT = new SwarmId("night");

    private Instant now = Instant.parse("2026-11-27T22:00:00Z");
    private final HubHealth health = new HubHealth(() -> now, Duration.ofMillis(250));

    @BeforeEach
    void watch() {
        health.watched(NIGHT);
        health.watched(new SwarmId("day"));
    }

    @Test
    void nothingIsDueThatWasNeverAnswered() {
        passes(600);
        assertThat(silence()).isZero();
    }

    @Test
    void anAnswerByWebSocketIsFollowedByTheConnection() {
        answer(request(NIGHT, "agents"), 101, Map.of());
        passes(7);
        assertThat(silence()).isEqualTo(Duration.ofSeconds(7));
    }

    @Test
    void anAnswerByPlainHttpIsFollowedByABookmark() {
        answer(request(NIGHT, "agents"), 200, Map.of());
        passes(60);
        assertThat(silence()).isZero();
        passes(7);
        assertThat(silence()).isEqualTo(Duration.ofSeconds(7));
    }

    @Test
    void whatWasToldToWaitIsDueAfterIt() {
        answer(request(NIGHT, "agents"), 429, Map.of("Retry-After", List.of("20")));
        passes(20);
        assertThat(silence()).isZero();
        passes(7);
        assertThat(silence()).isEqualTo(Duration.ofSeconds(7));
    }

    @Test
    void eachRefusalIsAnAnswer() {
        for (int second = 0; second < 100; second++) {
            health.afterConnectionFailure(request(NIGHT, "agents"), new IOException("Connection refused"));
            passes(1);
        }
        assertThat(silence()).isZero();
    }

    @Test
    void otherSwarmsAndKindsDoNotCount() {
        answer(request(NIGHT, "agents"), 101, Map.of());
        passes(30);
        answer(request(NIGHT, "infraenvs"), 101, Map.of());
        answer(request(new SwarmId("day"), "agents"), 101, Map.of());
        assertThat(silence()).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void whatIsNotWatchedAnyMoreIsNotWaitedForWhateverItsDeletionAsks() {
        answer(request(NIGHT, "agents"), 101, Map.of());
        passes(30);
        health.unwatched(new SwarmId("day"));
        assertThat(silence()).isPositive();
        health.unwatched(NIGHT);
        answer(request(NIGHT, "agents"), 101, Map.of());
        passes(30);
        assertThat(silence()).isZero();
    }

    @Test
    void saysATroubleOfASwarmOnceUntilTheSwarmIsForgotten() {
        Runnable refusal =
                () -> health.afterConnectionFailure(request(NIGHT, "agents"), new IOException("Connection refused"));
        assertThat(linesOf(refusal)).hasSize(1);
        assertThat(linesOf(refusal)).isEmpty();
        health.forget(NIGHT);
        assertThat(linesOf(refusal)).hasSize(1);
    }

    private static List<ILoggingEvent> linesOf(Runnable action) {
        Logger logger = (Logger) LoggerFactory.getLogger(HubHealth.class);
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        logger.addAppender(lines);
        try {
            action.run();
        } finally {
            logger.detachAppender(lines);
        }
        String here = Thread.currentThread().getName();
        return lines.list.stream()
                .filter(line -> line.getThreadName().equals(here))
                .toList();
    }

    private void passes(int seconds) {
        now = now.plusSeconds(seconds);
    }

    private Duration silence() {
        return health.silence(NIGHT, "agents");
    }

    private static HttpRequest request(SwarmId swarm, String plural) {
        return new StandardHttpRequest.Builder()
                .uri(URI.create("http://127.0.0.1/apis/agent-install.openshift.io/v1beta1/" + plural + "?labelSelector="
                        + Labels.SWARM + "%3D" + swarm.value() + "&watch=true"))
                .build();
    }

    private void answer(HttpRequest request, int code, Map<String, List<String>> headers) {
        health.after(
                request,
                new HttpResponse<Void>() {
                    @Override
                    public int code() {
                        return code;
                    }

                    @Override
                    public Void body() {
                        return null;
                    }

                    @Override
                    public HttpRequest request() {
                        return request;
                    }

                    @Override
                    public Optional<HttpResponse<?>> previousResponse() {
                        return Optional.empty();
                    }

                    @Override
                    public List<String> headers(String key) {
                        return headers.getOrDefault(key, List.of());
                    }

                    @Override
                    public Map<String, List<String>> headers() {
                        return headers;
                    }
                },
                (value, body) -> {});
    }
}
