package io.assistedswarm.coordinator.hub;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.assistedswarm.protocol.RuntimeSpec.Images;
import io.assistedswarm.protocol.Secret;
import io.assistedswarm.protocol.ServiceSpec;
import io.assistedswarm.protocol.UserAuthorizations;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is wrong with a service, and whether it is the configuration. */
class AssistedServiceIT {
    private final AssistedService service = new AssistedService(Runnable::run, new UserAuthorizations());
    private HttpServer server;
    private int status = 200;
    private String answer = "{\"versions\":{\"discovery-agent\":\"quay.io/agent:1\","
            + "\"assisted-installer\":\"quay.io/installer:1\"}}";

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/api/assisted-install/v2/component-versions", exchange -> {
            byte[] body = answer.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void namesTheImagesThatTheServiceAnnounces() {
        assertThat(service.images(spec("", url())))
                .succeedsWithin(Duration.ofSeconds(5))
                .isEqualTo(new Images("quay.io/agent:1", "quay.io/installer:1", ""));
    }

    @ParameterizedTest
    @CsvSource({
        "401, it wants authentication",
        "404, is serviceEndpoint the address of an assisted-service?",
    })
    void anAnswerThatWillNotChangeIsTheConfigurationsFault(int code, String said) {
        status = code;
        assertThat(failure(service.images(spec("", url()))))
                .isInstanceOf(AssistedService.Unusable.class)
                .hasMessageContaining(said);
    }

    @Test
    void anotherServerIsTheConfigurationsFault() {
        answer = "<html>";
        assertThat(failure(service.images(spec("", url())))).isInstanceOf(AssistedService.Unusable.class);
    }

    @Test
    void aMissingCaBundleIsTheConfigurationsFault() {
        assertThat(failure(service.images(spec("/nowhere.pem", url()))))
                .isInstanceOf(AssistedService.Unusable.class)
                .hasMessageContaining("/nowhere.pem");
    }

    @Test
    void whatIsNotUpIsNobodysFault() {
        status = 503;
        assertThat(failure(service.images(spec("", url())))).isInstanceOf(AssistedService.Unreachable.class);
        assertThat(failure(service.images(spec("", "http://127.0.0.1:1"))))
                .isInstanceOf(AssistedService.Unreachable.class)
                .hasMessageContaining("cannot reach the service at http://127.0.0.1:1");
    }

    private String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private static ServiceSpec spec(String caFile, String url) {
        return new ServiceSpec(url, false, caFile, "", new Secret(""), "", "", "", "");
    }

    private static Throwable failure(CompletionStage<Images> images) {
        Throwable failure =
                images.handle((value, thrown) -> thrown).toCompletableFuture().join();
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }
}
