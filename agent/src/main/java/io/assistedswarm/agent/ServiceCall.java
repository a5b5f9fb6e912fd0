package io.assistedswarm.agent;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** One request to the service: what changes from call to call. Which header goes where is as recorded. */
public final class ServiceCall {
    private static final String JSON = "application/json";
    private static final int CHUNK_BYTES = 32 * 1024;
    private final String method;
    private final String path;
    private final String accept;
    private final String requestId;
    private final String contentType;
    private final String agentVersion;
    private final byte[] body;
    private final boolean chunked;

    private ServiceCall(
            String method,
            String path,
            String accept,
            String requestId,
            String contentType,
            String agentVersion,
            byte[] body,
            boolean chunked) {
        this.method = method;
        this.path = path;
        this.accept = accept;
        this.requestId = requestId;
        this.contentType = contentType;
        this.agentVersion = agentVersion;
        this.body = body;
        this.chunked = chunked;
    }

    /** @param requestId null where the real programs send none; that goes for all calls */
    public static ServiceCall get(String path, String requestId) {
        return new ServiceCall("GET", path, JSON, requestId, null, null, null, false);
    }

    public static ServiceCall download(String path, String requestId) {
        return new ServiceCall("GET", path, "application/octet-stream", requestId, null, null, null, false);
    }

    /** A JSON body ends with a newline, as Go's encoder writes it. */
    public static ServiceCall send(String method, String path, Object json, String requestId) {
        byte[] body = Bytes.utf8(Json.text(json) + "\n");
        return new ServiceCall(method, path, JSON, requestId, JSON, null, body, false);
    }

    /** An upload leaves the length of its body open. */
    public static ServiceCall upload(String path, String contentType, byte[] body, String requestId) {
        return new ServiceCall("POST", path, JSON, requestId, contentType, null, body, true);
    }

    /** The same call with the header that only the agent's own calls carry. */
    public ServiceCall byAgent(String version) {
        return new ServiceCall(method, path, accept, requestId, contentType, version, body, chunked);
    }

    /** The request as it goes over the wire. Names and order of the headers are those of the recordings. */
    ByteArrayOutputStream encoded(ServiceAddress address, Token token, Speaker speaker) {
        StringBuilder head = new StringBuilder(512);
        head.append(method).append(' ').append(address.basePath()).append(path).append(" HTTP/1.1\r\n");
        add(head, "Host", address.authority());
        add(head, "User-Agent", "Go-http-client/1.1");
        if (chunked) {
            add(head, "Transfer-Encoding", "chunked");
        } else if (body != null) {
            add(head, "Content-Length", Integer.toString(body.length));
        }
        add(head, "Accept", accept);
        add(head, "Content-Type", contentType);
        add(head, "Discovery_agent_version", agentVersion);
        add(head, "X-Request-Id", requestId);
        add(head, "X-Secret-Key", token.reveal());
        add(head, Speaker.HEADER, speaker.header());
        add(head, "Accept-Encoding", "gzip");
        head.append("\r\n");
        ByteArrayOutputStream request =
                new ByteArrayOutputStream(head.length() + (body == null ? 0 : body.length + 64));
        request.writeBytes(head.toString().getBytes(StandardCharsets.ISO_8859_1));
        writeBody(request);
        return request;
    }

    private void writeBody(ByteArrayOutputStream request) {
        if (body == null) {
            return;
        }
        if (!chunked) {
            request.writeBytes(body);
            return;
        }
        for (int from = 0; from < body.length; from += CHUNK_BYTES) {
            int length = Math.min(CHUNK_BYTES, body.length - from);
            request.writeBytes(Bytes.utf8(Integer.toHexString(length) + "\r\n"));
            request.write(body, from, length);
            request.writeBytes(Bytes.utf8("\r\n"));
        }
        request.writeBytes(Bytes.utf8("0\r\n\r\n"));
    }

    private static void add(StringBuilder head, String name, String value) {
        if (value != null) {
            head.append(name).append(": ").append(value).append("\r\n");
        }
    }
}
