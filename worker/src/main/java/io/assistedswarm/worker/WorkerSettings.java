package io.assistedswarm.worker;

import com.sun.management.OperatingSystemMXBean;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import io.assistedswarm.protocol.Fencing;
import io.assistedswarm.protocol.Remoting;
import io.assistedswarm.protocol.TlsFolder;
import io.assistedswarm.protocol.WorkerName;
import io.assistedswarm.worker.hub.HubSettings;
import io.assistedswarm.worker.metrics.HttpSettings;
import io.assistedswarm.worker.node.Uplink;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a worker is told at its start; {@code reference.conf} explains each.
 *
 * @param join {@code HOST:PORT} of the coordinator's node, and of those that stand by for it
 * @param http of its own metrics
 * @param capacity hosts at one time, at least 1
 * @param kubeconfig empty to look for it where kubectl does
 */
public record WorkerSettings(
        List<String> join,
        Remoting remoting,
        HttpSettings http,
        WorkerName name,
        int capacity,
        Path data,
        Optional<Path> kubeconfig,
        HubSettings hub,
        ActorTimes times,
        Duration grace,
        Duration drainGrace,
        long logLimitBytes,
        Duration reportInterval,
        Uplink.Settings uplink) {
    private static final String PATH = "assisted-swarm.worker";
    private static final Pattern ADDRESS = Pattern.compile("(\\[[0-9a-fA-F:.]+]|[^:\\s]+):(\\d{1,5})");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?");
    private static final int HIGHEST_PORT = 65_535;
    private static final double RETRY_JITTER = 0.5;
    /** None in a restart: the real agent's unit waits just as long each time (RestartSec=3). */
    private static final double RESTART_JITTER = 0;

    private static final int HOSTS_PER_CORE = 50;
    private static final long BYTES_PER_HOST = 100L << 20;
    private static final double MEMORY_SHARE = 0.75;

    /**
     * From the flags that were given, then the environment, a configuration file, the defaults.
     *
     * @throws IllegalArgumentException naming every problem
     */
    public static WorkerSettings read(Map<String, Object> flags) {
        Config config = ConfigFactory.parseMap(flags)
                .atPath(PATH)
                .withFallback(ConfigFactory.load())
                .getConfig(PATH);
        try {
            List<String> problems = new ArrayList<>();
            WorkerSettings settings = read(config, flags, problems);
            settings.check(problems);
            if (!problems.isEmpty()) {
                throw new IllegalArgumentException(String.join("; ", problems));
            }
            return settings;
        } catch (ConfigException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    private static WorkerSettings read(Config config, Map<String, Object> flags, List<String> problems) {
        String name = config.getString("name").isEmpty() ? defaultName() : config.getString("name");
        if (!NAME.matcher(name).matches()) {
            problems.add("name '" + name + "': letters, digits, '-', '_' and '.', at most 63");
            name = "unnamed";
        }
        String data = config.getString("data");
        String kubeconfig = config.getString("kubeconfig");
        int capacity = config.getInt("capacity");
        if (capacity < 0 || (capacity == 0 && flags.containsKey("capacity"))) {
            problems.add("capacity " + capacity + ": at least 1");
        }
        Optional<TlsFolder> tls = Optional.of(config.getString("tls"))
                .filter(folder -> !folder.isEmpty())
                .map(folder -> new TlsFolder(Path.of(folder).toAbsolutePath().normalize()));
        return new WorkerSettings(
                Arrays.stream(config.getString("join").split(","))
                        .map(String::strip)
                        .filter(address -> !address.isEmpty())
                        .toList(),
                new Remoting(
                        config.getString("host"), config.getInt("port"), tls, config.getBoolean("insecure-remoting")),
                new HttpSettings(
                        config.getString("http-host"),
                        config.getInt("http-port"),
                        Optional.of(config.getString("token-file"))
                                .filter(file -> !file.isEmpty())
                                .map(Path::of),
                        tls),
                new WorkerName(name),
                capacity == 0 ? defaultCapacity(cores(), memoryBytes()) : capacity,
                data.isEmpty()
                        ? Path.of(
                                System.getProperty("user.home"), ".local", "state", "assisted-swarm", "worker-" + name)
                        : Path.of(data).toAbsolutePath().normalize(),
                kubeconfig.isEmpty() ? Optional.empty() : Optional.of(Path.of(kubeconfig)),
                new HubSettings(
                        config.getDouble("hub.requests-per-second"),
                        config.getInt("hub.burst"),
                        config.getInt("hub.unanswered"),
                        config.getDuration("hub.timeout")),
                new ActorTimes(
                        backoff(config.getConfig("retry"), RETRY_JITTER),
                        backoff(config.getConfig("restart"), RESTART_JITTER),
                        config.getDuration("heartbeat"),
                        config.getDuration("unstarted")),
                config.getDuration("grace"),
                config.getDuration("drain-grace"),
                config.getBytes("log-limit"),
                ConfigFactory.load().getDuration(Fencing.REPORT_INTERVAL),
                new Uplink.Settings(
                        config.getDuration("uplink.gathering"),
                        config.getDuration("uplink.patience"),
                        config.getInt("uplink.largest-batch")));
    }

    /** The configuration of its actor system. */
    Config actorSystem() {
        return ConfigFactory.parseMap(Map.of(
                        "pekko.coordinated-shutdown.phases.before-service-unbind.timeout", drainGrace.plusSeconds(5)))
                .withFallback(remoting.config())
                .withFallback(ConfigFactory.defaultOverrides())
                .withFallback(ConfigFactory.defaultApplication())
                .withFallback(ConfigFactory.parseResources("worker.conf"))
                .withFallback(ConfigFactory.defaultReference())
                .resolve();
    }

    static int cores() {
        return Runtime.getRuntime().availableProcessors();
    }

    static long memoryBytes() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
    }

    /** As many as the cores can carry, but no more than fit into the memory. */
    static int defaultCapacity(int cores, long memoryBytes) {
        long byMemory = (long) (memoryBytes * MEMORY_SHARE) / BYTES_PER_HOST;
        return (int) Math.max(1, Math.min((long) cores * HOSTS_PER_CORE, byMemory));
    }

    private void check(List<String> problems) {
        if (join.isEmpty()) {
            problems.add("--join is missing: HOST:PORT of the coordinator, which it says when it starts");
        }
        join.stream()
                .filter(address -> !isAddress(address))
                .forEach(address -> problems.add("--join '" + address + "': HOST:PORT expected"));
        if (remoting.host().isBlank()) {
            problems.add("host is empty: give the address that the others reach this machine by");
        }
        problems.addAll(remoting.problems());
        problems.addAll(http.problems());
        if (remoting.port() < 0 || remoting.port() > HIGHEST_PORT) {
            problems.add("port " + remoting.port() + " is not in 0..65535");
        }
        if (hub.requestsPerSecond() <= 0 || hub.burst() < 1 || hub.unanswered() < 1) {
            problems.add("hub.requests-per-second, hub.burst and hub.unanswered must be above 0");
        }
        if (logLimitBytes < 1 << 16) {
            problems.add("log-limit " + logLimitBytes + " B: at least 64 KiB");
        }
    }

    private static boolean isAddress(String text) {
        Matcher address = ADDRESS.matcher(text);
        if (!address.matches()) {
            return false;
        }
        int port = Integer.parseInt(address.group(2));
        return port >= 1 && port <= HIGHEST_PORT;
    }

    private static Backoff backoff(Config config, double jitter) {
        return new Backoff(config.getDuration("first"), config.getDuration("longest"), jitter);
    }

    private static String defaultName() {
        String machine;
        try {
            machine = InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            // A machine whose name does not resolve still has a name that people know.
            machine = System.getenv().getOrDefault("HOSTNAME", "worker");
        }
        return machine + "-" + ProcessHandle.current().pid();
    }
}
