package io.assistedswarm.coordinator;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What the coordinator is told at its start; {@code reference.conf} explains each.
 *
 * @param kubeconfig empty to look for it where kubectl does
 */
public record CoordinatorSettings(String host, int port, int httpPort, Path data, String kubeconfig) {
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
        String data = config.getString("data");
        CoordinatorSettings settings = new CoordinatorSettings(
                config.getString("host"),
                config.getInt("port"),
                config.getInt("http-port"),
                data.isEmpty()
                        ? Path.of(System.getProperty("user.home"), ".local", "state", "assisted-swarm", "coordinator")
                        : Path.of(data),
                config.getString("kubeconfig"));
        settings.check();
        return settings;
    }

    CoordinatorSettings withPort(int other) {
        return new CoordinatorSettings(host, other, httpPort, data, kubeconfig);
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
