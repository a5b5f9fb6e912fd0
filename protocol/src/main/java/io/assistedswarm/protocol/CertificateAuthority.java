package io.assistedswarm.protocol;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** An authority of one's own, by the JDK's keytool: Java itself has nothing public that signs a certificate. */
public final class CertificateAuthority {
    /** PKCS #12 cannot be without; what protects the key is that nobody else can read the file. */
    private static final String PASSWORD = "not-a-secret";

    private static final String ALIAS = "authority";
    private static final int DAYS = 3650;

    /** Pekko lets a node in when it has a name in common with the other. */
    private static final String COMMON_NAME = "assisted-swarm";

    private static final int PATIENCE_SECONDS = 120;
    private static final Base64.Encoder PEM = Base64.getMimeEncoder(64, new byte[] {'\n'});

    private final Path folder;

    private CertificateAuthority(Path folder) {
        this.folder = folder;
    }

    /** The one that the folder holds, else a new one. */
    public static CertificateAuthority open(Path folder) throws IOException, InterruptedException {
        CertificateAuthority authority = new CertificateAuthority(folder);
        if (!Files.exists(folder)) {
            Files.createDirectories(folder);
            makePrivate(folder, true);
        }
        if (!Files.exists(authority.store())) {
            Path scratch = Files.createTempDirectory(folder, ".making");
            try {
                Path made = scratch.resolve("authority.p12");
                keytool(
                        made,
                        ALIAS,
                        "CN=" + COMMON_NAME + " authority",
                        "-ext",
                        "bc:c=ca:true,pathlen:0",
                        "-ext",
                        "ku:c=keyCertSign,cRLSign");
                makePrivate(made, false);
                Files.move(made, authority.store(), StandardCopyOption.ATOMIC_MOVE);
            } finally {
                removeScratch(scratch);
            }
        }
        Files.writeString(authority.certificate(), pem("CERTIFICATE", authorityIn(authority.store())));
        return authority;
    }

    public Path certificate() {
        return folder.resolve("ca.crt");
    }

    /**
     * @param name of a machine
     * @return the folder with its certificate and key, as {@link TlsFolder} reads it
     */
    public Path issue(String name) throws IOException, InterruptedException {
        Path scratch = Files.createTempDirectory(folder, ".making");
        try {
            Path made = scratch.resolve("node.p12");
            Files.copy(store(), made);
            keytool(
                    made,
                    "node",
                    "CN=" + COMMON_NAME,
                    "-signer",
                    ALIAS,
                    "-ext",
                    "san=" + subject(name),
                    "-ext",
                    "eku=serverAuth,clientAuth");
            KeyStore store = read(made);
            Path key = scratch.resolve("tls.key");
            Files.createFile(key, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(
                    key,
                    pem(
                            "PRIVATE KEY",
                            store.getKey("node", PASSWORD.toCharArray()).getEncoded()));
            Files.writeString(
                    scratch.resolve("tls.crt"),
                    pem("CERTIFICATE", store.getCertificate("node").getEncoded()));
            Files.copy(certificate(), scratch.resolve("ca.crt"));
            Files.delete(made);
            return Files.move(scratch, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
        } catch (GeneralSecurityException e) {
            throw new IOException("what keytool made cannot be read: " + e.getMessage(), e);
        } finally {
            removeScratch(scratch);
        }
    }

    private Path store() {
        return folder.resolve("authority.p12");
    }

    private static String subject(String name) {
        return (name.matches("[0-9.]+|.*:.*") ? "ip:" : "dns:") + name;
    }

    private static byte[] authorityIn(Path store) throws IOException {
        try {
            return read(store).getCertificate(ALIAS).getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IOException(store + " is not an authority that 'swarm certificates' made: " + e.getMessage(), e);
        }
    }

    private static KeyStore read(Path file) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream bytes = Files.newInputStream(file)) {
            store.load(bytes, PASSWORD.toCharArray());
        }
        return store;
    }

    private static void keytool(Path store, String alias, String subject, String... more)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keystore",
                store.toString(),
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD,
                "-alias",
                alias,
                "-dname",
                subject,
                // Pekko's remoting takes RSA only.
                "-keyalg",
                "RSA",
                "-keysize",
                "3072",
                "-validity",
                String.valueOf(DAYS)));
        command.addAll(List.of(more));
        Process keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
        keytool.getOutputStream().close();
        String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!keytool.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            keytool.destroyForcibly();
        }
        if (keytool.waitFor() != 0) {
            throw new IOException("keytool: " + said.replaceAll("\\s+", " ").strip());
        }
    }

    private static String pem(String kind, byte[] der) {
        return "-----BEGIN " + kind + "-----\n" + PEM.encodeToString(der) + "\n-----END " + kind + "-----\n";
    }

    private static void makePrivate(Path path, boolean directory) throws IOException {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(directory ? "rwx------" : "rw-------"));
    }

    /** Nothing is left of it when all went well. */
    private static void removeScratch(Path scratch) throws IOException {
        if (!Files.exists(scratch)) {
            return;
        }
        try (var files = Files.list(scratch)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(scratch);
    }
}
