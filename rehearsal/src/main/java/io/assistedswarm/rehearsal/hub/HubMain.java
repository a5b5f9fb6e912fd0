package io.assistedswarm.rehearsal.hub;

import io.assistedswarm.rehearsal.RoleLine;
import io.assistedswarm.rehearsal.service.ServiceVariables;
import io.assistedswarm.rehearsal.service.Speakers;
import io.assistedswarm.rehearsal.service.TimeScale;
import io.assistedswarm.rehearsal.trouble.TroubleFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code swarm hub}: the rehearsal hub in the foreground, until it is told to stop. */
@Command(
        name = "hub",
        mixinStandardHelpOptions = true,
        description = {
            "Serves a stand-in for the hub on loopback: a Kubernetes API and the assisted-service.",
            "Exit code: 1 could not run, 2 wrong usage, 3 two processes spoke for one host (GET /rehearsal/doubles)."
        })
public final class HubMain implements Callable<Integer> {
    private static final int COULD_NOT_RUN = 1;
    private static final int DOUBLES = 3;

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            description = "Where hub.json, kubeconfig, pull-secret.json and service-config.yaml are written."
                    + " Default: ~/.local/state/assisted-swarm/hub")
    private Path dir = Path.of(System.getProperty("user.home"), ".local", "state", "assisted-swarm", "hub");

    @Option(
            names = "--port",
            paramLabel = "PORT",
            description = "Port of the assisted-service; 0 for any free one. Default: ${DEFAULT-VALUE}")
    private int port = 8090;

    @Option(
            names = "--kube-port",
            paramLabel = "PORT",
            description = "Port of the Kubernetes API; 0 for any free one. Default: ${DEFAULT-VALUE}")
    private int kubePort = 7443;

    @Option(
            names = "--time-scale",
            paramLabel = "N",
            description = "How many times faster than the real service. Default: ${DEFAULT-VALUE}")
    private double timeScale = 20;

    @Option(
            names = "--iso-bytes",
            paramLabel = "BYTES",
            description = "Length of a discovery image. Default: ${DEFAULT-VALUE}")
    private long isoBytes = 1024 * 1024;

    @Option(
            names = "--soft-timeouts",
            description = "Note overdue installations instead of failing them, as services with soft time-outs do.")
    private boolean softTimeouts;

    @Option(
            names = "--env",
            paramLabel = "NAME=VALUE",
            description =
                    "One of the real service's environment variables, as often as needed:"
                            + " AUTH_TYPE, ENABLE_KUBE_API, ENABLE_VIRTUAL_INTERFACES, ENABLE_SKIP_MCO_REBOOT, ENABLE_SINGLE_NODE_DNSMASQ, HW_VALIDATOR_REQUIREMENTS,"
                            + " PUBLIC_CONTAINER_REGISTRIES, RELEASE_IMAGES, DISABLED_HOST_VALIDATIONS, DISABLED_CLUSTER_VALIDATIONS.")
    private final Map<String, String> environment = new TreeMap<>();

    @Option(
            names = "--converged",
            description = "Bare metal goes by PreprovisioningImages, as on a hub with a baremetal ClusterOperator;"
                    + " the same as --env ALLOW_CONVERGED_FLOW=true.")
    private boolean converged;

    @Option(
            names = "--auth",
            paramLabel = "TYPE",
            description =
                    "How agents and users prove who they are: none, local, rhsso or agent-installer-local; the same as --env AUTH_TYPE=TYPE."
                            + " Default: none")
    private String auth;

    @Option(
            names = "--token-life",
            paramLabel = "SECONDS",
            description = "How long a token lives that a user of rhsso or agent-installer-local is given."
                    + " Default: 900 with rhsso, for ever otherwise")
    private Integer tokenLife;

    @Option(
            names = "--tls",
            description =
                    "Serves the assisted-service by https, with a certificate of an authority of its own: made at first,"
                            + " kept in DIR/certificates, and named in service-config.yaml.")
    private boolean tls;

    @Option(
            names = "--trouble",
            paramLabel = "FILE",
            description = "Plan of what goes wrong with the hub and when, in YAML; see docs/rehearsal.md."
                    + " At run time: POST it to /rehearsal/troubles.")
    private Path trouble;

    public static void main(String[] args) {
        System.exit(execute(args));
    }

    /** @return the exit code, once the hub has stopped */
    public static int execute(String... arguments) {
        return RoleLine.of(new HubMain()).execute(arguments);
    }

    private Optional<Duration> life() {
        if (tokenLife != null && tokenLife < 1) {
            throw new IllegalArgumentException("--token-life must be at least 1, not " + tokenLife);
        }
        return Optional.ofNullable(tokenLife).map(Duration::ofSeconds);
    }

    @Override
    public Integer call() throws InterruptedException {
        RehearsalHub.Options options;
        try {
            if (converged) {
                environment.put(ServiceVariables.CONVERGED_FLOW, "true");
            }
            if (auth != null) {
                environment.put(ServiceVariables.AUTH_TYPE, auth);
            }
            options = new RehearsalHub.Options(
                    dir.toAbsolutePath().normalize(),
                    port,
                    kubePort,
                    new TimeScale(timeScale),
                    isoBytes,
                    softTimeouts,
                    ServiceVariables.of(environment),
                    trouble == null ? List.of() : TroubleFile.read(trouble),
                    tls,
                    life());
        } catch (TroubleFile.Invalid e) {
            e.getMessage().lines().forEach(line -> System.err.println("swarm hub: " + line));
            return CommandLine.ExitCode.USAGE;
        } catch (IllegalArgumentException e) {
            System.err.println("swarm hub: " + e.getMessage());
            return CommandLine.ExitCode.USAGE;
        }
        RehearsalHub hub;
        try {
            hub = RehearsalHub.start(options);
        } catch (IOException | UncheckedIOException e) {
            System.err.println("swarm hub: cannot start: " + e.getMessage());
            return COULD_NOT_RUN;
        }
        CountDownLatch stopped = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            List<Speakers.Overlap> doubles = hub.speakers().overlaps();
            hub.close();
            if (!doubles.isEmpty()) {
                doubles.forEach(found -> System.err.println("swarm hub: " + found));
                System.err.flush();
                // A JVM that is told to stop has no other way to say how it went.
                Runtime.getRuntime().halt(DOUBLES);
            }
            stopped.countDown();
        }));
        System.out.println("hub is up: export KUBECONFIG=" + hub.kubeconfig() + " (service " + hub.serviceUrl()
                + ", Kubernetes API " + hub.kubeUrl() + ", service config " + hub.serviceConfig() + ")");
        System.out.flush();
        stopped.await();
        return CommandLine.ExitCode.OK;
    }
}
