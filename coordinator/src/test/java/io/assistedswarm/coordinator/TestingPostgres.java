package io.assistedswarm.coordinator;

import static org.awaitility.Awaitility.await;

import io.assistedswarm.coordinator.record.RecordSettings;
import io.assistedswarm.protocol.Secret;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A PostgreSQL server of its own in a folder of its own, on loopback, as a user without rights: it refuses to be root's. */
public final class TestingPostgres {
    public static final String USER = "swarm";
    public static final String PASSWORD = "only-for-this-test";

    private static final Path DEBIAN = Path.of("/usr/lib/postgresql");
    private static final Path LOG = Path.of("server.log");

    private final Path programs;
    private final Path folder;
    private final int port;
    private final Process server;

    private TestingPostgres(Path programs) throws Exception {
        this.programs = programs;
        folder = Files.createTempDirectory("postgres");
        if (isRoot()) {
            Files.setOwner(
                    folder,
                    folder.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody"));
        }
        Path password = Files.writeString(Files.createTempFile("postgres", ".password"), PASSWORD);
        try {
            Files.setOwner(password, Files.getOwner(folder));
            Process init = as("initdb", "-D", data(), "-U", USER, "--auth=scram-sha-256", "--pwfile=" + password)
                    .start();
            if (!init.waitFor(60, TimeUnit.SECONDS) || init.exitValue() != 0) {
                throw new IllegalStateException("initdb: " + Files.readString(folder.resolve(LOG)));
            }
        } finally {
            Files.delete(password);
        }
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        server = as(
                        "postgres",
                        "-D",
                        data(),
                        "-p",
                        String.valueOf(port),
                        "-c",
                        "listen_addresses=127.0.0.1",
                        "-c",
                        "unix_socket_directories=",
                        "-c",
                        "fsync=off")
                .start();
        await().atMost(Duration.ofSeconds(30)).until(this::answers);
    }

    /** Empty where PostgreSQL is not installed. */
    public static Optional<TestingPostgres> start() throws Exception {
        Optional<Path> programs = programs();
        return programs.isEmpty() ? Optional.empty() : Optional.of(new TestingPostgres(programs.get()));
    }

    public String url() {
        return "jdbc:postgresql://127.0.0.1:" + port + "/postgres";
    }

    /** @param data folder of the coordinator */
    public RecordSettings record(Path data) {
        return new RecordSettings(data, url(), USER, new Secret(PASSWORD), data.resolve("record-key"));
    }

    public Connection connection() throws SQLException {
        return DriverManager.getConnection(url(), USER, PASSWORD);
    }

    public void stop() throws Exception {
        server.destroy();
        if (!server.waitFor(20, TimeUnit.SECONDS)) {
            server.destroyForcibly();
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private boolean answers() {
        try (Connection connection = connection()) {
            return connection.isValid(1);
        } catch (SQLException e) {
            if (!server.isAlive()) {
                throw new IllegalStateException("PostgreSQL has ended with " + server.exitValue(), e);
            }
            return false;
        }
    }

    private String data() {
        return folder.resolve("data").toString();
    }

    private ProcessBuilder as(String program, String... arguments) {
        List<String> command = new ArrayList<>();
        if (isRoot()) {
            // The server itself must get the signal that ends it, so nothing may stay between.
            command.addAll(List.of("setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"));
        }
        command.add(programs.resolve(program).toString());
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(
                        ProcessBuilder.Redirect.appendTo(folder.resolve(LOG).toFile()));
    }

    private static boolean isRoot() {
        return System.getProperty("user.name").equals("root");
    }

    private static Optional<Path> programs() throws IOException {
        if (!Files.isDirectory(DEBIAN)) {
            return Optional.empty();
        }
        try (Stream<Path> versions = Files.list(DEBIAN)) {
            return versions.map(version -> version.resolve("bin"))
                    .filter(bin -> Files.isExecutable(bin.resolve("initdb")))
                    .max(Comparator.naturalOrder());
        }
    }
}
