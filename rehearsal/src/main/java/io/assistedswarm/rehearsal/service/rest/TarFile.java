package io.assistedswarm.rehearsal.service.rest;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** A tar archive as it is sent; what is in it is only read then. */
final class TarFile implements Answer.Body {
    private static final int BLOCK = 512;
    private static final int LONGEST_NAME = 100;

    private final List<Entry> entries = new ArrayList<>();
    private final Instant at;

    private record Entry(Answer.Body header, Answer.Body body) {}

    TarFile(Instant at) {
        this.at = at;
    }

    TarFile add(String name, Answer.Body body) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > LONGEST_NAME) {
            byte[] pax = pax(name);
            entries.add(new Entry(header("pax", 'x', pax.length), Answer.bytes(pax)));
        }
        entries.add(new Entry(header(name, '0', body.length()), body));
        return this;
    }

    @Override
    public long length() {
        return entries.stream()
                        .mapToLong(entry -> BLOCK + padded(entry.body().length()))
                        .sum()
                + 2 * BLOCK;
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
        for (Entry entry : entries) {
            entry.header().writeTo(out);
            entry.body().writeTo(out);
            out.write(
                    new byte[(int) (padded(entry.body().length()) - entry.body().length())]);
        }
        out.write(new byte[2 * BLOCK]);
    }

    private static long padded(long length) {
        return Math.ceilDiv(length, BLOCK) * BLOCK;
    }

    /** A record of the extended header, which counts its own digits. */
    private static byte[] pax(String name) {
        String rest = " path=" + name + "\n";
        int length = rest.getBytes(StandardCharsets.UTF_8).length;
        int whole = length + String.valueOf(length).length();
        whole = length + String.valueOf(whole).length();
        return (whole + rest).getBytes(StandardCharsets.UTF_8);
    }

    private Answer.Body header(String name, char type, long length) {
        byte[] header = new byte[BLOCK];
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        System.arraycopy(bytes, 0, header, 0, Math.min(bytes.length, LONGEST_NAME));
        put(header, 100, "0000644");
        put(header, 108, "0000000");
        put(header, 116, "0000000");
        put(header, 124, "%011o".formatted(length));
        put(header, 136, "%011o".formatted(at.getEpochSecond()));
        put(header, 148, "        ");
        put(header, 156, String.valueOf(type));
        put(header, 257, "ustar\00000");
        int sum = 0;
        for (byte b : header) {
            sum += b & 0xff;
        }
        put(header, 148, "%06o\0 ".formatted(sum));
        return Answer.bytes(header);
    }

    private static void put(byte[] header, int at, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(bytes, 0, header, at, bytes.length);
    }
}
