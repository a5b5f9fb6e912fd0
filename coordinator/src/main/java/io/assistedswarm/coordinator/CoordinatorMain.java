package io.assistedswarm.coordinator;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.assistedswarm.coordinator.api.Access;
import io.assistedswarm.coordinator.api.HttpApi;
import io.assistedswarm.coordinator.hub.AssistedService;
import io.assistedswarm.coordinator.hub.Hub;
import io.assistedswarm.coordinator.hub.HubByApi;
import io.assistedswarm.coordinator.hub.HubHealth;
import io.assistedswarm.coordinator.hub.KubeHub;
import io.assistedswarm.coordinator.hub.rest.RestHub;
import io.assistedswarm.coordinator.metrics.MetricsPage;
import io.assistedswarm.coordinator.metrics.PhaseMetrics;
import io.assistedswarm.coordinator.preflight.HubSurvey;
import io.assistedswarm.coordinator.preflight.Preflight;
import io.assistedswarm.coordinator.record.Memory;
import io.assistedswarm.coordinator.record.RunRecord;
import io.assistedswarm.coordinator.record.RunRecord.RecordException;
import io.assistedswarm.coordinator.swarm.SwarmsCommand;
import io.assistedswarm.protocol.ApiToken;
import io.assistedswarm.protocol.Fencing;
import io.assistedswarm.protocol.LogIds;
import io.assistedswarm.protocol.Node;
import io.assistedswarm.protocol.NodeFlags;
import io.assistedswarm.protocol.UserAuthorizations;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.prometheus.metrics.instrumentation.jvm.JvmMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import org.apache.pekko.Done;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.AddressFromURIString;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.typed.Cluster;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code swarm coordinator}. */
@Command(
        name = "swarm coordinator",
        mixinStandardHelpOptions = true,
        description = "Runs the coordinator in the foreground: workers join it, and the other commands talk to it.")
