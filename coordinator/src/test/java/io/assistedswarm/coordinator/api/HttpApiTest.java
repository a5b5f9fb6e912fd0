package io.assistedswarm.coordinator.api;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.assistedswarm.coordinator.api.Views.Preview;
import io.assistedswarm.coordinator.api.Views.SwarmState;
import io.assistedswarm.coordinator.api.Views.Verdict;
import io.assistedswarm.coordinator.placement.Workers;
import io.assistedswarm.coordinator.plan.Pace;
import io.assistedswarm.coordinator.plan.PaceChange;
import io.assistedswarm.coordinator.preflight.HubSurvey;
import io.assistedswarm.coordinator.preflight.Preflight;
import io.assistedswarm.coordinator.report.EventPage;
import io.assistedswarm.coordinator.report.EventQuery;
import io.assistedswarm.coordinator.swarm.SwarmsCommand;
import io.assistedswarm.protocol.ClusterId;
import io.assistedswarm.protocol.Description;
import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.SwarmId;
import io.assistedswarm.protocol.WorkerCommand.LogChunk;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.pattern.StatusReply;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

@Isolated("it reads what this JVM logs")
class HttpApiTest {
    private static final ActorTestKit KIT = ActorTestKit.create();
    private static final TestProbe<SwarmsCommand> SWARMS = KIT.createTestProbe(SwarmsCommand.class);
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static KubernetesClient hub;
    private static HttpApi.Binding binding;

