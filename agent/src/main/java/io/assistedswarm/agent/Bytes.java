package io.assistedswarm.agent;

import java.nio.charset.StandardCharsets;

/** Text and the bytes it has on the wire. */
public final class Bytes {
    private Bytes() {}

    public static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    public static String utf8(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
