package io.assistedswarm.coordinator.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpServer;
import io.assistedswarm.coordinator.EmptyHub;
import io.assistedswarm.coordinator.RunningCoordinator;
import io.assistedswarm.coordinator.TestingWorker;
import io.assistedswarm.coordinator.api.Access;
import io.assistedswarm.coordinator.api.ApiJson;
import io.assistedswarm.coordinator.api.HttpApi;
import io.assistedswarm.coordinator.api.Samples;
import io.assistedswarm.coordinator.api.Views.SwarmView;
import io.assistedswarm.coordinator.preflight.HubSurvey;
import io.assistedswarm.coordinator.preflight.Preflight;
import io.assistedswarm.coordinator.record.RecordSettings;
import io.assistedswarm.coordinator.swarm.SwarmsCommand;
import io.assistedswarm.protocol.ClusterId;
import io.assistedswarm.protocol.Fencing;
import io.assistedswarm.protocol.SwarmId;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Reader;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Garbled submissions to a coordinator that would carry them out: what it refuses leaves no swarm behind, and nothing is asked of the hub or
 * started on a worker but for swarms that it has accepted.
 */
@Tag("heavy")
class GarbledSubmissionsIT {
    private static final int INPUTS = Integer.getInteger("fuzz.submissions", 240);
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Fencing FENCING =
            new Fencing(Duration.ofSeconds(3), Duration.ofMillis(200), Duration.ofMinutes(1), 25);
    private static final Path CONF = Path.of("../conf");

    @TempDir
    private Path folder;

    private final EmptyHub hub = new EmptyHub();
    private final Mutations mutations = new Mutations(Fuzzing.SEED + 4);
    private final Set<String> accepted = new HashSet<>();
    private RunningCoordinator coordinator;
    private TestingWorker worker;
    private KubernetesClient nobody;
    private HttpServer service;
    private URI api;

