package io.assistedswarm.rehearsal.trouble;

import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import com.sun.net.httpserver.spi.HttpServerProvider;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLContext;
import robaho.net.httpserver.DefaultHttpServerProvider;

/** An address that HTTP is served at, which can be shut and opened again: meanwhile connections are refused. */
public final class Door implements AutoCloseable {
    private static final int BACKLOG = 1_024;
    /** The JDK's own server cannot switch to WebSockets. */
    private static final HttpServerProvider PROVIDER = new DefaultHttpServerProvider();

    private final InetSocketAddress address;
    private final Optional<SSLContext> tls;
    private HttpServer server;
    private Executor executor = Runnable::run;
    private HttpHandler handler = exchange -> {};
    private Socket keeper = new Socket();
    private boolean closed;

    private Door(HttpServer server, Optional<SSLContext> tls) {
        this.server = server;
        this.tls = tls;
        this.address = server.getAddress();
    }

    /**
     * Binds the address; serves only from {@link #serve} on.
     *
     * @param address port 0 for any free one
     * @param tls presents the certificate, when HTTP is served over TLS
     */
    public static Door bind(InetSocketAddress address, Optional<SSLContext> tls) throws IOException {
        return new Door(listen(address, tls), tls);
    }

    private static HttpServer listen(InetSocketAddress address, Optional<SSLContext> tls) throws IOException {
        // The server reads these once, before its first use; what the user sets wins. Agents and watches keep their
        // connections.
        Map.of("robaho.net.httpserver.nodelay", "true", "robaho.net.httpserver.idleInterval", "3600")
                .forEach((name, value) -> System.setProperty(name, System.getProperty(name, value)));
        if (tls.isEmpty()) {
            return PROVIDER.createHttpServer(address, BACKLOG);
        }
        HttpsServer server = PROVIDER.createHttpsServer(address, BACKLOG);
        server.setHttpsConfigurator(new HttpsConfigurator(tls.get()));
        return server;
    }

    /** With the port that was bound. */
    public InetSocketAddress address() {
        return address;
    }

    public synchronized void serve(Executor executor, HttpHandler handler) {
        this.executor = executor;
        this.handler = handler;
        start();
    }

    private void start() {
        server.setExecutor(executor);
        server.createContext("/", handler);
        server.start();
    }

    /** Ends all connections and refuses new ones. */
    public synchronized void shut() throws IOException {
        if (server == null) {
            return;
        }
        server.stop(0);
        server = null;
        // Bound and not listening: whoever connects is refused, and nobody else is given the port meanwhile.
        keeper = new Socket();
        keeper.setReuseAddress(true);
        keeper.bind(address);
    }

    /** Serves again at the same address. */
    public synchronized void open() throws IOException {
        if (server != null || closed) {
            return;
        }
        server = listen(address, tls);
        keeper.close();
        start();
    }

    @Override
    public synchronized void close() throws IOException {
        closed = true;
        keeper.close();
        if (server != null) {
            server.stop(0);
        }
    }
}
