package io.assistedswarm.rehearsal.service.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.assistedswarm.rehearsal.service.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One response.
 *
 * @param contentType empty for a response without a body
 * @param compressible whether it may be gzipped for who accepts that
 */
record Answer(int status, String contentType, Map<String, String> headers, Body body, boolean compressible) {

    /** What is sent after the headers. */
    interface Body {
        long length();

        void writeTo(OutputStream out) throws IOException;
    }

    private static final class Bytes implements Body {
        private final byte[] bytes;

        Bytes(byte[] bytes) {
            this.bytes = bytes;
        }

        @Override
        public long length() {
            return bytes.length;
        }

        @Override
        public void writeTo(OutputStream out) throws IOException {
            out.write(bytes);
        }
    }

    /** A body of {@code length} zero bytes; nothing is held in memory. */
    private record Zeros(long length) implements Body {
        private static final byte[] CHUNK = new byte[64 * 1024];

        @Override
        public void writeTo(OutputStream out) throws IOException {
            for (long left = length; left > 0; left -= CHUNK.length) {
                out.write(CHUNK, 0, (int) Math.min(left, CHUNK.length));
            }
        }
    }

    Answer with(String header, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(header, value);
        return new Answer(status, contentType, more, body, compressible);
    }

    static Answer empty(int status) {
        return new Answer(status, "", Map.of(), new Bytes(new byte[0]), false);
    }

    static Answer json(int status, Object value) {
        return json(status, value, Map.of());
    }

    static Answer json(int status, Object value, Map<String, String> headers) {
        try {
            // The service ends every JSON body with a line feed.
            String text = Json.LENIENT.writeValueAsString(value) + "\n";
            return new Answer(
                    status, "application/json", headers, new Bytes(text.getBytes(StandardCharsets.UTF_8)), true);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("cannot write an answer", e);
        }
    }

    static Answer text(int status, String contentType, byte[] text) {
        return new Answer(status, contentType, Map.of(), new Bytes(text), true);
    }

    static Answer file(String name, byte[] content) {
        return download(name, new Bytes(content));
    }

    static Answer download(String name, Body content) {
        return new Answer(200, "application/octet-stream", attachment(name), content, false);
    }

    static Body bytes(byte[] content) {
        return new Bytes(content);
    }

    static Answer image(String name, long bytes) {
        return new Answer(200, "application/octet-stream", attachment(name), new Zeros(bytes), false);
    }

    private static Map<String, String> attachment(String name) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Content-Disposition", "attachment; filename=\"" + name + "\"");
        return headers;
    }
}