    @BeforeEach
    void start() throws Exception {
        service = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        service.createContext("/", exchange -> {
            try (exchange) {
                byte[] versions = "{\"versions\":{\"discovery-agent\":\"quay.io/agent:latest\"}}"
                        .getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(200, versions.length);
                exchange.getResponseBody().write(versions);
            }
        });
        service.start();
        coordinator = new RunningCoordinator(RecordSettings.file(folder.resolve("record")), FENCING, hub);
        Config nowhere = new ConfigBuilder(Config.empty())
                .withMasterUrl("http://127.0.0.1:1")
                .withRequestRetryBackoffLimit(0)
                .build();
        nobody = new KubernetesClientBuilder().withConfig(nowhere).build();
        api = URI.create(HttpApi.bind(
                        coordinator.system(),
                        coordinator.swarms(),
                        new Preflight(
                                new HubSurvey(nobody),
                                coordinator.swarms(),
                                coordinator.system().scheduler(),
                                Samples.BLOCKING),
                        Samples.metrics(),
                        "127.0.0.1",
                        0,
                        Access.OPEN)
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS)
                .url());
        worker = new TestingWorker("a", 10_000, coordinator.address());
        await().atMost(PATIENCE)
                .until(() -> !coordinator.tell(SwarmsCommand.GetWorkers::new).isEmpty());
    }

    @AfterEach
    void stop() {
        worker.close();
        coordinator.close();
        nobody.close();
        service.stop(0);
    }

    private String serviceUrl() {
        return "http://127.0.0.1:" + service.getAddress().getPort();
    }

    @Test
    void leaveNothingBehindWhenTheyAreRefused() throws Exception {
        long start = System.nanoTime();
        try (HttpClient client = HttpClient.newHttpClient()) {
            for (int i = 0; i < INPUTS / 2; i++) {
                body(client, i);
            }
        }
        int ofBodies = accepted.size();
        for (int i = 0; i < INPUTS / 2; i++) {
            files(i);
        }
        assertThat(accepted).as("some are right after all, or nothing is shown").hasSizeBetween(5, INPUTS - 5);
        // What had gone through would have been carried out by now: what was accepted is.
        Set<String> toBeMade =
                accepted.stream().filter(id -> clusterCount(id) > 0).collect(Collectors.toSet());
        await().atMost(PATIENCE).until(() -> names(hub.watched).containsAll(toBeMade));
        assertOnlyAccepted("at the end");
        Fuzzing.say(
                "submissions to a running coordinator",
                INPUTS,
                start,
                ", accepted: %d bodies, %d files".formatted(ofBodies, accepted.size() - ofBodies));
    }

    /** As a program sends them: garbled text, or one value that is another one. */
    private void body(HttpClient client, int number) throws IOException, InterruptedException {
        String right = new String(ApiJson.write(Samples.submission()), StandardCharsets.UTF_8)
                .replaceFirst("\"id\":null", "\"id\":\"body-" + number + "\"")
                .replace("http://127.0.0.1:8090", serviceUrl())
                .replace("\"api\":\"kube-api\"", number % 2 == 0 ? "\"api\":\"kube-api\"" : "\"api\":\"rest\"");
        String body = number % 4 == 0 ? mutations.of(right) : withOneOtherValue(right);
        String input = Fuzzing.visible(body);
        HttpResponse<String> answer = client.send(
                HttpRequest.newBuilder(api.resolve("/api/v1/swarms"))
                        .POST(BodyPublishers.ofString(body))
                        .timeout(Fuzzing.LONGEST)
                        .build(),
                BodyHandlers.ofString());
        assertThat(answer.statusCode())
                .as(input + " is answered " + answer.body())
                .isIn(201, 400, 409, 413, 422, 503);
        if (answer.statusCode() == 201) {
            accepted.add(ApiJson.mapper().readTree(answer.body()).path("id").asText());
        }
        assertOnlyAccepted(input);
    }

    /** As people write them. */
    private void files(int number) throws IOException {
        List<String> plans = List.of(
                Files.readString(CONF.resolve("plans/quickstart.yaml")),
                Files.readString(CONF.resolve("plans/saas.yaml")),
                Files.readString(CONF.resolve("plans/shapes.yaml")));
        String config = """
                apiVersion: assistedswarm.io/v1alpha1
                kind: ServiceConfig
                spec:
                  serviceEndpoint: %s
                  pullSecretFile: secret.json
                  releaseImage: image:4.18.1
                  runtime: {native: {binaries: /opt/dry}}
                """.formatted(serviceUrl());
        Path secret =
                Files.writeString(folder.resolve("secret.json"), "{\"auths\":{\"r.example\":{\"auth\":\"YTpi\"}}}");
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
        boolean ofPlan = number % 3 != 0;
        String plan = mutations.oneOf(plans);
        Path planFile = Files.write(
                folder.resolve("plan.yaml"), (ofPlan ? mutations.of(plan) : plan).getBytes(StandardCharsets.UTF_8));
        Path configFile = Files.write(
                folder.resolve("config.yaml"),
                (ofPlan ? config : mutations.of(config)).getBytes(StandardCharsets.UTF_8));
        StringWriter out = new StringWriter();
        Shell shell = new Shell(
                Reader.nullReader(),
                new PrintWriter(out, true),
                new PrintWriter(out, true),
                false,
                false,
                Map.of("SWARM_COORDINATOR", api.toString()),
                folder,
                Clock.systemUTC(),
                Duration.ofMillis(1));
        int exitCode = Cli.run(
                shell,
                "submit",
                planFile.toString(),
                "--service-config",
                configFile.toString(),
                "--manifests",
                CONF.resolve("manifests").toString(),
                "--no-preflight",
                "--name",
                "file-" + number);
        String input = Fuzzing.visible(Files.readString(planFile, StandardCharsets.ISO_8859_1) + "\n"
                + Files.readString(configFile, StandardCharsets.ISO_8859_1));
        assertThat(exitCode).as(input + ": " + Fuzzing.visible(out.toString())).isIn(0, 1, 2);
        if (exitCode == 0) {
            accepted.add("file-" + number);
        }
        assertOnlyAccepted(input);
    }

    private void assertOnlyAccepted(String input) {
        assertThat(coordinator.tell(SwarmsCommand.GetSwarms::new))
                .as(input)
                .extracting(SwarmView::id)
                .containsExactlyInAnyOrderElementsOf(accepted);
        assertThat(accepted)
                .as(input)
                .containsAll(names(hub.applied))
                .containsAll(names(hub.watched))
                .containsAll(worker.clustersHere.stream()
                        .map(ClusterId::swarm)
                        .map(SwarmId::value)
                        .collect(Collectors.toSet()));
    }

    private long clusterCount(String id) {
        return coordinator.tell(SwarmsCommand.GetSwarms::new).stream()
                .filter(swarm -> swarm.id().equals(id))
                .mapToLong(SwarmView::clusterCount)
                .sum();
    }

    private static Set<String> names(Set<SwarmId> swarms) {
        return swarms.stream().map(SwarmId::value).collect(Collectors.toSet());
    }

    private String withOneOtherValue(String json) throws IOException {
        JsonNode tree = ApiJson.mapper().readTree(json);
        List<ObjectNode> objects = new ArrayList<>();
        gather(tree, objects);
        ObjectNode object = mutations.oneOf(
                objects.stream().filter(candidate -> !candidate.isEmpty()).toList());
        String name =
                mutations.oneOf(object.propertyStream().map(Map.Entry::getKey).toList());
        JsonNodeFactory other = JsonNodeFactory.instance;
        List<Optional<JsonNode>> values = Stream.<JsonNode>of(
                        other.numberNode(-1),
                        other.numberNode(0),
                        other.numberNode(3),
                        other.numberNode(2147483648L),
                        other.textNode(""),
                        other.textNode("x"),
                        other.textNode("PT3M"),
                        other.textNode(mutations.trouble()),
                        other.booleanNode(true),
                        other.nullNode(),
                        other.arrayNode(),
                        other.objectNode())
                .map(Optional::of)
                .collect(Collectors.toCollection(ArrayList::new));
        values.add(Optional.empty());
        mutations.oneOf(values).ifPresentOrElse(value -> object.set(name, value), () -> object.remove(name));
        return ApiJson.mapper().writeValueAsString(tree);
    }

    private static void gather(JsonNode node, List<ObjectNode> objects) {
        if (node instanceof ObjectNode object) {
            objects.add(object);
        }
        if (node instanceof ObjectNode || node instanceof ArrayNode) {
            node.forEach(child -> gather(child, objects));
        }
    }
}
