package io.assistedswarm.rehearsal.hub;

import io.assistedswarm.protocol.CertificateAuthority;
import io.assistedswarm.protocol.TlsFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import javax.net.ssl.SSLContext;

/**
 * What the service shows to agents, and the authority that signed it. Both are kept in the hub's folder, so that agents still trust a
 * hub that was started again.
 *
 * @param authority a PEM file
 */
record ServiceCertificate(SSLContext context, Path authority, String authorityPem) {
    static final String HOST = "127.0.0.1";

    /** Made where it is not there yet, which takes some seconds. */
    static ServiceCertificate in(Path directory) throws IOException {
        Path folder = directory.resolve("certificates");
        try {
            Files.createDirectories(directory);
            CertificateAuthority authority = CertificateAuthority.open(folder);
            Path own = folder.resolve(HOST);
            if (!Files.exists(own)) {
                authority.issue(HOST);
            }
            // The authority's own folder is closed to everybody else, and workers may run as somebody else.
            Path shown = directory.resolve("ca.crt");
            Files.copy(authority.certificate(), shown, StandardCopyOption.REPLACE_EXISTING);
            return new ServiceCertificate(new TlsFolder(own).open(), shown, Files.readString(shown));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the service's certificate was made", e);
        } catch (IllegalArgumentException e) {
            throw new IOException(e.getMessage() + "; remove " + folder + " to have it made anew", e);
        }
    }
}
