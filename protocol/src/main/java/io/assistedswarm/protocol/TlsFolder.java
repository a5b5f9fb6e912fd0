package io.assistedswarm.protocol;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Collection;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.apache.pekko.pki.pem.DERPrivateKeyLoader;
import org.apache.pekko.pki.pem.PEMDecoder;

/**
 * A node's certificate and key and the authority that signed it and all the others, as PEM: {@code tls.crt}, {@code tls.key} and
 * {@code ca.crt}, the names that a Kubernetes secret of cert-manager has too.
 */
public record TlsFolder(Path folder) {
    public Path certificate() {
        return folder.resolve("tls.crt");
    }

    public Path key() {
        return folder.resolve("tls.key");
    }

    public Path authority() {
        return folder.resolve("ca.crt");
    }

    /**
     * Reads and checks the three, so that what is wrong with them is known at the start and not with the first connection.
     *
     * @return presents the certificate, and trusts what the authority signed and nothing else
     * @throws IllegalArgumentException with one line that names the file
     */
    public SSLContext open() {
        refuseReadableByOthers(key());
        List<X509Certificate> chain = certificates(certificate());
        List<X509Certificate> authorities = certificates(authority());
        PrivateKey privateKey = privateKey();
        checkSigned(chain, authorities);
        checkMatch(chain.getFirst(), privateKey);
        try {
            KeyStore own = KeyStore.getInstance(KeyStore.getDefaultType());
            own.load(null, null);
            own.setKeyEntry("node", privateKey, new char[0], chain.toArray(Certificate[]::new));
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(own, new char[0]);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), trust(authorities).getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalArgumentException("the certificate in " + folder + " cannot be used: " + oneLine(e), e);
        }
    }

    /**
     * For a client, which has no certificate of its own.
     *
     * @param authority a PEM file
     * @return trusts what the authority signed and nothing else
     * @throws IllegalArgumentException with one line that names the file
     */
    public static SSLContext trusting(Path authority) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust(certificates(authority)).getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalArgumentException(authority + " cannot be used: " + oneLine(e), e);
        }
    }

    private static TrustManagerFactory trust(List<X509Certificate> authorities)
            throws GeneralSecurityException, IOException {
        KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null, null);
        for (X509Certificate authority : authorities) {
            trusted.setCertificateEntry("authority-" + trusted.size(), authority);
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        return trust;
    }

    private PrivateKey privateKey() {
        try {
            return DERPrivateKeyLoader.load(PEMDecoder.decode(Files.readString(key(), StandardCharsets.US_ASCII)));
        } catch (IOException e) {
            throw unreadable(key(), e);
        } catch (Exception e) {
            // Scala's code throws what it does not declare. The message is not passed on, as it may quote the key.
            throw new IllegalArgumentException(
                    key() + " is not a private key in PEM, PKCS #8 or #1 without a password");
        }
    }

    private static List<X509Certificate> certificates(Path file) {
        try {
            Collection<? extends Certificate> read = CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(Files.readAllBytes(file)));
            if (read.isEmpty()) {
                throw new IllegalArgumentException(file + " holds no certificate in PEM");
            }
            return read.stream().map(X509Certificate.class::cast).toList();
        } catch (IOException e) {
            throw unreadable(file, e);
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException(file + " holds no certificate in PEM", e);
        }
    }

    /** With one authority and no more between it and the nodes, as both ends of the remoting expect it. */
    private void checkSigned(List<X509Certificate> chain, List<X509Certificate> authorities) {
        X509Certificate own = chain.getFirst();
        try {
            own.checkValidity();
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException(
                    certificate() + " is valid from " + own.getNotBefore().toInstant() + " to "
                            + own.getNotAfter().toInstant() + ", and not now",
                    e);
        }
        if (authorities.stream().noneMatch(authority -> isSigned(own, authority))) {
            throw new IllegalArgumentException(certificate() + " is not signed by " + authority());
        }
    }

    private static boolean isSigned(X509Certificate certificate, X509Certificate authority) {
        try {
            certificate.verify(authority.getPublicKey());
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private void checkMatch(X509Certificate own, PrivateKey privateKey) {
        if (!(own.getPublicKey() instanceof RSAPublicKey open && privateKey instanceof RSAPrivateKey secret)) {
            throw new IllegalArgumentException(key() + " is not an RSA key, which is what Pekko's remoting takes");
        }
        if (!open.getModulus().equals(secret.getModulus())) {
            throw new IllegalArgumentException(key() + " is not the key of " + certificate());
        }
    }

    /** @throws IllegalArgumentException when anybody on the machine may read the secret */
    public static void refuseReadableByOthers(Path secret) {
        try {
            if (Files.getPosixFilePermissions(secret).contains(PosixFilePermission.OTHERS_READ)) {
                throw new IllegalArgumentException(secret
                        + " is a secret that every user of this machine can read; run 'chmod 600 " + secret + "'");
            }
        } catch (IOException e) {
            throw unreadable(secret, e);
        }
    }

    private static IllegalArgumentException unreadable(Path file, IOException e) {
        return new IllegalArgumentException(
                file + " cannot be read (" + why(e) + "); './swarm certificates' makes such files", e);
    }

    /** As a user knows it: the exceptions of the file system have the file's name for a message, and the reason for a class. */
    static String why(IOException e) {
        if (e instanceof NoSuchFileException) {
            return "it is not there";
        }
        if (e instanceof AccessDeniedException) {
            return "no right to";
        }
        return e instanceof FileSystemException other && other.getReason() != null ? other.getReason() : oneLine(e);
    }

    private static String oneLine(Exception e) {
        return String.valueOf(e.getMessage()).replaceAll("\\s+", " ");
    }
}
