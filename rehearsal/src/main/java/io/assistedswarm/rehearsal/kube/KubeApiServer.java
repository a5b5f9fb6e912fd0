package io.assistedswarm.rehearsal.kube;

import com.sun.net.httpserver.HttpExchange;
import io.assistedswarm.rehearsal.trouble.Asked;
import io.assistedswarm.rehearsal.trouble.Disturbance;
import io.assistedswarm.rehearsal.trouble.Door;
import io.assistedswarm.rehearsal.trouble.Fate;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A Kubernetes API in memory, over plain HTTP, without authentication: for rehearsals on loopback only. */
public final class KubeApiServer implements AutoCloseable {
    static final String VERSION = "v1.32.0";

    private static final Logger LOG = LoggerFactory.getLogger(KubeApiServer.class);
    /** The real server's limit of a request's body. */
    private static final int BODY_LIMIT_BYTES = 3 * 1024 * 1024;

    private static final String TOO_OLD = "The resourceVersion for the provided watch is too old.";
    private static final byte[] GONE = WatchStream.errorLine(StatusFailure.expired(TOO_OLD));
    private static final Asked NOBODY = new Asked("", "", "", "");

    private static final List<String> FIRST_NAMESPACES =
            List.of("default", "kube-system", "kube-public", "kube-node-lease");

    private final Door door;
    private final Disturbance disturbance = new Disturbance(() -> 0);
    private final AccessTokens tokens = new AccessTokens();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final RequestCounts counts;
    private final NamespaceSweeper sweeper;
    private final GarbageCollector collector;
    private final Discovery discovery;
    private final OpenApi openApi;
    private final ResourceEndpoint resources;
    private final ResourceCatalog catalog;
    private final Function<ApiCall, Reply> pipeline;

    private KubeApiServer(Door door, KubeApiSettings settings, InstantSource clock) {
        this.door = door;
        this.catalog = ResourceCatalog.load();
        var store = new ObjectStore(catalog, settings);
        var registry = new Registry(store, clock);
        var deletion = new Deletion(store, clock);
        this.sweeper = new NamespaceSweeper(store, deletion);
        this.collector = new GarbageCollector(store, deletion);
        this.counts = new RequestCounts(catalog);
        this.discovery = new Discovery(catalog);
        this.openApi = new OpenApi(catalog);
        this.resources = new ResourceEndpoint(store, registry, deletion, settings, clock);
        this.pipeline = RequestFilter.chain(List.of(RequestFilter.failuresToStatus()), this::route);
        FIRST_NAMESPACES.forEach(name -> createNamespace(registry, name));
    }

    /** @param listen port 0 for any free one */
    public static KubeApiServer start(InetSocketAddress listen, KubeApiSettings settings) {
        try {
            var door = Door.bind(listen, Optional.empty());
            var server = new KubeApiServer(door, settings, InstantSource.system());
            door.serve(server.threads, server::handle);
            LOG.info("Kubernetes API listens on [{}]", server.url());
            return server;
        } catch (IOException busy) {
            throw new UncheckedIOException(
                    "the Kubernetes API cannot listen on " + listen + ": " + busy.getMessage()
                            + "; choose another port or stop what holds it",
                    busy);
        }
    }

