package io.assistedswarm.coordinator.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.sun.net.httpserver.HttpServer;
import io.assistedswarm.coordinator.Samples;
import io.assistedswarm.coordinator.api.Views.ServiceEventView;
import io.assistedswarm.coordinator.api.Views.ServiceEventsView;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ForkJoinPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServiceEventsTest {
    private static final String KEY = "a-key-that-must-not-be-told";

    private Clock clock = Clock.systemUTC();
    private final CompletableFuture<String> asked = new CompletableFuture<>();
    private volatile int status = 200;
    private volatile String body = "[]";
    private HttpServer service;

    @BeforeEach
    void listen() throws IOException {
        service = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        service.createContext("/", exchange -> {
            asked.complete(exchange.getRequestURI().toString());
            byte[] answer = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        service.start();
    }

    @AfterEach
    void stop() {
        service.stop(0);
    }

    @Test
    void readsTheLatest() {
        body = """
                [{"name":"host_status_updated","severity":"warning","category":"user","message":"Host a: updated status to insufficient",
                  "event_time":"2026-11-23T10:00:00.123Z","cluster_id":"c"}]""";
        assertThat(latest())
                .containsExactly(new ServiceEventView(
                        Instant.parse("2026-11-23T10:00:00.123Z"),
                        "warning",
                        "host_status_updated",
                        "Host a: updated status to insufficient"));
        assertThat(asked.join()).isEqualTo("/v2/events?cluster_id=c&api_key=" + KEY + "&order=descending&limit=50");
    }

    @Test
    void saysWhatIsWrongAndNeverTheKey() {
        status = 401;
        assertThatThrownBy(this::latest)
                .hasMessageContaining("the service answered 401")
                .hasMessageNotContaining(KEY);
        status = 200;
        body = "<html>";
        assertThatThrownBy(this::latest)
                .hasMessageContaining("no list of events")
                .hasMessageNotContaining(KEY);
        service.stop(0);
        assertThatThrownBy(this::latest)
                .hasMessageContaining("the service does not answer: ConnectException")
                .hasMessageNotContaining(KEY);
    }

    @ParameterizedTest
    @ValueSource(ints = {90, -90})
    void tellsHowFarTheServicesClockIsOff(int behind) {
        clock = Clock.offset(Clock.systemUTC(), Duration.ofSeconds(behind));
        assertThat(read().clockAheadSeconds().orElseThrow()).isCloseTo(-behind, within(3.0));
        assertThat(read().clock())
                .matches("the service's clock is \\d\\d s " + (behind > 0 ? "behind" : "ahead of")
                        + " the coordinator's");
    }

    @Test
    void saysNothingOfAClockThatIsAsTheCoordinators() {
        assertThat(read()).isEqualTo(new ServiceEventsView(Optional.empty(), List.of()));
        assertThat(read().clock()).isEmpty();
    }

    private List<ServiceEventView> latest() {
        return read().events();
    }

    private ServiceEventsView read() {
        return new ServiceEvents(ForkJoinPool.commonPool(), clock)
                .latest(
                        Samples.service(""),
                        new Hub.EventsAddress(
                                "http://127.0.0.1:" + service.getAddress().getPort()
                                        + "/v2/events?cluster_id=c&api_key=" + KEY,
                                Map.of()))
                .toCompletableFuture()
                .join();
    }
}
