package io.assistedswarm.worker.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.sun.net.httpserver.HttpServer;
import io.assistedswarm.protocol.Failure;
import io.assistedswarm.protocol.Failure.Side;
import io.assistedswarm.worker.Samples;
import io.assistedswarm.worker.Setback;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpImagesTest {
    private static final String TOKEN = "eyJhbGciOiJSUzI1NiJ9.c2VjcmV0";
    private final HttpImages images = new HttpImages();
    private final AtomicInteger requests = new AtomicInteger();
    private volatile int status = 200;
    private HttpServer server;

    @BeforeEach
    void open() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            try (exchange) {
                requests.incrementAndGet();
                exchange.sendResponseHeaders(status, 3000);
                exchange.getResponseBody().write(new byte[3000]);
            }
        });
        server.start();
    }

    @AfterEach
    void close() {
        images.close();
        server.stop(0);
    }

    @Test
    void countsTheBytes() {
        Images.Downloaded done = download(url()).result().toCompletableFuture().join();
        assertThat(done.bytes()).isEqualTo(3000);
    }

    /** Wrong, expired, or of another InfraEnv. */
    @ParameterizedTest
    @CsvSource({"401, Unauthorized", "403, Forbidden"})
    void saysThatItsUrlWasRefused(int answer, String reason) {
        status = answer;
        Setback setback = Setback.of(failureOf(url()));
        assertThat(setback.failure())
                .as("not yet: it may be a gateway's accident")
                .isEmpty();
        Failure failure = setback.imageRefused().orElseThrow();
        assertThat(failure.side()).isEqualTo(Side.SERVICE);
        assertThat(failure.reason()).isEqualTo(reason);
        assertThat(failure.message())
                .startsWith("the image service answered with " + answer)
                .doesNotContain(TOKEN);
        assertThat(requests).hasValue(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {404, 500, 503})
    void otherAnswersMayBeBetterTheNextTime(int answer) {
        status = answer;
        Setback setback = Setback.of(failureOf(url()));
        assertThat(setback.failure()).isEmpty();
        assertThat(setback.imageRefused()).isEmpty();
        assertThat(setback.message()).isEqualTo("the image service answered with " + answer);
    }

    /** The plan has no part in it, and the URL may hold a token. */
    @Test
    void aUrlThatIsNoneIsNeitherShownNorThePlansFault() {
        Setback setback = Setback.of(failureOf("http://images:8091/by token/" + TOKEN));
        assertThat(setback.failure()).isEmpty();
        assertThat(setback.message()).doesNotContain(TOKEN);
    }

    private String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/images/bytoken/" + TOKEN
                + "/4.18/x86_64/full.iso";
    }

    private Images.Download download(String url) {
        return images.download(url, Samples.swarm().service());
    }

    private Throwable failureOf(String url) {
        Throwable thrown = catchThrowable(
                () -> download(url).result().toCompletableFuture().join());
        assertThat(thrown).isInstanceOf(CompletionException.class);
        return thrown;
    }
}
