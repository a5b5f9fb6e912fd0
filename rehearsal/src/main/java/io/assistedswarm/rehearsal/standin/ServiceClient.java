package io.assistedswarm.rehearsal.standin;

import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/** Sends calls to the service over kept connections; may be used by several threads. */
final class ServiceClient {
    private static final Duration KEPT_IDLE = Duration.ofSeconds(5);
    private final ServiceAddress address;
    private final Token token;
    private final Speaker speaker;
    private final Retries retries;
    private final ScaledClock clock;
    private final Deque<HttpConnection> idle = new ArrayDeque<>();

    /** @param token value of {@code X-Secret-Key}; sent even when empty */
    ServiceClient(ServiceAddress address, Token token, Speaker speaker, Retries retries, ScaledClock clock) {
        this.address = address;
        this.token = token;
        this.speaker = speaker;
        this.retries = retries;
        this.clock = clock;
    }

    /** Drops the kept connections: the agent starts each poll on a fresh one. */
    void startAnew() {
        synchronized (idle) {
            idle.forEach(HttpConnection::close);
            idle.clear();
        }
    }

    /** @throws IOException if the service could not be reached, or not understood, after all retries */
    ServiceReply send(ServiceCall call) throws IOException, InterruptedException {
        for (int attempt = 0; ; attempt++) {
            try {
                ServiceReply reply = sendOnce(call);
                if (!retries.again(attempt, reply.status())) {
                    return reply;
                }
            } catch (IOException e) {
                if (!retries.againAfterBreak(attempt, e instanceof ConnectException)) {
                    throw e;
                }
            }
            clock.sleep(Retries.pause(attempt));
        }
    }

    private ServiceReply sendOnce(ServiceCall call) throws IOException {
        HttpConnection kept = takeIdle();
        if (kept != null) {
            try {
                return exchange(kept, call);
            } catch (HttpConnection.StaleConnectionException closedMeanwhile) {
                kept.close();
            }
        }
        return exchange(address.connect(), call);
    }

    private ServiceReply exchange(HttpConnection connection, ServiceCall call) throws IOException {
        try {
            ServiceReply reply = connection.exchange(call, address, token, speaker);
            if (connection.isReusable()) {
                synchronized (idle) {
                    idle.push(connection);
                }
            } else {
                connection.close();
            }
            return reply;
        } catch (IOException e) {
            connection.close();
            throw e;
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
