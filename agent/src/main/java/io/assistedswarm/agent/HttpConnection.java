package io.assistedswarm.agent;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.zip.GZIPInputStream;

/**
 * One HTTP/1.1 connection, used for one exchange at a time. Written out because the JDK's clients load hundreds of classes and add
 * headers that the real programs do not send.
 */
final class HttpConnection implements Closeable {
    /** The other side closed a kept connection before it read the request: the request may be sent again. */
    static final class StaleConnectionException extends IOException {
        private static final long serialVersionUID = 1L;

        StaleConnectionException() {
            super("the service closed the connection");
        }
    }

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private boolean reusable = true;
    private long idleSinceNanos = System.nanoTime();

    HttpConnection(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream(), 8192);
        this.out = socket.getOutputStream();
    }

    boolean isReusable() {
        return reusable;
    }

    long idleSinceNanos() {
        return idleSinceNanos;
    }

    ServiceReply exchange(ServiceCall call, ServiceAddress address, Token token, Speaker speaker, Gate gate)
            throws IOException, InterruptedException {
        reusable = false;
        String statusLine;
        try {
            ByteArrayOutputStream request = call.encoded(address, token, speaker);
            gate.pass();
            request.writeTo(out);
            out.flush();
            statusLine = readLine();
        } catch (EOFException closed) {
            throw new StaleConnectionException();
        }
        while (statusLine.startsWith("HTTP/1.1 1")) {
            skipHeaders();
            statusLine = readLine();
        }
        ServiceReply reply = readReply(status(statusLine));
        idleSinceNanos = System.nanoTime();
        return reply;
    }

    private static int status(String statusLine) throws IOException {
        try {
            return Integer.parseInt(statusLine.substring(9, 12));
        } catch (RuntimeException e) {
            throw new IOException("the answer is no HTTP: " + statusLine, e);
        }
    }

    private ServiceReply readReply(int status) throws IOException {
        long length = -1;
        boolean chunked = false;
        boolean gzip = false;
        boolean close = false;
        for (String line = readLine(); !line.isEmpty(); line = readLine()) {
            int colon = line.indexOf(':');
            String name = colon < 0 ? line : line.substring(0, colon);
            String value = colon < 0 ? "" : line.substring(colon + 1).trim();
            if (name.equalsIgnoreCase("Content-Length")) {
                length = Long.parseLong(value);
            } else if (name.equalsIgnoreCase("Transfer-Encoding")) {
                chunked = value.equalsIgnoreCase("chunked");
            } else if (name.equalsIgnoreCase("Content-Encoding")) {
                gzip = value.equalsIgnoreCase("gzip");
            } else if (name.equalsIgnoreCase("Connection")) {
                close = value.equalsIgnoreCase("close");
            }
        }
        byte[] body;
        if (status == 204 || status == 304) {
            body = new byte[0];
        } else if (chunked) {
            body = readChunks();
        } else if (length >= 0) {
            body = readExactly(Math.toIntExact(length));
        } else {
            body = in.readAllBytes();
            close = true;
        }
        reusable = !close;
        return new ServiceReply(status, gzip && body.length > 0 ? unzip(body) : body);
    }

    private byte[] readChunks() throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        while (true) {
            String line = readLine();
            int extension = line.indexOf(';');
            int length = Integer.parseInt((extension < 0 ? line : line.substring(0, extension)).trim(), 16);
            if (length == 0) {
                skipHeaders();
                return body.toByteArray();
            }
            body.writeBytes(readExactly(length));
            readLine();
        }
    }

    private byte[] readExactly(int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new IOException("the answer ended after " + bytes.length + " of " + length + " bytes");
        }
        return bytes;
    }

    private void skipHeaders() throws IOException {
        String line;
        do {
            line = readLine();
        } while (!line.isEmpty());
    }

    private String readLine() throws IOException {
        StringBuilder line = new StringBuilder(64);
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new EOFException("the connection ended within the headers");
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }

    private static byte[] unzip(byte[] body) throws IOException {
        try (GZIPInputStream unzipped = new GZIPInputStream(new ByteArrayInputStream(body))) {
            return unzipped.readAllBytes();
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException nothingToLose) {
            reusable = false;
        }
    }
}
