package io.assistedswarm.worker.metrics;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.assistedswarm.protocol.ApiToken;
import io.assistedswarm.protocol.Remoting;
import io.assistedswarm.protocol.TlsFolder;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** A worker's HTTP server: {@code /metrics} for Prometheus, {@code /health} and {@code /ready} for probes, which need no token. */
public final class MetricsServer implements AutoCloseable {
    private static final String JSON = "application/json";

    private final HttpServer server;
    private final ExecutorService threads;
    private final String url;

    private MetricsServer(HttpServer server, ExecutorService threads, String url) {
        this.server = server;
        this.threads = threads;
        this.url = url;
    }

    /**
     * Listens.
     *
     * @param page what Prometheus reads
     * @param ready whether the worker can be given hosts
     * @throws IOException in one line when the address is taken or not ours
     */
    public static MetricsServer start(HttpSettings settings, Supplier<byte[]> page, BooleanSupplier ready)
            throws IOException {
        InetSocketAddress address = new InetSocketAddress(settings.host(), settings.port());
        HttpServer server;
        try {
            server = settings.tls().isPresent() ? secure(settings.tls().get(), address) : HttpServer.create(address, 0);
        } catch (IOException e) {
            throw new IOException(
                    "cannot listen on " + settings.host() + ":" + settings.port() + " (--http-port): " + e.getMessage(),
                    e);
        }
        Optional<ApiToken> token = settings.token();
        server.createContext(
                "/health", exchange -> answer(exchange, "/health", 200, JSON, text("{\"status\":\"up\"}")));
        server.createContext("/ready", exchange -> {
            boolean isReady = ready.getAsBoolean();
            answer(
                    exchange,
                    "/ready",
                    isReady ? 200 : 503,
                    JSON,
                    text(isReady ? "{\"status\":\"ready\"}" : "{\"status\":\"joining\"}"));
        });
        server.createContext("/metrics", exchange -> {
            int refusal = refusal(exchange, token);
            if (refusal == 0) {
                answer(exchange, "/metrics", 200, PrometheusTextFormatWriter.CONTENT_TYPE, page.get());
            } else {
                answer(exchange, "/metrics", refusal, JSON, text("{\"problems\":[\"not for you\"]}"));
            }
        });
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        server.setExecutor(threads);
        server.start();
        String host = settings.tls().isPresent()
                ? settings.host()
                : server.getAddress().getAddress().getHostAddress();
        String url = (settings.tls().isPresent() ? "https://" : "http://")
                + (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":"
                + server.getAddress().getPort();
        return new MetricsServer(server, threads, url);
    }

    /** Without a slash at the end. */
    public String url() {
        return url;
    }

    private static HttpServer secure(TlsFolder tls, InetSocketAddress address) throws IOException {
        HttpsServer server = HttpsServer.create(address, 0);
        server.setHttpsConfigurator(new HttpsConfigurator(tls.open()));
        return server;
    }

    /** Without a token for who calls this machine by its own name only, as the coordinator's API. */
    private static int refusal(HttpExchange exchange, Optional<ApiToken> token) {
        if (token.isEmpty()) {
            String host = String.valueOf(exchange.getRequestHeaders().getFirst("Host"));
            return Remoting.isLoopbackName(nameIn(host)) ? 0 : 403;
        }
        String shown = exchange.getRequestHeaders().getFirst("Authorization");
        return shown != null && token.get().admits(shown) ? 0 : 401;
    }

    private static String nameIn(String host) {
        try {
            return String.valueOf(URI.create("http://" + host).getHost());
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    private static void answer(HttpExchange exchange, String path, int status, String type, byte[] content)
            throws IOException {
        try (exchange) {
            boolean known = exchange.getRequestURI().getPath().equals(path);
            boolean read = exchange.getRequestMethod().equals("GET");
            byte[] sent = known && read ? content : text("{\"problems\":[\"there is nothing here\"]}");
            exchange.getResponseHeaders().set("Content-Type", known && read ? type : JSON);
            exchange.sendResponseHeaders(!known ? 404 : !read ? 405 : status, sent.length);
            exchange.getResponseBody().write(sent);
        }
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.close();
    }
}
