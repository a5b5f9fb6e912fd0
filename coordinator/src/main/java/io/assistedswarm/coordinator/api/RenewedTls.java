package io.assistedswarm.coordinator.api;

import io.assistedswarm.protocol.TlsFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the HTTP API shows to those who connect: its certificate, read again when the files have changed. Thread-safe. */
final class RenewedTls {
    private static final Logger LOG = LoggerFactory.getLogger(RenewedTls.class);
    private static final FileTime ABSENT = FileTime.fromMillis(0);

    private final TlsFolder folder;
    private List<FileTime> changed;
    private SSLContext context;

    /** @throws IllegalArgumentException when the certificate cannot be used */
    RenewedTls(TlsFolder folder) {
        this.folder = folder;
        this.changed = lastChanges();
        this.context = folder.open();
    }

    /** For the next connection. */
    synchronized SSLEngine engine() {
        List<FileTime> now = lastChanges();
        if (!now.equals(changed)) {
            changed = now;
            readAgain();
        }
        SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(false);
        return engine;
    }

    /** The files are written one after the other: while they do not go together the ones before are used. */
    private void readAgain() {
        try {
            context = folder.open();
            LOG.info("the HTTP API uses the renewed certificate in [{}]", folder.folder());
        } catch (IllegalArgumentException e) {
            LOG.warn("the HTTP API goes on with the certificate that it has: {}", e.getMessage());
        }
    }

    private List<FileTime> lastChanges() {
        return Stream.of(folder.certificate(), folder.key(), folder.authority())
                .map(RenewedTls::lastChange)
                .toList();
    }

    private static FileTime lastChange(Path file) {
        try {
            return Files.getLastModifiedTime(file);
        } catch (IOException e) {
            // Being replaced.
            return ABSENT;
        }
    }
}
