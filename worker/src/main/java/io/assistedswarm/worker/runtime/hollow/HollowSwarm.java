package io.assistedswarm.worker.runtime.hollow;

import io.assistedswarm.agent.Agent;
import io.assistedswarm.agent.AgentSettings;
import io.assistedswarm.agent.AssistedService;
import io.assistedswarm.agent.ClusterHosts;
import io.assistedswarm.agent.ConnectionPool;
import io.assistedswarm.agent.Controller;
import io.assistedswarm.agent.ControllerSettings;
import io.assistedswarm.agent.InstallerSettings;
import io.assistedswarm.agent.Marker;
import io.assistedswarm.agent.Retries;
import io.assistedswarm.agent.ScaledClock;
import io.assistedswarm.agent.ServiceAddress;
import io.assistedswarm.agent.ServiceClient;
import io.assistedswarm.agent.Speaker;
import io.assistedswarm.agent.Token;
import io.assistedswarm.agent.UsageException;
import io.assistedswarm.protocol.ClusterSpec;
import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.Identity;
import io.assistedswarm.protocol.RuntimeSpec;
import io.assistedswarm.protocol.ServiceSpec;
import io.assistedswarm.protocol.SwarmSpec;
import io.assistedswarm.protocol.TemplateScope;
import io.assistedswarm.worker.process.AgentRuntime.Order;
import io.assistedswarm.worker.process.ExecRuntime;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/** What the hollow hosts and controllers of one swarm on this worker have in common; makes each of them. */
final class HollowSwarm {
    /** The real agent's default between two tries to register. */
    private static final Duration REGISTRATION_INTERVAL = Duration.ofSeconds(60);

    private static final int CONTROLLER_LOG_CHARS = 64 * 1024;
    private final String worker;
    private final RuntimeSpec.Hollow runtime;
    private final ServiceSpec service;
    private final ServiceAddress address;
    private final ScaledClock clock;
    private final ConnectionPool connections;
    private final MarkerBoard markers;

    /** @throws IllegalArgumentException if the service's address is none */
    HollowSwarm(String worker, SwarmSpec swarm, RuntimeSpec.Hollow runtime, MarkerBoard markers) {
        this.worker = worker;
        this.runtime = runtime;
        this.service = swarm.service();
        this.clock = new ScaledClock(runtime.timeScale());
        this.markers = markers;
        try {
            this.address = ServiceAddress.of(service.url(), service.insecure(), service.caFile());
        } catch (UsageException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
        this.connections = ConnectionPool.shared(address, runtime.connections());
    }

    void close() {
        connections.close();
    }

    boolean keepsLogs() {
        return runtime.logs();
    }

    /** What an agent does, from its registration to its reboot. */
    Callable<Integer> agent(HostId host, Order order, HollowProgram program, HollowLog log) {
        Token token = new Token(order.access().token().reveal());
        MarkerBoard.InMemory marker = markers.of(host);
        String uuid = Identity.hostUuid(host).toString();
        AgentSettings settings = new AgentSettings(
                address,
                order.access().infraEnvId(),
                service.agentImage(),
                REGISTRATION_INTERVAL,
                runtime.logs(),
                uuid,
                Identity.mac(host),
                ExecRuntime.refusedName(order.cluster(), host).orElse(host.name()),
                Identity.ipv4(host) + Identity.MACHINE_NETWORK.substring(Identity.MACHINE_NETWORK.indexOf('/')),
                HollowHardware.of(runtime.seed(), host),
                marker,
                false,
                runtime.namesResolveTo(),
                token);
        Speaker speaker = speaker(uuid, order);
        Agent agent = new Agent(
                settings, client(speaker, token, Retries.OF_AGENT, program), clock, log.text(), program, arguments -> {
                    HollowInstaller installer = new HollowInstaller(
                            installer(arguments, order, token, marker.behind(program)),
                            client(speaker, token, Retries.OF_INSTALLER, program),
                            clock,
                            program);
                    program.installs(installer);
                    return installer;
                });
        return () -> {
            try (log) {
                return agent.run();
            }
        };
    }

    private InstallerSettings installer(List<String> arguments, Order order, Token token, Marker marker)
            throws IOException {
        try {
            return InstallerSettings.of(arguments, Map.of("DRY_ENABLE", "true", "PULL_SECRET_TOKEN", token.reveal()))
                    .with(marker, hosts(order.cluster()), runtime.imageWriting());
        } catch (UsageException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /** What a controller does, from the reboot of the cluster's first host to the cluster's end. */
    Callable<Integer> controller(String clusterUuid, Order order, HollowProgram program, HollowLog log) {
        Token token = new Token(order.access().token().reveal());
        ControllerSettings settings = new ControllerSettings(
                address,
                clusterUuid,
                service.openshiftVersion(),
                true,
                markers.of(order.cluster().host(0)),
                hosts(order.cluster()),
                token);
        Controller controller = new Controller(
                settings,
                client(speaker(clusterUuid, order), token, Retries.OF_CONTROLLER, program),
                clock,
                log.text(CONTROLLER_LOG_CHARS),
                program);
        return () -> {
            try (log) {
                return controller.run();
            }
        };
    }

    private AssistedService client(Speaker speaker, Token token, Retries retries, HollowProgram program) {
        return new AssistedService(new ServiceClient(connections, token, speaker, retries, clock, program));
    }

    private Speaker speaker(String actsFor, Order order) {
        return Speaker.of(
                actsFor,
                Map.of(
                        Speaker.WORKER_VARIABLE,
                        worker,
                        Speaker.GENERATION_VARIABLE,
                        Integer.toString(order.generation())));
    }

    private ClusterHosts hosts(ClusterSpec cluster) {
        Map<String, Marker> byName = new HashMap<>();
        cluster.hosts().forEach(host -> byName.put(TemplateScope.hostname(cluster, host), markers.of(host)));
        return ClusterHosts.of(byName);
    }
}
