package io.assistedswarm.agent;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.zip.GZIPOutputStream;

/**
 * A log file to upload, as the one member of a compressed tar archive.
 *
 * @param fileName of the archive, as the service stores it
 * @param member path inside of the archive
 */
public record LogArchive(String fileName, String member, String text) {
    private static final int BLOCK = 512;

    /** An upload of it, in the field {@code upfile} of a form. */
    public ServiceCall upload(String path, String requestId) {
        String boundary = boundary();
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes(Bytes.utf8("--" + boundary + "\r\nContent-Disposition: form-data; name=\"upfile\"; filename=\""
                + fileName + "\"\r\nContent-Type: application/x-gzip\r\n\r\n"));
        body.writeBytes(compressed());
        body.writeBytes(Bytes.utf8("\r\n--" + boundary + "--\r\n"));
        String contentType = "multipart/form-data; boundary=" + boundary;
        return ServiceCall.upload(path, contentType, body.toByteArray(), requestId);
    }

    private byte[] compressed() {
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(compressed)) {
            byte[] content = Bytes.utf8(text);
            gzip.write(tarHeader(content.length));
            gzip.write(content);
            int rest = content.length % BLOCK;
            gzip.write(new byte[(rest == 0 ? 0 : BLOCK - rest) + 2 * BLOCK]);
        } catch (IOException e) {
            throw new IllegalStateException("memory does not fail", e);
        }
        return compressed.toByteArray();
    }

    private byte[] tarHeader(int length) {
        byte[] header = new byte[BLOCK];
        put(header, 0, member);
        put(header, 100, "0000644");
        put(header, 108, "0000000");
        put(header, 116, "0000000");
        put(header, 124, octal(length, 11));
        put(header, 136, octal(System.currentTimeMillis() / 1000, 11));
        put(header, 148, "        ");
        put(header, 156, "0");
        put(header, 257, "ustar\00000");
        int sum = 0;
        for (byte b : header) {
            sum += b & 0xff;
        }
        put(header, 148, octal(sum, 6) + "\0 ");
        return header;
    }

    private static void put(byte[] header, int at, String text) {
        byte[] bytes = Bytes.utf8(text);
        System.arraycopy(bytes, 0, header, at, bytes.length);
    }

    private static String octal(long number, int digits) {
        String octal = Long.toOctalString(number);
        return "0".repeat(Math.max(0, digits - octal.length())) + octal;
    }

    private static String boundary() {
        StringBuilder boundary = new StringBuilder(60);
        while (boundary.length() < 60) {
            boundary.append(Character.forDigit(ThreadLocalRandom.current().nextInt(16), 16));
        }
        return boundary.toString();
    }
}
