package io.assistedswarm.coordinator;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.assistedswarm.coordinator.record.RecordSettings;
import io.assistedswarm.protocol.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What the coordinator is told at its start; {@code reference.conf} explains each.
 *
 * @param kubeconfig empty to look for it where kubectl does
 * @param standby to wait while another coordinator has the record
 */
public record CoordinatorSettings(
        String host, int port, int httpPort, Path data, String kubeconfig, RecordSettings record, boolean standby) {
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
        String named = config.getString("data");
        Path data = named.isEmpty()
                ? Path.of(System.getProperty("user.home"), ".local", "state", "assisted-swarm", "coordinator")
                : Path.of(named);
        CoordinatorSettings settings = new CoordinatorSettings(
                config.getString("host"),
                config.getInt("port"),
                config.getInt("http-port"),
                data,
                config.getString("kubeconfig"),
                record(config.getConfig("record"), data),
                config.getBoolean("standby"));
        settings.check();
        return settings;
    }

    CoordinatorSettings withPort(int other) {
        return new CoordinatorSettings(host, other, httpPort, data, kubeconfig, record, standby);
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
        return ConfigFactory.parseMap(Map.of(
                        "pekko.cluster.roles",
                        List.of("coordinator"),
                        "pekko.remote.artery.canonical.hostname",
                        host,
                        "pekko.remote.artery.canonical.port",
                        port))
                .withFallback(ConfigFactory.defaultOverrides())
                .withFallback(ConfigFactory.defaultApplication())
                .withFallback(ConfigFactory.parseResources("coordinator.conf"))
                .withFallback(ConfigFactory.defaultReference())
                .resolve();
    }

    private void check() {
        List<String> problems = new ArrayList<>();
        if (host.isBlank()) {
            problems.add("host is empty: give the address that workers reach this machine by");
        }
        checkPort(problems, "port", port);
        checkPort(problems, "http-port", httpPort);
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", problems));
        }
    }

    private static void checkPort(List<String> problems, String name, int port) {
        if (port < 0 || port > 65_535) {
            problems.add(name + " " + port + " is not in 0..65535");
        }
    }
}
