package io.assistedswarm.coordinator;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import io.assistedswarm.coordinator.record.RecordSettings;
import io.assistedswarm.protocol.Remoting;
import io.assistedswarm.protocol.Secret;
import io.assistedswarm.protocol.TlsFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What the coordinator is told at its start; {@code reference.conf} explains each.
 *
 * @param httpHost where the HTTP API listens
 * @param tokenFile empty where the HTTP API is for whoever is on this machine
 * @param kubeconfig empty to look for it where kubectl does
 * @param keepDeleted so many deleted swarms stay in the record
 * @param standby to wait while another coordinator has the record
 */
public record CoordinatorSettings(
        Remoting remoting,
        String httpHost,
        int httpPort,
        Optional<Path> tokenFile,
        Path data,
        String kubeconfig,
        RecordSettings record,
        int keepDeleted,
        boolean standby) {
    private static final String PATH = "assisted-swarm.coordinator";

    /**
     * From the flags that were given, then the environment, a configuration file, the defaults.
     *
     * @throws IllegalArgumentException naming every problem
     */
    public static CoordinatorSettings read(Map<String, Object> flags) {
        Config config = ConfigFactory.parseMap(flags)
                .atPath(PATH)
                .withFallback(ConfigFactory.load())
                .getConfig(PATH);
        try {
            CoordinatorSettings settings = read(config);
            settings.check();
            return settings;
        } catch (ConfigException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    private static CoordinatorSettings read(Config config) {
        Path data = path(config, "data")
                .orElseGet(() ->
                        Path.of(System.getProperty("user.home"), ".local", "state", "assisted-swarm", "coordinator"));
        String host = config.getString("host");
        String httpHost = config.getString("http-host").isEmpty() ? host : config.getString("http-host");
        return new CoordinatorSettings(
                new Remoting(
                        host,
                        config.getInt("port"),
                        path(config, "tls").map(TlsFolder::new),
                        config.getBoolean("insecure-remoting")),
                httpHost,
                config.getInt("http-port"),
                path(config, "token-file")
                        .or(() ->
                                Remoting.isLoopback(httpHost) ? Optional.empty() : Optional.of(data.resolve("token"))),
                data,
                config.getString("kubeconfig"),
                record(config.getConfig("record"), data),
                config.getInt("record.keep-deleted"),
                config.getBoolean("standby"));
    }

    CoordinatorSettings withPort(int other) {
        return new CoordinatorSettings(
                new Remoting(remoting.host(), other, remoting.tls(), remoting.insecure()),
                httpHost,
                httpPort,
                tokenFile,
                data,
                kubeconfig,
                record,
                keepDeleted,
                standby);
    }

    private static RecordSettings record(Config config, Path data) {
        String url = config.getString("url");
        String key = config.getString("key-file");
        String passwordFile = config.getString("password-file");
        String password = config.getString("password");
        if (!passwordFile.isEmpty()) {
            try {
                password = Files.readString(Path.of(passwordFile)).strip();
            } catch (IOException e) {
                throw new IllegalArgumentException("record.password-file " + passwordFile + " cannot be read: " + e, e);
            }
        }
        if (!url.isEmpty() && !url.startsWith("jdbc:postgresql:")) {
            throw new IllegalArgumentException("record.url must begin with jdbc:postgresql:");
        }
        if (url.toLowerCase(Locale.ROOT).contains("password=")) {
            throw new IllegalArgumentException(
                    "record.url must not hold a password: put it into a file and name that as record.password-file");
        }
        return new RecordSettings(
                data,
                url,
                config.getString("user"),
                new Secret(password),
                key.isEmpty() ? RecordSettings.file(data).key() : Path.of(key));
    }

    /** The configuration of its actor system. */
    Config actorSystem() {
        return ConfigFactory.parseMap(Map.of("pekko.cluster.roles", List.of("coordinator")))
                .withFallback(remoting.config())
                .withFallback(ConfigFactory.defaultOverrides())
                .withFallback(ConfigFactory.defaultApplication())
                .withFallback(ConfigFactory.parseResources("coordinator.conf"))
                .withFallback(ConfigFactory.defaultReference())
                .resolve();
    }

    private void check() {
        List<String> problems = new ArrayList<>();
        if (remoting.host().isBlank()) {
            problems.add("host is empty: give the address that workers reach this machine by");
        }
        problems.addAll(remoting.problems());
        if (remoting.tls().isEmpty() && !Remoting.isLoopback(httpHost)) {
            problems.add("the HTTP API would be plain at " + httpHost + ", which is not loopback: give --tls DIR"
                    + " ('./swarm certificates' makes one), or --http-host 127.0.0.1");
        }
        checkPort(problems, "port", remoting.port());
        checkPort(problems, "http-port", httpPort);
        if (keepDeleted < 0) {
            problems.add("record.keep-deleted " + keepDeleted + " is below 0");
        }
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", problems));
        }
    }

    private static Optional<Path> path(Config config, String key) {
        return Optional.of(config.getString(key))
                .filter(text -> !text.isEmpty())
                .map(text -> Path.of(text).toAbsolutePath().normalize());
    }

    private static void checkPort(List<String> problems, String name, int port) {
        if (port < 0 || port > 65_535) {
            problems.add(name + " " + port + " is not in 0..65535");
        }
    }
}
