package io.assistedswarm.agent;

import java.io.IOException;
import java.net.ConnectException;

/** Sends one program's calls to the service, and repeats those that its real transport would; may be used by several threads. */
public final class ServiceClient {
    private final ConnectionPool connections;
    private final Token token;
    private final Speaker speaker;
    private final Retries retries;
    private final ScaledClock clock;
    private final Gate gate;

    /**
     * Of a program that has a process, and connections, of its own.
     *
     * @param token value of {@code X-Secret-Key}; sent even when empty
     */
    public ServiceClient(ServiceAddress address, Token token, Speaker speaker, Retries retries, ScaledClock clock) {
        this(ConnectionPool.ofProgram(address), token, speaker, retries, clock, Gate.OPEN);
    }

    /** @param token value of {@code X-Secret-Key}; sent even when empty */
    public ServiceClient(
            ConnectionPool connections, Token token, Speaker speaker, Retries retries, ScaledClock clock, Gate gate) {
        this.connections = connections;
        this.token = token;
        this.speaker = speaker;
        this.retries = retries;
        this.clock = clock;
        this.gate = gate;
    }

    /** Drops the kept connections: the agent starts each poll on a fresh one. */
    void startAnew() {
        connections.startAnew();
    }

    /** @throws IOException if the service could not be reached, or not understood, after all retries */
    ServiceReply send(ServiceCall call) throws IOException, InterruptedException {
        for (int attempt = 0; ; attempt++) {
            try {
                ServiceReply reply = connections.exchange(call, token, speaker, gate);
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
}
