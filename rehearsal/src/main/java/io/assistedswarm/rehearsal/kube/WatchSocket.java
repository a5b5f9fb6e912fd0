package io.assistedswarm.rehearsal.kube;

import com.sun.net.httpserver.HttpExchange;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import robaho.net.httpserver.websockets.CloseCode;
import robaho.net.httpserver.websockets.OpCode;
import robaho.net.httpserver.websockets.WebSocket;
import robaho.net.httpserver.websockets.WebSocketFrame;
import robaho.net.httpserver.websockets.WebSocketHandler;

/** A watch over a WebSocket, which is what fabric8's client asks for first: each event is a text frame. */
final class WatchSocket extends WebSocket {
    private static final Logger LOG = LoggerFactory.getLogger(WatchSocket.class);

    private final HttpExchange exchange;
    private final Events events;
    private Optional<Thread> writing = Optional.empty();
    private volatile boolean mute;

    /** Writes events to what it is given, a line each, and closes it. */
    @FunctionalInterface
    interface Events {
        void writeTo(Frames out) throws IOException;
    }

    private WatchSocket(HttpExchange exchange, Events events) {
        super(exchange);
        this.exchange = exchange;
        this.events = events;
    }

    static boolean isWanted(HttpExchange exchange) {
        return WebSocketHandler.isWebsocketRequested(exchange.getRequestHeaders());
    }

    /** Returns when the watch has ended. */
    static void serve(HttpExchange exchange, Events events) throws IOException {
        new WebSocketHandler() {
            @Override
            protected WebSocket openWebSocket(HttpExchange opened) {
                return new WatchSocket(opened, events);
            }
        }.handle(exchange);
    }

    /** Its own thread is the one that reads, as a client may close or ping. */
    @Override
    protected void onOpen() {
        writing = Optional.of(Thread.startVirtualThread(this::write));
    }

    private void write() {
        try {
            events.writeTo(new Frames());
        } catch (IOException gone) {
            LOG.debug("the client of a watch is gone: {}", gone.toString());
            exchange.close();
        }
    }

    @Override
    protected void onClose(CloseCode code, String reason, boolean initiatedByRemote) {
        writing.ifPresent(Thread::interrupt);
    }

    @Override
    protected void onMessage(WebSocketFrame message) {
        LOG.debug("a client talks to its watch: {} bytes", message.getBinaryPayload().length);
    }

    @Override
    protected void onPong(WebSocketFrame pong) {
        LOG.debug("a client answers a ping that it was not sent");
    }

    /** What answers a ping goes through here, too: a connection that is dead gives no sign of life. */
    @Override
    public void sendFrame(WebSocketFrame frame) throws IOException {
        if (!mute) {
            super.sendFrame(frame);
        }
    }

    /** Cuts what is written into frames, at the end of each line. */
    final class Frames extends OutputStream {
        private final ByteArrayOutputStream line = new ByteArrayOutputStream();

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            int begin = from;
            for (int i = from; i < from + length; i++) {
                if (bytes[i] == '\n') {
                    line.write(bytes, begin, i - begin);
                    sendFrame(new WebSocketFrame(OpCode.Text, true, line.toByteArray()));
                    line.reset();
                    begin = i + 1;
                }
            }
            line.write(bytes, begin, from + length - begin);
        }

        /** From now on the client hears nothing at all. */
        void mute() {
            mute = true;
        }

        /** The client answers with a close of its own, which ends the reading. */
        @Override
        public void close() throws IOException {
            if (isOpen()) {
                WatchSocket.this.close(CloseCode.NormalClosure, "", false);
            }
        }
    }
}
