package io.assistedswarm.rehearsal.standin;

import io.assistedswarm.agent.Agent;
import io.assistedswarm.agent.AgentSettings;
import io.assistedswarm.agent.AssistedService;
import io.assistedswarm.agent.Background;
import io.assistedswarm.agent.Controller;
import io.assistedswarm.agent.ControllerSettings;
import io.assistedswarm.agent.Installer;
import io.assistedswarm.agent.InstallerProcess;
import io.assistedswarm.agent.InstallerSettings;
import io.assistedswarm.agent.Json;
import io.assistedswarm.agent.Retries;
import io.assistedswarm.agent.ScaledClock;
import io.assistedswarm.agent.ServiceAddress;
import io.assistedswarm.agent.ServiceClient;
import io.assistedswarm.agent.Speaker;
import io.assistedswarm.agent.TextLog;
import io.assistedswarm.agent.Token;
import io.assistedswarm.agent.UsageException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One whole life of a host and its controller within this process, so that a class-data-sharing archive made of it holds all that
 * stand-ins load. Nothing leaves the machine: the service it speaks to is a socket of its own on the loopback.
 */
final class Training {
    private static final double SCALE = 200;
    private static final String ID = "11111111-2222-4333-8444-555555555555";

    private Training() {}

    /** @return the exit code */
    static int run() throws InterruptedException {
        try {
            Path directory = Files.createTempDirectory("standin-training");
            Path marker = directory.resolve("marker");
            Path hosts = directory.resolve("hosts.json");
            try (TrainingService service = new TrainingService()) {
                return live(service, marker, hosts);
            } finally {
                Files.deleteIfExists(marker);
                Files.deleteIfExists(hosts);
                Files.delete(directory);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the training could not be prepared", e);
        } catch (UsageException e) {
            throw new IllegalStateException("the training's own settings are wrong", e);
        }
    }

    private static int live(TrainingService service, Path marker, Path hosts)
            throws IOException, UsageException, InterruptedException {
        Files.writeString(
                hosts,
                Json.text(List.of(
                        Json.object("hostname", "host-0", "ip", "10.0.0.1", "rebootMarkerPath", marker.toString()))));
        Map<String, String> environment = Map.of(
                "DRY_ENABLE",
                "true",
                "DRY_HOST_ID",
                ID,
                "DRY_FORCED_MAC_ADDRESS",
                "02:00:00:00:00:01",
                "DRY_FORCED_HOSTNAME",
                "host-0",
                "DRY_FORCED_HOST_IPV4",
                "10.0.0.1/16",
                "DRY_FAKE_REBOOT_MARKER_PATH",
                marker.toString(),
                "DRY_CLUSTER_HOSTS_PATH",
                hosts.toString(),
                "PULL_SECRET_TOKEN",
                "training",
                "CLUSTER_ID",
                ID,
                "INVENTORY_URL",
                service.url());
        Map<String, String> controllerEnvironment = new HashMap<>(environment);
        controllerEnvironment.put("OPENSHIFT_VERSION", "4.18");
        ScaledClock clock = new ScaledClock(SCALE);
        TextLog log = new TextLog(System.out, 1024);
        AgentSettings agent = AgentSettings.of(
                List.of(
                        "--url",
                        service.url(),
                        "--infra-env-id=" + ID,
                        "--agent-version",
                        "agent:1",
                        "--insecure=true"),
                environment);
        int agentExit = new Agent(
                        agent,
                        service(agent.service(), agent.token(), environment, clock),
                        clock,
                        log,
                        Background.OF_PROCESS,
                        arguments -> {
                            install(arguments, environment, clock, log);
                            return new InstallerProcess(new ProcessBuilder("true").start());
                        })
                .run();
        ControllerSettings controller = ControllerSettings.of(controllerEnvironment);
        int controllerExit = new Controller(
                        controller,
                        service(controller.service(), controller.token(), environment, clock),
                        clock,
                        log,
                        Background.OF_PROCESS)
                .run();
        return agentExit + controllerExit;
    }

    private static void install(List<String> arguments, Map<String, String> environment, ScaledClock clock, TextLog log)
            throws IOException {
        try {
            InstallerSettings settings = InstallerSettings.of(arguments, environment);
            new Installer(
                            settings,
                            service(settings.service(), settings.token(), environment, clock),
                            clock,
                            log,
                            Background.OF_PROCESS)
                    .run();
        } catch (UsageException e) {
            throw new IOException(e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static AssistedService service(
            ServiceAddress address, Token token, Map<String, String> environment, ScaledClock clock) {
        return new AssistedService(
                new ServiceClient(address, token, Speaker.of(ID, environment), Retries.OF_AGENT, clock));
    }
}