    public URI url() {
        var address = door.address();
        var host = address.getAddress().getHostAddress();
        return URI.create("http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort());
    }

    /** The troubles that it is in. */
    public Disturbance disturbance() {
        return disturbance;
    }

    /** By which it can be away and come back with all its objects. */
    public Door door() {
        return door;
    }

    /** By which it knows its clients, once it asks. */
    public AccessTokens tokens() {
        return tokens;
    }

    /** Requests so far by verb, resource and client. */
    public Map<KubeRequest, Long> requestCounts() {
        return counts.counts();
    }

    /** Writes a kubeconfig that only its owner can read. */
    public void writeKubeconfig(Path file) {
        var text = """
                apiVersion: v1
                kind: Config
                clusters:
                - name: rehearsal
                  cluster:
                    server: %s
                users:
                - name: rehearsal
                  user: {token: %s}
                contexts:
                - name: rehearsal
                  context:
                    cluster: rehearsal
                    user: rehearsal
                current-context: rehearsal
                """.formatted(url(), tokens.current());
        try {
            var directory = file.toAbsolutePath().getParent();
            Files.createDirectories(directory);
            var fresh = Files.createTempFile(
                    directory,
                    file.getFileName().toString(),
                    ".new",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(fresh, text);
            Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException failure) {
            throw new UncheckedIOException("the kubeconfig cannot be written to " + file, failure);
        }
    }

    @Override
    public void close() {
        try {
            door.close();
        } catch (IOException failure) {
            LOG.warn("the port of the Kubernetes API was not closed: {}", failure.toString());
        }
        threads.shutdownNow();
        sweeper.close();
        collector.close();
    }

    private Reply route(ApiCall call) {
        var target = Target.of(call.path(), catalog);
        if (target.isPresent()) {
            return resources.handle(call, target.get());
        }
        var review = AccessReviews.answer(call);
        if (review.isPresent()) {
            return review.get();
        }
        if (!call.method().equals("GET")) {
            throw StatusFailure.noSuchPath();
        }
        return discovery
                .answer(call)
                .or(() -> openApi.answer(call))
                .or(() -> ownPage(call))
                .orElseThrow(StatusFailure::noSuchPath);
    }

    private Optional<Reply> ownPage(ApiCall call) {
        return switch (String.join("/", call.path())) {
            case "healthz", "readyz", "livez" -> Optional.of(Reply.plain("ok"));
            case "metrics" -> Optional.of(Reply.plain(counts.prometheus()));
            case "version" ->
                Optional.of(Reply.json(
                        200,
                        Json.object()
                                .put("major", "1")
                                .put("minor", "32")
                                .put("gitVersion", VERSION + "+rehearsal")
                                .put("platform", "rehearsal")));
            default -> Optional.empty();
        };
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            var headers = exchange.getRequestHeaders();
            // What follows the head of a request for a WebSocket are its frames.
            var body = WatchSocket.isWanted(exchange)
                    ? new byte[0]
                    : exchange.getRequestBody().readNBytes(BODY_LIMIT_BYTES + 1);
            if (body.length > BODY_LIMIT_BYTES) {
                var refusal = StatusFailure.tooLarge(BODY_LIMIT_BYTES);
                send(exchange, NOBODY, Reply.json(refusal.code(), refusal.status()));
                return;
            }
            var call = ApiCall.of(
                    exchange.getRequestMethod(),
                    exchange.getRequestURI(),
                    name -> Optional.ofNullable(headers.getFirst(name)).orElse(""),
                    new String(body, StandardCharsets.UTF_8));
            counts.received(call.client(), body.length);
            answer(exchange, call);
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
    }

    private void answer(HttpExchange exchange, ApiCall call) throws IOException, InterruptedException {
        var asked = counts.count(call);
        switch (disturbance.fateOf(asked)) {
            case Fate.Cut cut -> {}
            case Fate.Unheard unheard -> disturbance.awaitEndOfSilence();
            case Fate.AnswerLost lost -> {
                if (!call.isWatch()) {
                    var unused = pipeline.apply(call);
                }
            }
            case Fate.Refused refused -> refuse(exchange, call, asked, refused);
            case Fate.Expired expired ->
                send(exchange, asked, Reply.stream(WatchStream.error(StatusFailure.expired(TOO_OLD))));
            case Fate.Served served -> {
                Thread.sleep(served.delay());
                if (tokens.accept(call.header().apply("Authorization"))) {
                    send(exchange, asked, pipeline.apply(call));
                } else {
                    var refusal = StatusFailure.unauthorized();
                    send(exchange, asked, Reply.json(refusal.code(), refusal.status()));
                }
            }
        }
    }

    private void refuse(HttpExchange exchange, ApiCall call, Asked asked, Fate.Refused refused)
            throws IOException, InterruptedException {
        // The real server rounds to whole seconds.
        refused.retryAfter()
                .ifPresent(after -> exchange.getResponseHeaders()
                        .set("Retry-After", String.valueOf(Math.ceilDiv(after.toMillis(), 1000))));
        var failure = StatusFailure.troubled(refused.status(), Target.of(call.path(), catalog));
        send(exchange, asked, Reply.json(failure.code(), failure.status()));
    }

    private void send(HttpExchange exchange, Asked asked, Reply reply) throws IOException, InterruptedException {
        var headers = exchange.getResponseHeaders();
        headers.set("Content-Type", reply.contentType());
        headers.set("Cache-Control", "no-cache, private");
        reply.warnings().forEach(warning -> headers.add("Warning", "299 - \"" + warning.replace("\"", "\\\"") + "\""));
        switch (reply) {
            case Reply.Text text -> {
                exchange.sendResponseHeaders(text.code(), text.bytes().length == 0 ? -1 : text.bytes().length);
                exchange.getResponseBody().write(text.bytes());
                counts.sent(asked.client(), text.bytes().length);
            }
            case Reply.Stream stream -> {
                if (WatchSocket.isWanted(exchange)) {
                    WatchSocket.serve(exchange, socket -> write(stream, asked, socket, socket::mute));
                } else {
                    exchange.sendResponseHeaders(stream.code(), 0);
                    write(stream, asked, exchange.getResponseBody(), () -> {});
                }
            }
        }
    }

    private void write(Reply.Stream stream, Asked asked, OutputStream socket, Runnable silence) throws IOException {
        try (var out = disturbance.watch(asked, counts.sending(asked.client(), socket), GONE, silence)) {
            stream.writer().writeTo(out);
        } catch (InterruptedException ended) {
            LOG.debug("a watch of [{}] was ended", asked.resource());
        } finally {
            // The thread goes on with the next request of the connection.
            boolean unused = Thread.interrupted();
        }
    }

    private static void createNamespace(Registry registry, String name) {
        var namespace = Json.object().put("apiVersion", "v1").put("kind", "Namespace");
        namespace.putObject("metadata").put("name", name);
        registry.create(
                registry.namespaces(),
                "",
                namespace,
                new WriteOptions(
                        "kube-apiserver",
                        false,
                        false,
                        WriteOptions.FieldValidation.STRICT,
                        "",
                        new java.util.ArrayList<>()));
    }
}
