package io.assistedswarm.agent;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Semaphore;

/** Kept connections to one service; may be used by several threads. */
public final class ConnectionPool {
    private static final Duration KEPT_IDLE = Duration.ofSeconds(5);
    private final ServiceAddress address;
    private final boolean shared;
    private final Semaphore free;
    private final Deque<HttpConnection> idle = new ArrayDeque<>();

    private ConnectionPool(ServiceAddress address, boolean shared, Semaphore free) {
        this.address = address;
        this.shared = shared;
        this.free = free;
    }

    /** Of one program, which begins anew with each poll. */
    public static ConnectionPool ofProgram(ServiceAddress address) {
        return new ConnectionPool(address, false, new Semaphore(Integer.MAX_VALUE));
    }

    /**
     * Of many hosts together.
     *
     * @param most connections at one time; who finds none free waits for one
     */
    public static ConnectionPool shared(ServiceAddress address, int most) {
        return new ConnectionPool(address, true, new Semaphore(most, true));
    }

    /** Drops the kept connections, unless they are those of others, too. */
    void startAnew() {
        if (!shared) {
            close();
        }
    }

    /** Drops the kept connections. */
    public void close() {
        synchronized (idle) {
            idle.forEach(HttpConnection::close);
            idle.clear();
        }
    }

    ServiceReply exchange(ServiceCall call, Token token, Speaker speaker, Gate gate)
            throws IOException, InterruptedException {
        free.acquire();
        try {
            HttpConnection kept = takeIdle();
            if (kept != null) {
                try {
                    return exchange(kept, call, token, speaker, gate);
                } catch (HttpConnection.StaleConnectionException closedMeanwhile) {
                    kept.close();
                }
            }
            return exchange(address.connect(), call, token, speaker, gate);
        } finally {
            free.release();
        }
    }

    private ServiceReply exchange(HttpConnection connection, ServiceCall call, Token token, Speaker speaker, Gate gate)
            throws IOException, InterruptedException {
        boolean done = false;
        try {
            ServiceReply reply = connection.exchange(call, address, token, speaker, gate);
            done = connection.isReusable();
            return reply;
        } finally {
            if (done) {
                synchronized (idle) {
                    idle.push(connection);
                }
            } else {
                connection.close();
            }
        }
    }

    private HttpConnection takeIdle() {
        synchronized (idle) {
            HttpConnection kept = idle.poll();
            while (kept != null && System.nanoTime() - kept.idleSinceNanos() > KEPT_IDLE.toNanos()) {
                kept.close();
                kept = idle.poll();
            }
            return kept;
        }
    }
}