    @BeforeAll
    static void listen() throws Exception {
        hub = new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder(Config.empty())
                        .withMasterUrl("http://127.0.0.1:9")
                        .withRequestRetryBackoffLimit(0)
                        .build())
                .build();
        Preflight preflight = new Preflight(new HubSurvey(hub), SWARMS.ref(), KIT.scheduler(), Samples.BLOCKING);
        binding = HttpApi.bind(KIT.system(), SWARMS.ref(), preflight, Samples.metrics(), "127.0.0.1", 0, Access.OPEN)
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS);
    }

    @AfterAll
    static void shutDown() throws Exception {
        binding.unbind().toCompletableFuture().get(20, TimeUnit.SECONDS);
        hub.close();
        KIT.shutdownTestKit();
    }

    @Test
    void listsSwarms() {
        CompletableFuture<Answer> answer = send("GET", "/api/v1/swarms", null);
        SWARMS.expectMessageClass(SwarmsCommand.GetSwarms.class)
                .replyTo()
                .tell(List.of(Samples.swarm("night-1", SwarmState.DELETION_FAILED, Verdict.PASSED)));

        JsonNode swarm = answer.join().json(200).get(0);
        assertThat(swarm.get("id").asText()).isEqualTo("night-1");
        assertThat(swarm.get("state").asText()).isEqualTo("deletion-failed");
        assertThat(swarm.get("submittedAt").asText()).isEqualTo("2026-11-23T10:00:00Z");
        assertThat(swarm.get("etaSeconds").asLong()).isEqualTo(600);
    }

    @Test
    void submitsWhatWasSent() {
        Submission submission = Samples.submission();
        CompletableFuture<Answer> answer = send("POST", "/api/v1/swarms", ApiJson.write(submission));
        SwarmsCommand.Submit submit = SWARMS.expectMessageClass(SwarmsCommand.Submit.class);
        submit.replyTo().tell(StatusReply.success(Samples.swarm("quickstart-7f3a", SwarmState.RUNNING, Verdict.NONE)));

        assertThat(submit.submission()).isEqualTo(submission);
        assertThat(answer.join().json(201).get("id").asText()).isEqualTo("quickstart-7f3a");
    }

    @Test
    void previewsWithDryRun() {
        CompletableFuture<Answer> answer =
                send("POST", "/api/v1/swarms?dryRun=true", ApiJson.write(Samples.submission()));
        SWARMS.expectMessageClass(SwarmsCommand.PreviewSubmission.class)
                .replyTo()
                .tell(StatusReply.success(new Preview("quickstart-7f3a", List.of(), 2, true, "fits w1")));

        assertThat(answer.join().json(200).get("fits").asText()).isEqualTo("fits w1");
    }

    @Test
    void changesAPace() {
        PaceChange change = new PaceChange(
                Optional.of(new Pace(2, Duration.ofSeconds(30), 9, 9)),
                Optional.of(4),
                Optional.empty(),
                Optional.empty());
        CompletableFuture<Answer> answer = send("POST", "/api/v1/swarms/night-1/pace", ApiJson.write(change));
        SwarmsCommand.ChangePace asked = SWARMS.expectMessageClass(SwarmsCommand.ChangePace.class);
        asked.replyTo().tell(StatusReply.success(Samples.swarm("night-1", SwarmState.RUNNING, Verdict.NONE)));

        assertThat(asked.change()).isEqualTo(change);
        answer.join().json(200);
        assertThat(send("POST", "/api/v1/swarms/night-1/pace", "{\"rate\":5}".getBytes(StandardCharsets.UTF_8))
                        .join()
                        .json(400)
                        .get("problems")
                        .get(0)
                        .asText())
                .isEqualTo("the body does not have the shape of a change of pace at 'rate'");
    }

    @Test
    void checksWithoutPlanAndService() {
        CompletableFuture<Answer> answer =
                send("POST", "/api/v1/preflight", "{\"quick\":false}".getBytes(StandardCharsets.UTF_8));
        for (int question = 0; question < 3; question++) {
            switch (SWARMS.receiveMessage()) {
                case SwarmsCommand.GetWorkers get -> get.replyTo().tell(List.of());
                case SwarmsCommand.FindWorkers find -> find.replyTo().tell(new Workers.Found(Map.of()));
                case SwarmsCommand.GetRooms get -> get.replyTo().tell(new Workers.Rooms(List.of()));
                case SwarmsCommand other -> throw new AssertionError("unexpected " + other);
            }
        }

        JsonNode findings = answer.join().json(200).get("findings");
        assertThat(findings.get(0).get("outcome").asText()).isEqualTo("failure");
        assertThat(findings.get(0).get("check").asText()).isEqualTo("hub");
        assertThat(findings.get(0).get("found").asText())
                .isEqualTo("the Kubernetes API at http://127.0.0.1:9 cannot be reached: nobody listens there");
        assertThat(findings.findValuesAsText("check")).containsExactly("hub", "service", "workers");
    }

    @Test
    void aPreflightOfAnInvalidPlanReachesNobody() throws Exception {
        ObjectNode plan =
                (ObjectNode) ApiJson.mapper().valueToTree(Samples.submission().plan());
        ((ObjectNode) plan.at("/clusters/0")).put("amount", 0);
        ObjectNode body = ApiJson.mapper().createObjectNode().put("quick", true);
        body.set("plan", plan);

        assertThat(send("POST", "/api/v1/preflight", ApiJson.write(body)).join().problem(422))
                .isEqualTo("plan.clusters[0].amount: is 0; it is at least 1");
        assertThat(send("POST", "/api/v1/preflight", "{\"plan\":1}".getBytes(StandardCharsets.UTF_8))
                        .join()
                        .problem(400))
                .isEqualTo("the body does not have the shape of a request for a preflight at 'plan'");
        SWARMS.expectNoMessage();
    }

    @Test
    void aRefusedSubmissionIsUnprocessable() {
        CompletableFuture<Answer> answer = send("POST", "/api/v1/swarms", ApiJson.write(Samples.submission()));
        SWARMS.expectMessageClass(SwarmsCommand.Submit.class)
                .replyTo()
                .tell(StatusReply.error(new SwarmsCommand.Refused("it cannot fit; add workers")));

        assertThat(answer.join().problem(422)).isEqualTo("it cannot fit; add workers");
    }

    @Test
    void aSubmissionThatCannotBeCheckedNowIsUnavailable() {
        CompletableFuture<Answer> answer = send("POST", "/api/v1/swarms", ApiJson.write(Samples.submission()));
        SWARMS.expectMessageClass(SwarmsCommand.Submit.class)
                .replyTo()
                .tell(StatusReply.error(new SwarmsCommand.Unavailable("it cannot fit; add workers")));

        assertThat(answer.join().problem(503)).isEqualTo("it cannot fit; add workers");
    }

    @Test
    void anInvalidSubmissionReachesNobody() throws Exception {
        ObjectNode body = (ObjectNode) ApiJson.mapper().readTree(ApiJson.write(Samples.submission()));
        ((ObjectNode) body.at("/plan/clusters/0")).put("amount", 0);
        ((ObjectNode) body.get("plan")).put("name", "Not_A_Name");

        JsonNode problems = send("POST", "/api/v1/swarms", ApiJson.write(body))
                .join()
                .json(422)
                .get("problems");

        assertThat(problems).hasSize(2);
        assertThat(problems.get(0).asText()).startsWith("plan.name: 'Not_A_Name'");
        assertThat(problems.get(1).asText()).isEqualTo("plan.clusters[0].amount: is 0; it is at least 1");
        SWARMS.expectNoMessage();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "{nonsense | the body is not JSON at line 1, column 2",
                "[1] | the body is not a JSON object; send a submission as 'swarm submit' does",
                "{} | the body does not have the shape of a submission at 'plan'",
                "{\"plan\":{\"name\":[]}} | the body does not have the shape of a submission at 'plan.name'",
                "{\"id\":null,\"oops\":1} | the body does not have the shape of a submission at 'plan'"
            })
    void aBadBodyIsOneLine(String body, String problem) {
        Answer answer = send("POST", "/api/v1/swarms", body.getBytes(StandardCharsets.UTF_8))
                .join();

        assertThat(answer.problem(400)).isEqualTo(problem);
    }

    @Test
    void aHugeBodyIsRefused() {
        assertThat(send("POST", "/api/v1/swarms", new byte[ApiJson.MAX_BODY_BYTES + 1])
                        .join()
                        .problem(400))
                .contains("too large");
    }

    @ParameterizedTest
    @CsvSource({"pause", "resume", "release", "cancel"})
    void changesTheStateOfASwarm(String verb) {
        CompletableFuture<Answer> answer = send("POST", "/api/v1/swarms/night-1/" + verb, new byte[0]);
        StatusReply<Views.SwarmView> reply =
                StatusReply.success(Samples.swarm("night-1", SwarmState.PAUSED, Verdict.NONE));
        switch (verb) {
            case "pause" ->
                SWARMS.expectMessageClass(SwarmsCommand.Pause.class).replyTo().tell(reply);
            case "resume" ->
                SWARMS.expectMessageClass(SwarmsCommand.Resume.class).replyTo().tell(reply);
            case "release" ->
                SWARMS.expectMessageClass(SwarmsCommand.Release.class).replyTo().tell(reply);
            default ->
                SWARMS.expectMessageClass(SwarmsCommand.Cancel.class).replyTo().tell(reply);
        }

        assertThat(answer.join()
                        .json(verb.equals("cancel") ? 202 : 200)
                        .get("id")
                        .asText())
                .isEqualTo("night-1");
    }

    @Test
    void whatCannotBeDoneIsAConflict() {
        CompletableFuture<Answer> answer = send("POST", "/api/v1/swarms/night-1/pause", new byte[0]);
        SWARMS.expectMessageClass(SwarmsCommand.Pause.class)
                .replyTo()
                .tell(StatusReply.error(new SwarmsCommand.Refused("night-1 is done; there is nothing to pause")));

        assertThat(answer.join().problem(409)).isEqualTo("night-1 is done; there is nothing to pause");
    }

    @Test
    void deletesASwarm() {
        CompletableFuture<Answer> answer = send("DELETE", "/api/v1/swarms/night-1", null);
        SwarmsCommand.Delete delete = SWARMS.expectMessageClass(SwarmsCommand.Delete.class);
        delete.replyTo().tell(StatusReply.success(Samples.swarm("night-1", SwarmState.DELETING, Verdict.PASSED)));

        assertThat(delete.swarm()).isEqualTo(new SwarmId("night-1"));
        assertThat(answer.join().json(202).get("state").asText()).isEqualTo("deleting");
    }

    @Test
    void findsOneCluster() {
        CompletableFuture<Answer> answer = send("GET", "/api/v1/clusters/night-1-2", null);
        SwarmsCommand.GetClusters question = SWARMS.expectMessageClass(SwarmsCommand.GetClusters.class);
        question.replyTo()
                .tell(StatusReply.success(List.of(
                        Samples.cluster("night-1-1", "night-1", "installing"),
                        Samples.cluster("night-1-2", "night-1", "installed"))));

        assertThat(question.swarm()).contains(new SwarmId("night-1"));
        assertThat(answer.join().json(200).get("phase").asText()).isEqualTo("installed");
    }

    @Test
    void filtersHostsByCluster() {
        CompletableFuture<Answer> answer = send("GET", "/api/v1/hosts?cluster=night-1-2", null);
        SwarmsCommand.GetHosts question = SWARMS.expectMessageClass(SwarmsCommand.GetHosts.class);
        question.replyTo().tell(StatusReply.success(List.of(Samples.host("night-1-2-0", "night-1", "night-1-2"))));

        assertThat(question.cluster()).contains(new ClusterId(new SwarmId("night-1"), 2));
        assertThat(answer.join().json(200).at("/0/failure/side").asText()).isEqualTo("generator");
    }

    @Test
    void readsALogFromAnOffset() {
        CompletableFuture<Answer> answer =
                send("GET", "/api/v1/hosts/night-1-2-0/log?controller=true&offset=-100&max=999999999", null);
        SwarmsCommand.ReadLog question = SWARMS.expectMessageClass(SwarmsCommand.ReadLog.class);
        question.replyTo().tell(StatusReply.success(new LogChunk("line\n", 105)));

        assertThat(question.host()).isEqualTo(new HostId(new ClusterId(new SwarmId("night-1"), 2), 0));
        assertThat(question.controller()).isTrue();
        assertThat(question.offset()).isEqualTo(-100);
        assertThat(question.maxBytes()).isEqualTo(512 << 10);
        assertThat(answer.join().json(200).get("nextOffset").asLong()).isEqualTo(105);
    }

    @ParameterizedTest
    @CsvSource({
        "swarms/night-1, '', ''",
        "clusters/night-1-2, night-1-2, ''",
        "hosts/night-1-2-0, night-1-2, night-1-2-0"
    })
    void saysWhatHoldsSomethingUp(String path, String cluster, String host) {
        CompletableFuture<Answer> answer = send("GET", "/api/v1/" + path + "/obstacles", null);
        SwarmsCommand.GetObstacles question = SWARMS.expectMessageClass(SwarmsCommand.GetObstacles.class);
        question.replyTo().tell(StatusReply.success(List.of()));

        assertThat(question.swarm()).isEqualTo(new SwarmId("night-1"));
        assertThat(question.cluster().map(ClusterId::name).orElse("")).isEqualTo(cluster);
        assertThat(question.host().map(HostId::name).orElse("")).isEqualTo(host);
        assertThat(answer.join().json(200)).isEmpty();
    }

    @Test
    void readsEventsOfAClusterFromAPlace() {
        CompletableFuture<Answer> answer = send(
                "GET", "/api/v1/swarms/night-1/events?after=7-3-1&ordersOnly=true&cluster=night-1-2&limit=5000", null);
        SwarmsCommand.GetEvents question = SWARMS.expectMessageClass(SwarmsCommand.GetEvents.class);
        question.replyTo().tell(StatusReply.success(new EventPage(List.of(), "7-3-1")));

        assertThat(question.wanted())
                .isEqualTo(new EventQuery.Wanted(
                        new SwarmId("night-1"),
                        Optional.of(new ClusterId(new SwarmId("night-1"), 2)),
                        Optional.empty(),
                        true,
                        "7-3-1",
                        1000));
        assertThat(answer.join().json(200).get("next").asText()).isEqualTo("7-3-1");
    }

    @ParameterizedTest
    @CsvSource({
        "after=x, 400, 'x' is no place to go on from; leave it out for the beginning",
        "cluster=other-2, 404, swarm night-1 has no 'other-2'",
        "host=..., 404, swarm night-1 has no '...'"
    })
    void refusesEventsOfWhatIsNotThere(String query, int status, String problem) {
        assertThat(send("GET", "/api/v1/swarms/night-1/events?" + query, null)
                        .join()
                        .problem(status))
                .isEqualTo(problem);
    }

    @Test
    void describesAHost() {
        CompletableFuture<Answer> answer = send("GET", "/api/v1/hosts/night-1-2-0/description", null);
        SWARMS.expectMessageClass(SwarmsCommand.DescribeHost.class)
                .replyTo()
                .tell(StatusReply.success(new Description(
                        "night-1-2-0",
                        "booted",
                        Samples.START,
                        1,
                        "its Agent",
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        List.of())));

        assertThat(answer.join().json(200).get("awaiting").asText()).isEqualTo("its Agent");
    }

    @ParameterizedTest
    @CsvSource({
        "clusters/night-1-2, '{cluster=night-1-2, swarm=night-1}'",
        "hosts/night-1-2-0, '{cluster=night-1-2, host=night-1-2-0, swarm=night-1}'"
    })
    void aMistakeOfOursIsLoggedWithTheIdsOfWhatWasAskedFor(String path, String ids) {
        Logger logger = (Logger) LoggerFactory.getLogger(ApiAnswers.class);
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        logger.addAppender(lines);
        try {
            CompletableFuture<Answer> answer = send("GET", "/api/v1/" + path + "/obstacles", null);
            SWARMS.expectMessageClass(SwarmsCommand.GetObstacles.class)
                    .replyTo()
                    .tell(StatusReply.error(new IllegalStateException("a mistake of ours")));
            assertThat(answer.join().problem(500)).isEqualTo("the coordinator could not answer; its log says why");
        } finally {
            logger.detachAppender(lines);
        }
        assertThat(lines.list).singleElement().satisfies(line -> {
            assertThat(line.getFormattedMessage()).isEqualTo("[GET /api/v1/" + path + "/obstacles] failed");
            assertThat(line.getThrowableProxy().getMessage()).isEqualTo("a mistake of ours");
            assertThat(new TreeMap<>(line.getMDCPropertyMap()).toString()).isEqualTo(ids);
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET    | /api/v1/hosts/UPPER          | 404 | there is no host 'UPPER'; 'swarm get hosts' lists them",
                "GET    | /api/v1/clusters?swarm=..    | 404 | there is no swarm '..'; 'swarm get swarms' lists them",
                "GET    | /api/v1/nothing              | 404 | The requested resource could not be found.",
                "PUT    | /api/v1/swarms               | 405 | HTTP method not allowed, supported methods: GET, POST",
                "GET    | /api/v1/hosts/a-1-0/log?offset=x | 400 | The query parameter 'offset' was malformed: 'x' is not a valid 64-bit signed integer value"
            })
    void whatIsNotThereIsSaidInJson(String method, String path, int status, String problem) {
        assertThat(send(method, path, method.equals("PUT") ? new byte[0] : null)
                        .join()
                        .problem(status))
                .isEqualTo(problem);
    }

    @Test
    void isHealthyWithoutAskingAndReadyWhenTheCoordinatorAnswers() {
        assertThat(send("GET", "/health", null).join().json(200).get("status").asText())
                .isEqualTo("up");
        CompletableFuture<Answer> ready = send("GET", "/ready", null);
        SWARMS.expectMessageClass(SwarmsCommand.GetSwarms.class).replyTo().tell(List.of());
        assertThat(ready.join().status()).isEqualTo(200);

        Answer silent = send("GET", "/ready", null).join();
        SWARMS.receiveMessage();
        assertThat(silent.problem(503)).startsWith("the coordinator did not answer in time");
    }

    @Test
    void showsPrometheusWhereSwarmsAndWorkersStand() {
        CompletableFuture<Answer> page = send("GET", "/metrics", null);
        SWARMS.expectMessageClass(SwarmsCommand.GetSwarms.class)
                .replyTo()
                .tell(List.of(Samples.swarm("night-1", SwarmState.RUNNING, Verdict.NONE)));
        SWARMS.expectMessageClass(SwarmsCommand.GetWorkers.class).replyTo().tell(List.of(Samples.worker("w1")));

        assertThat(page.join().status()).isEqualTo(200);
        assertThat(page.join().body()).contains("assisted_swarm_clusters{phase=\"installing\",swarm=\"night-1\"} 2.0");
    }

    @Test
    void aPageOfAnotherOriginIsRefusedAndOneOfItsOwnIsNot() throws Exception {
        String post = "POST /api/v1/swarms/night/cancel HTTP/1.1\r\nContent-Length: 0\r\nConnection: close\r\n";
        assertThat(raw(post + "Host: 127.0.0.1\r\nOrigin: http://evil.example\r\n\r\n"))
                .startsWith("HTTP/1.1 403")
                .contains("a page of another origin may not use this API");
        assertThat(raw(post + "Host: 127.0.0.1\r\nOrigin: null\r\n\r\n")).startsWith("HTTP/1.1 403");
        assertThat(raw(post + "Host: evil.example\r\nOrigin: http://evil.example\r\n\r\n"))
                .as("a name that its owner made one for loopback")
                .startsWith("HTTP/1.1 403")
                .contains("for loopback only");
        SWARMS.expectNoMessage();
        CompletableFuture<HttpResponse<String>> own = HTTP.sendAsync(
                HttpRequest.newBuilder(URI.create(binding.url() + "/api/v1/swarms/night/cancel"))
                        .header("Origin", binding.url())
                        .POST(HttpRequest.BodyPublishers.noBody())
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        SWARMS.expectMessageClass(SwarmsCommand.Cancel.class)
                .replyTo()
                .tell(StatusReply.success(Samples.swarm("night", SwarmState.CANCELLING, Verdict.NONE)));
        assertThat(own.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(202);
    }

    private static String raw(String request) throws IOException {
        URI address = URI.create(binding.url());
        try (Socket socket = new Socket(address.getHost(), address.getPort())) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static CompletableFuture<Answer> send(String method, String path, byte[] body) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(binding.url() + path))
                .header("Content-Type", "application/json")
                .method(
                        method,
                        body == null
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
        return HTTP.sendAsync(request, HttpResponse.BodyHandlers.ofString())
                .thenApply(response -> new Answer(response.statusCode(), response.body()));
    }

    private record Answer(int status, String body) {
        JsonNode json(int expected) {
            assertThat(status).as(body).isEqualTo(expected);
            try {
                return ApiJson.mapper().readTree(body);
            } catch (JsonProcessingException e) {
                throw new AssertionError(body, e);
            }
        }

        String problem(int expected) {
            return json(expected).at("/problems/0").asText();
        }
    }
}
