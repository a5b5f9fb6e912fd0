package io.assistedswarm.worker.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.assistedswarm.protocol.ApiToken;
import io.assistedswarm.protocol.CertificateAuthority;
import io.assistedswarm.protocol.DataDisk;
import io.assistedswarm.protocol.NodeHealth;
import io.assistedswarm.protocol.TlsFolder;
import io.assistedswarm.protocol.WorkerName;
import io.assistedswarm.protocol.WorkerState;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MetricsServerTest {
    private static final WorkerState STATE = new WorkerState(
            new WorkerName("w1"),
            "pekko://assisted-swarm@127.0.0.1:1",
            "0.1",
            List.of("127.0.0.1:25520"),
            50,
            4,
            1L << 32,
            6,
            7,
            1L << 27,
            40,
            99,
            new NodeHealth(
                    Instant.EPOCH,
                    Optional.of(0.25),
                    Duration.ofMillis(5),
                    Optional.of(Duration.ofMillis(-1500)),
                    Duration.ofMillis(2)),
            new DataDisk(5L << 30, "No space left on device"));

    @TempDir
    Path folder;

    private final WorkerMetrics metrics = new WorkerMetrics("0.1");

    @Test
    void showsWhatTheWorkerReportsAndHowTheHubAnswers() throws Exception {
        metrics.reported(STATE);
        metrics.answered("PATCH", 200, Duration.ofMillis(30));
        metrics.answered("GET", 0, Duration.ofSeconds(40));
        try (MetricsServer server = start(open())) {
            assertThat(get(server, "/metrics").body().lines())
                    .contains(
                            "assisted_swarm_build_info{version=\"0.1\"} 1",
                            "assisted_swarm_node_capacity{worker=\"w1\"} 50.0",
                            "assisted_swarm_node_hosts{worker=\"w1\"} 6.0",
                            "assisted_swarm_node_processes{worker=\"w1\"} 7.0",
                            "assisted_swarm_node_data_free_bytes{worker=\"w1\"} 5.36870912E9",
                            "assisted_swarm_node_data_unwritable{worker=\"w1\"} 1.0",
                            "assisted_swarm_node_cpu_wait_ratio{worker=\"w1\"} 0.25",
                            "assisted_swarm_node_timer_stall_seconds{worker=\"w1\"} 0.005",
                            "assisted_swarm_node_clock_ahead_seconds{worker=\"w1\"} -1.5",
                            "assisted_swarm_node_hub_requests_total{worker=\"w1\"} 99.0",
                            "assisted_swarm_node_hub_request_duration_seconds_bucket{status=\"200\",verb=\"PATCH\",le=\"0.025\"} 0",
                            "assisted_swarm_node_hub_request_duration_seconds_bucket{status=\"200\",verb=\"PATCH\",le=\"0.05\"} 1",
                            "assisted_swarm_node_hub_request_duration_seconds_count{status=\"0\",verb=\"GET\"} 1");
        }
    }

    @Test
    void saysNothingOfAWorkerThatHasNotReported() throws Exception {
        try (MetricsServer server = start(open())) {
            assertThat(get(server, "/metrics").body()).contains("jvm_").doesNotContain("worker=\"");
        }
    }

    @Test
    void isHealthyAtOnceAndReadyWhenItHasJoined() throws Exception {
        try (MetricsServer joining = MetricsServer.start(open(), metrics::page, () -> false);
                MetricsServer joined = start(open())) {
            assertThat(get(joining, "/health").statusCode()).isEqualTo(200);
            assertThat(get(joining, "/ready").statusCode()).isEqualTo(503);
            assertThat(get(joined, "/ready").statusCode()).isEqualTo(200);
            assertThat(get(joined, "/ready").body()).isEqualTo("{\"status\":\"ready\"}");
        }
    }

    @Test
    void wantsTheTokenForMetricsAndNotForProbes() throws Exception {
        Path token = folder.resolve("token");
        ApiToken made = ApiToken.readOrMake(token);
        try (MetricsServer server = start(new HttpSettings("127.0.0.1", 0, Optional.of(token), Optional.empty()))) {
            assertThat(get(server, "/metrics").statusCode()).isEqualTo(401);
            assertThat(get(server, "/metrics", "Authorization", "Bearer wrong-wrong-wrong-wrong")
                            .statusCode())
                    .isEqualTo(401);
            assertThat(get(server, "/metrics", "Authorization", made.header()).statusCode())
                    .isEqualTo(200);
            assertThat(get(server, "/health").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void speaksTlsWithTheNodesCertificate() throws Exception {
        Path certificates =
                CertificateAuthority.open(folder.resolve("certificates")).issue("127.0.0.1");
        try (MetricsServer server =
                start(new HttpSettings("127.0.0.1", 0, Optional.empty(), Optional.of(new TlsFolder(certificates))))) {
            assertThat(server.url()).startsWith("https://127.0.0.1:");
            HttpClient trusting = HttpClient.newBuilder()
                    .sslContext(TlsFolder.trusting(certificates.resolve("ca.crt")))
                    .build();
            assertThat(trusting.send(
                                    HttpRequest.newBuilder(URI.create(server.url() + "/metrics"))
                                            .build(),
                                    HttpResponse.BodyHandlers.ofString())
                            .statusCode())
                    .isEqualTo(200);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /metrics, evil.example, 403",
        "GET, /metrics, localhost:80, 200",
        "GET, /metrics/x, 127.0.0.1, 404",
        "POST, /metrics, 127.0.0.1, 405",
        "GET, /other, 127.0.0.1, 404"
    })
    void answersNobodyElseAndNothingElse(String method, String path, String host, int status) throws Exception {
        try (MetricsServer server = start(open())) {
            URI address = URI.create(server.url());
            try (Socket socket = new Socket(address.getHost(), address.getPort())) {
                socket.getOutputStream()
                        .write((method + " " + path + " HTTP/1.1\r\nHost: " + host
                                        + "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
                                .getBytes(StandardCharsets.US_ASCII));
                assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                        .startsWith("HTTP/1.1 " + status);
            }
        }
    }

    @Test
    void elsewhereThanOnLoopbackItNeedsTlsAndAToken() throws IOException {
        assertThat(open().problems()).isEmpty();
        assertThat(new HttpSettings("0.0.0.0", 0, Optional.empty(), Optional.empty()).problems())
                .containsExactly("--http-host 0.0.0.0 is not loopback: it needs --tls DIR and --token-file FILE");
        Path shared = Files.writeString(folder.resolve("shared"), "a-token-of-a-test-0123456789");
        Files.setPosixFilePermissions(shared, PosixFilePermissions.fromString("rw-r--r--"));
        assertThat(new HttpSettings("127.0.0.1", 70_000, Optional.of(shared), Optional.empty()).problems())
                .hasSize(2);
    }

    @Test
    void saysInOneLineThatItsPortIsTaken() throws Exception {
        try (MetricsServer first = start(open())) {
            int port = URI.create(first.url()).getPort();
            assertThatThrownBy(() -> start(new HttpSettings("127.0.0.1", port, Optional.empty(), Optional.empty())))
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith("cannot listen on 127.0.0.1:" + port + " (--http-port)");
        }
    }

    private static HttpSettings open() {
        return new HttpSettings("127.0.0.1", 0, Optional.empty(), Optional.empty());
    }

    private MetricsServer start(HttpSettings settings) throws IOException {
        return MetricsServer.start(settings, metrics::page, () -> true);
    }

    private static HttpResponse<String> get(MetricsServer server, String path, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(server.url() + path));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
