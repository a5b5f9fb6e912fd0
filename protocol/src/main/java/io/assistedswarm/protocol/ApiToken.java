package io.assistedswarm.protocol;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.EnumSet;
import java.util.regex.Pattern;

/** What whoever uses a node's HTTP server must show. It lives in a file that only its owner can read, and is never an argument of a program. */
public record ApiToken(Secret secret) {
    private static final String SCHEME = "Bearer ";
    private static final int BYTES = 32;
    private static final int LEAST_CHARACTERS = 16;

    /** RFC 6750, 2.1. */
    private static final Pattern ALLOWED = Pattern.compile("[A-Za-z0-9._~+/-]{" + LEAST_CHARACTERS + ",}=*");

    /**
     * @throws IllegalArgumentException with one line that names the file and repeats nothing of it
     */
    public static ApiToken read(Path file) {
        TlsFolder.refuseReadableByOthers(file);
        String text;
        try {
            text = Files.readString(file, StandardCharsets.US_ASCII).strip();
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "the token file " + file + " cannot be read (" + TlsFolder.why(e) + ")", e);
        }
        if (!ALLOWED.matcher(text).matches()) {
            throw new IllegalArgumentException("the token file " + file + " holds no token: one line of "
                    + LEAST_CHARACTERS + " or more letters, digits or any of . _ ~ + / -");
        }
        return new ApiToken(new Secret(text));
    }

    /**
     * Reads the file, or makes it with a random token when there is none.
     *
     * @throws IllegalArgumentException as {@link #read}
     */
    public static ApiToken readOrMake(Path file) throws IOException {
        byte[] random = new byte[BYTES];
        new SecureRandom().nextBytes(random);
        byte[] text = (Base64.getUrlEncoder().withoutPadding().encodeToString(random) + "\n")
                .getBytes(StandardCharsets.US_ASCII);
        try (SeekableByteChannel made = Files.newByteChannel(
                file,
                EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            made.write(ByteBuffer.wrap(text));
        } catch (FileAlreadyExistsException e) {
            return read(file);
        }
        return read(file);
    }

    /** The value of the header {@code Authorization}. */
    public String header() {
        return SCHEME + secret.reveal();
    }

    /** Takes as long for a header that is nearly right as for one that is not. */
    public boolean admits(String header) {
        return MessageDigest.isEqual(
                header().getBytes(StandardCharsets.UTF_8), header.getBytes(StandardCharsets.UTF_8));
    }
}