public final class CoordinatorMain implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(CoordinatorMain.class);
    private static final String SYSTEM_NAME = "assisted-swarm";
    private static final Duration END_PATIENCE = Duration.ofSeconds(60);
    private static final Duration STANDBY_INTERVAL = Duration.ofSeconds(1);
    private static final int COULD_NOT_RUN = 1;

    @Mixin
    private NodeFlags node;

    @Option(
            names = "--http-host",
            description = "Address of the HTTP API (default: as --host); elsewhere than on loopback it needs --tls")
    private Optional<String> httpHost;

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description =
                    "Token that the HTTP API wants, made if absent (default: none on loopback, else 'token' in the data folder)")
    private Optional<Path> tokenFile;

    @Option(names = "--port", description = "Port for workers, 0 for any (default: 25520)")
    private Optional<Integer> port;

    @Option(names = "--http-port", description = "Port of the HTTP API, 0 for any (default: 7480)")
    private Optional<Integer> httpPort;

    @Option(names = "--data", description = "Folder of the record (default: ~/.local/state/assisted-swarm/coordinator)")
    private Optional<Path> data;

    @Option(names = "--standby", description = "Wait while another coordinator has the record, then take over")
    private boolean standby;

    private CoordinatorMain() {}

    public static void main(String[] arguments) {
        int exitCode = execute(arguments);
        if (exitCode != 0) {
            System.exit(exitCode);
        }
    }

    /** @return the exit code; 0 of one that goes on */
    public static int execute(String... arguments) {
        return NodeFlags.execute(new CoordinatorMain(), arguments);
    }

    @Override
    public Integer call() throws IOException {
        try {
            run(CoordinatorSettings.read(flags()));
            return 0;
        } catch (RecordException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private Map<String, Object> flags() {
        Map<String, Object> flags = node.given();
        httpHost.ifPresent(value -> flags.put("http-host", value));
        tokenFile.ifPresent(value -> flags.put("token-file", value.toString()));
        port.ifPresent(value -> flags.put("port", value));
        httpPort.ifPresent(value -> flags.put("http-port", value));
        data.ifPresent(value -> flags.put("data", value.toString()));
        if (standby) {
            flags.put("standby", true);
        }
        return flags;
    }

    private static void run(CoordinatorSettings settings) throws IOException {
        Node.checkAddress(settings.remoting().host(), settings.remoting().port(), "--port");
        Node.checkAddress(settings.httpHost(), settings.httpPort(), "--http-port");
        createFolder(settings.data());
        Access access = access(settings);
        RunRecord record = openRecord(settings);
        // A file that an earlier coordinator left would send others to where nobody listens.
        Files.deleteIfExists(contactFile(settings));
        Memory memory = record.memory();
        Executor blocking = LogIds.carrying(Executors.newVirtualThreadPerTaskExecutor());
        HubHealth health = KubeHub.health(InstantSource.system());
        KubernetesClient client = client(settings, health);
        KubeHub kube = new KubeHub(client, health, blocking);
        UserAuthorizations users = new UserAuthorizations();
        RestHub rest = new RestHub(users, version(), InstantSource.system(), blocking);
        Hub hub = new HubByApi(Optional.<Hub>of(kube).filter(any -> hasKubeConfig(settings)), rest);
        Fencing fencing = Fencing.read(settings.actorSystem());
        PrometheusRegistry counted = new PrometheusRegistry();
        JvmMetrics.builder().register(counted);
        PhaseMetrics phases = new PhaseMetrics(counted);
        rest.countIn(counted);
        record.countIn(counted);
        record.tell(phases::written);
        CompletableFuture<ActorRef<SwarmsCommand>> swarms = new CompletableFuture<>();
        ActorSystem<Coordinator.Command> system = ActorSystem.create(
                Coordinator.create(
                        record,
                        memory,
                        hub,
                        new AssistedService(blocking, users),
                        blocking,
                        fencing,
                        settings.keepDeleted(),
                        swarms::complete),
                SYSTEM_NAME,
                settings.withPort(port(settings, memory)).actorSystem());
        closeAtTheEnd(system, record, kube, rest, settings);
        Node.endWellOnSignal(system, "coordinator", END_PATIENCE);
        if (hasKubeConfig(settings)) {
            kube.probe();
        } else {
            LOG.info("there is no kube config: only clusters with api: rest can be driven");
        }
        try {
            String url = swarms.thenCompose(ref -> HttpApi.bind(
                            system,
                            ref,
                            new Preflight(new HubSurvey(client), ref, system.scheduler(), blocking, users),
                            new MetricsPage(counted, phases),
                            settings.httpHost(),
                            settings.httpPort(),
                            access))
                    .join()
                    .url();
            announce(system, settings, url);
        } catch (CompletionException e) {
            throw new IOException(
                    "cannot listen on " + settings.httpHost() + ":" + settings.httpPort() + " (--http-port): "
                            + e.getCause().getMessage(),
                    e);
        }
    }

    private static Access access(CoordinatorSettings settings) throws IOException {
        Optional<ApiToken> token = Optional.empty();
        if (settings.tokenFile().isPresent()) {
            token = Optional.of(ApiToken.readOrMake(settings.tokenFile().get()));
        }
        return new Access(token, settings.remoting().tls());
    }

    private static KubernetesClient client(CoordinatorSettings settings, HubHealth health) {
        Config found;
        if (settings.kubeconfig().isEmpty()) {
            found = Config.autoConfigure(null);
        } else {
            File file = new File(settings.kubeconfig());
            if (!file.canRead()) {
                throw new IllegalArgumentException("the kube config " + file + " cannot be read");
            }
            found = read(file);
        }
        return KubeHub.client(found, version(), health);
    }

    /** Where kubectl would find one, too. */
    private static boolean hasKubeConfig(CoordinatorSettings settings) {
        return !settings.kubeconfig().isEmpty()
                || System.getenv("KUBERNETES_SERVICE_HOST") != null
                || Config.getKubeconfigFilenames().stream().map(File::new).anyMatch(File::canRead);
    }

    private static Config read(File kubeconfig) {
        try {
            return Config.fromKubeconfig(kubeconfig);
        } catch (RuntimeException e) {
            // The parsers that are behind it have nothing narrower in common.
            throw new IllegalArgumentException(
                    "the kube config " + kubeconfig + " is none: "
                            + String.valueOf(e.getMessage()).replaceAll("\\s+", " "),
                    e);
        }
    }

    private static RunRecord openRecord(CoordinatorSettings settings) {
        boolean said = false;
        while (true) {
            try {
                RunRecord record = RunRecord.open(settings.record());
                record.watch(CoordinatorMain::giveWay);
                return record;
            } catch (RunRecord.Taken taken) {
                if (!settings.standby()) {
                    throw taken;
                }
                if (!said) {
                    LOG.info("another coordinator has the record; standing by");
                    said = true;
                }
                LockSupport.parkNanos(STANDBY_INTERVAL.toNanos());
            }
        }
    }

    /** As suddenly as by a crash: whatever this coordinator still did, it would do beside the one that has the record now. */
    private static void giveWay() {
        LOG.error("this coordinator has lost its record and ends; start it again to stand by");
        Runtime.getRuntime().halt(COULD_NOT_RUN);
    }

    /** Of any free port, the one that the earlier coordinator had: there workers look for it. */
    private static int port(CoordinatorSettings settings, Memory memory) {
        if (settings.remoting().port() != 0) {
            return settings.remoting().port();
        }
        int before = memory.coordinator()
                .map(AddressFromURIString::parse)
                .filter(address -> address.host().contains(settings.remoting().host()))
                .map(address -> (Integer) address.port().get())
                .orElse(0);
        try {
            Node.checkAddress(settings.remoting().host(), before, "--port");
            return before;
        } catch (IOException e) {
            LOG.warn("port [{}], which the earlier coordinator had, is taken: workers may not find this one", before);
            return 0;
        }
    }

    /** For its owner only, unless it was there before. */
    private static void createFolder(Path folder) throws IOException {
        try {
            if (!Files.exists(folder)) {
                Files.createDirectories(
                        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            }
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new IOException("cannot create the folder " + folder + " (--data): " + e, e);
        }
    }

    private static String version() {
        return Optional.ofNullable(CoordinatorMain.class.getPackage().getImplementationVersion())
                .orElse("development");
    }

    private static void announce(ActorSystem<?> system, CoordinatorSettings settings, String url) throws IOException {
        Address address = Cluster.get(system).selfMember().address();
        String pekko = address.host().get() + ":" + address.port().get();
        Map<String, String> contact = new LinkedHashMap<>();
        contact.put("http", url);
        contact.put("pekko", pekko);
        settings.tokenFile().ifPresent(file -> contact.put("tokenFile", file.toString()));
        settings.remoting()
                .tls()
                .ifPresent(folder -> contact.put("ca", folder.authority().toString()));
        Path temporary = Files.createTempFile(settings.data(), "coordinator", ".json");
        new JsonMapper().writeValue(temporary.toFile(), contact);
        Files.move(
                temporary, contactFile(settings), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        LOG.info("the coordinator listens: HTTP [{}], workers [{}]", url, pekko);
    }

    private static void closeAtTheEnd(
            ActorSystem<?> system, RunRecord record, KubeHub kube, RestHub rest, CoordinatorSettings settings) {
        CoordinatedShutdown.get(system)
                .addTask(
                        CoordinatedShutdown.PhaseBeforeActorSystemTerminate(),
                        "close-record",
                        // Not in the common pool, which may be one thread: HTTP clients that are closed wait for what
                        // is told there.
                        () -> CompletableFuture.supplyAsync(
                                () -> {
                                    record.close();
                                    kube.close();
                                    rest.close();
                                    contactFile(settings).toFile().delete();
                                    return Done.getInstance();
                                },
                                Thread::startVirtualThread));
    }

    private static Path contactFile(CoordinatorSettings settings) {
        return settings.data().resolve("coordinator.json");
    }
}
