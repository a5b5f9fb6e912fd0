package io.assistedswarm.rehearsal.service.model;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A file that a host or controller has uploaded. Of a long one only the length is kept, and zeros stand for it: a rehearsal has a memory, and no
 * object store.
 */
public final class Upload {
    /** Logs of stand-ins are far shorter, and those of real agents mostly longer. */
    static final int KEPT_BYTES = 64 * 1024;

    private static final Pattern BOUNDARY = Pattern.compile("boundary=\"?([^\";]+)\"?");
    private static final byte[] CHUNK = new byte[64 * 1024];

    /** Nothing was in it. */
    public static final Upload EMPTY = new Upload(new byte[0], 0);

    private final byte[] kept;
    private final long length;

    private Upload(byte[] kept, long length) {
        this.kept = kept;
        this.length = length;
    }

    /**
     * The first part of a form, read to its end.
     *
     * @param contentType of the request
     */
    public static Upload read(String contentType, InputStream form) throws IOException {
        byte[] head = form.readNBytes(KEPT_BYTES);
        long formLength = head.length + form.transferTo(OutputStream.nullOutputStream());
        Matcher boundary = BOUNDARY.matcher(contentType);
        int begin = indexOf(head, "\r\n\r\n", 0) + 4;
        if (!boundary.find() || begin < 4) {
            return EMPTY;
        }
        String end = "\r\n--" + boundary.group(1);
        if (formLength > head.length) {
            return new Upload(new byte[0], Math.max(0, formLength - begin - end.length() - "--\r\n".length()));
        }
        int stop = indexOf(head, end, begin);
        if (stop < 0) {
            return EMPTY;
        }
        byte[] file = new byte[stop - begin];
        System.arraycopy(head, begin, file, 0, file.length);
        return new Upload(file, file.length);
    }

    private static int indexOf(byte[] bytes, String text, int from) {
        // Of bytes each is one character in this encoding.
        return new String(bytes, StandardCharsets.ISO_8859_1).indexOf(text, from);
    }

    public long length() {
        return length;
    }

    public void writeTo(OutputStream out) throws IOException {
        out.write(kept);
        for (long left = length - kept.length; left > 0; left -= CHUNK.length) {
            out.write(CHUNK, 0, (int) Math.min(left, CHUNK.length));
        }
    }
}
