package io.assistedswarm.rehearsal.standin;

import java.nio.charset.StandardCharsets;

/** Text and the bytes it has on the wire. */
final class Bytes {
    private Bytes() {}

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static String utf8(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
