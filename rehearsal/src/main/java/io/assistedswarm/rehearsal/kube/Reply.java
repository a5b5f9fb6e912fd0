package io.assistedswarm.rehearsal.kube;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What is sent back. */
sealed interface Reply {
    String JSON = "application/json";

    int code();

    String contentType();

    List<String> warnings();

    /** A text known in full. */
    final class Text implements Reply {
        private final int code;
        private final String contentType;
        private final byte[] bytes;
        private final List<String> warnings;

        Text(int code, String contentType, byte[] bytes, List<String> warnings) {
            this.code = code;
            this.contentType = contentType;
            this.bytes = bytes;
            this.warnings = List.copyOf(warnings);
        }

        @Override
        public int code() {
            return code;
        }

        @Override
        public String contentType() {
            return contentType;
        }

        @Override
        public List<String> warnings() {
            return warnings;
        }

        /** The text itself, shared with other replies: to be read only. */
        byte[] bytes() {
            return bytes;
        }
    }

    /** A text that is written piece by piece, such as a watch. */
    record Stream(int code, String contentType, Writer writer, List<String> warnings) implements Reply {}

    /** Writes the body; whoever calls it closes the stream. */
    @FunctionalInterface
    interface Writer {
        void writeTo(OutputStream out) throws IOException, InterruptedException;
    }

    static Reply json(int code, JsonNode tree) {
        return json(code, Json.bytes(tree), List.of());
    }

    static Reply json(int code, byte[] text, List<String> warnings) {
        return new Text(code, JSON, text, warnings);
    }

    static Reply plain(String text) {
        return new Text(200, "text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8), List.of());
    }

    static Reply stream(Writer writer) {
        return new Stream(200, JSON, writer, List.of());
    }
}
