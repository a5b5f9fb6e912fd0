package io.assistedswarm.coordinator.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.assistedswarm.coordinator.api.Views.SwarmState;
import io.assistedswarm.coordinator.api.Views.Verdict;
import io.assistedswarm.coordinator.cli.Fuzzing;
import io.assistedswarm.coordinator.cli.Mutations;
import io.assistedswarm.coordinator.placement.Workers;
import io.assistedswarm.coordinator.plan.Pace;
import io.assistedswarm.coordinator.plan.PaceChange;
import io.assistedswarm.coordinator.preflight.HubSurvey;
import io.assistedswarm.coordinator.preflight.Preflight;
import io.assistedswarm.coordinator.preflight.PreflightRequest;
import io.assistedswarm.coordinator.swarm.SwarmsCommand;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.pattern.StatusReply;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

/**
 * Garbled requests, half of them submissions: whatever comes, the API answers in time with a code that is documented, without a stack trace, and
 * nothing is created unless it says so.
 */
@Timeout(value = 20, unit = TimeUnit.MINUTES, threadMode = ThreadMode.SEPARATE_THREAD)
class ApiFuzzTest {
    private final AtomicInteger created = new AtomicInteger();

    @Test
    void requests() throws Exception {
        ActorTestKit kit = ActorTestKit.create();
        // No hub that the preflight could look at.
        Config nobody = new ConfigBuilder(Config.empty())
                .withMasterUrl("http://127.0.0.1:1")
                .withRequestRetryBackoffLimit(0)
                .build();
        try (KubernetesClient hub =
                new KubernetesClientBuilder().withConfig(nobody).build()) {
            ActorRef<SwarmsCommand> swarms = kit.spawn(Behaviors.receiveMessage(command -> {
                answer(command);
                return Behaviors.same();
            }));
            HttpApi.Binding binding = HttpApi.bind(
                            kit.system(),
                            swarms,
                            new Preflight(new HubSurvey(hub), swarms, kit.scheduler(), Samples.BLOCKING),
                            Samples.metrics(),
                            "127.0.0.1",
                            0,
                            Access.OPEN)
                    .toCompletableFuture()
                    .get(20, TimeUnit.SECONDS);
            request(URI.create(binding.url()));
        } finally {
            kit.shutdownTestKit();
        }
    }

    private void request(URI api) throws IOException {
        Submission right = Samples.submission();
        String submission = text(right);
        String preflight = text(new PreflightRequest(
                Optional.of(right.plan()), Optional.of(right.service()), Optional.of(right.runtime()), false));
        String byRest = submission.replace("\"api\":\"kube-api\"", "\"api\":\"rest\"");
        String pace = text(new PaceChange(
                Optional.of(Pace.UNLIMITED), Optional.of(5), Optional.of(Integer.MAX_VALUE), Optional.empty()));
        List<String> paths = List.of(
                "/api/v1/swarms",
                "/api/v1/swarms/night",
                "/api/v1/swarms/night/report",
                "/api/v1/swarms/night/pause",
                "/api/v1/swarms/night/resume",
                "/api/v1/swarms/night/release",
                "/api/v1/swarms/night/cancel",
                "/api/v1/swarms/night/pace",
                "/api/v1/swarms/night/scale?clusters=5&group=0",
                "/api/v1/swarms/night/events?cluster=night-0&host=night-0-0&ordersOnly=true&after=12&limit=10",
                "/api/v1/swarms/night/lives",
                "/api/v1/swarms/night/metrics?from=0",
                "/api/v1/swarms/night/obstacles",
                "/api/v1/orphans",
                "/api/v1/orphans/night?force=true",
                "/api/v1/clusters?swarm=night",
                "/api/v1/clusters/night-0",
                "/api/v1/clusters/night-0/description",
                "/api/v1/clusters/night-0/timeline",
                "/api/v1/clusters/night-0/obstacles",
                "/api/v1/clusters/night-0/service-events",
                "/api/v1/hosts?cluster=night-0",
                "/api/v1/hosts/night-0-0",
                "/api/v1/hosts/night-0-0/description",
                "/api/v1/hosts/night-0-0/timeline",
                "/api/v1/hosts/night-0-0/obstacles",
                "/api/v1/hosts/night-0-0/service-events",
                "/api/v1/hosts/night-0-0/log?controller=false&offset=0&max=65536",
                "/api/v1/workers/w1",
                "/api/v1/workers/w1/drain?moveAfterSeconds=60",
                "/api/v1/workers/w1/uncordon",
                "/api/v1/version",
                "/metrics",
                "/dashboard/",
                "/health",
                "/ready",
                "/");
        assertThat(byRest).contains("\"api\":\"rest\"");
        Mutations mutations = new Mutations(Fuzzing.SEED + 2);
        int inputs = Fuzzing.INPUTS - Fuzzing.INPUTS / 5 - Fuzzing.INPUTS * 7 / 20;
        long start = System.nanoTime();
        int[] statuses = new int[600];
        for (int i = 0; i < inputs; i++) {
            boolean submit = i % 2 == 0;
            boolean look = i % 10 == 1;
            boolean change = i % 10 == 3;
            String body = submit
                    ? mutations.of(mutations.oneOf(List.of(submission, byRest)))
                    : look
                            ? mutations.of(preflight)
                            : change ? mutations.of(pace) : mutations.below(4) == 0 ? mutations.trouble() : "";
            String path = submit
                    ? "/api/v1/swarms" + (i % 4 == 0 ? "?dryRun=true" : "")
                    : look
                            ? "/api/v1/preflight"
                            : change
                                    ? "/api/v1/swarms/night/pace"
                                    : mutations.of(mutations.oneOf(paths)).replaceAll("[\\s\\p{Cntrl}]", "_");
            String method = submit || look || change
                    ? "POST"
                    : mutations.oneOf(List.of("GET", "GET", "POST", "DELETE", "PUT", "HEAD", "BREW"));
            int before = created.get();
            long began = System.nanoTime();
            String input = Fuzzing.visible(method + " " + path + " " + body);
            String answer = exchange(api, method, path, body, input);
            assertThat(Duration.ofNanos(System.nanoTime() - began)).as(input).isLessThan(Fuzzing.LONGEST);
            assertThat(answer)
                    .as(input)
                    .startsWith("HTTP/1.1 ")
                    .doesNotContain("\tat ", "Exception", "io.assistedswarm");
            int status = Integer.parseInt(answer.substring(9, 12));
            assertThat(status)
                    .as(input + " is answered " + answer)
                    .isNotEqualTo(500)
                    .isLessThan(504);
            if (status >= 400 && !method.equals("HEAD") && answer.contains("application/json")) {
                JsonNode problems = ApiJson.mapper()
                        .readTree(answer.substring(answer.indexOf("\r\n\r\n") + 4))
                        .path("problems");
                assertThat(problems).as(input + " is answered " + answer).isNotEmpty();
            }
            assertThat(created.get() - before).as(input).isEqualTo(submit && status == 201 ? 1 : 0);
            statuses[status]++;
        }
        StringBuilder line = new StringBuilder();
        for (int status = 0; status < statuses.length; status++) {
            if (statuses[status] > 0) {
                line.append(", ").append(status).append(": ").append(statuses[status]);
            }
        }
        Fuzzing.say("requests", inputs, start, line.toString());
    }

    private static String exchange(URI api, String method, String path, String body, String input) throws IOException {
        byte[] content = body.getBytes(StandardCharsets.UTF_8);
        try (Socket socket = new Socket(api.getHost(), api.getPort())) {
            socket.setSoTimeout((int) Fuzzing.LONGEST.toMillis());
            String head = method + " " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Length: "
                    + content.length + "\r\n\r\n";
            socket.getOutputStream().write(head.getBytes(StandardCharsets.UTF_8));
            socket.getOutputStream().write(content);
            try (InputStream in = socket.getInputStream()) {
                return new String(in.readAllBytes(), StandardCharsets.UTF_8);
            }
        } catch (SocketTimeoutException e) {
            throw new AssertionError(input + " is not answered in " + Fuzzing.LONGEST, e);
        }
    }

    private void answer(SwarmsCommand command) {
        SwarmsCommand.NotFound none = new SwarmsCommand.NotFound("there is none");
        switch (command) {
            case SwarmsCommand.Submit submit -> {
                created.incrementAndGet();
                submit.replyTo().tell(StatusReply.success(Samples.swarm("night", SwarmState.RUNNING, Verdict.NONE)));
            }
            case SwarmsCommand.PreviewSubmission preview -> preview.replyTo().tell(StatusReply.error(none));
            case SwarmsCommand.GetSwarms get -> get.replyTo().tell(List.of());
            case SwarmsCommand.GetWorkers get -> get.replyTo().tell(List.of());
            case SwarmsCommand.GetSwarm get -> get.replyTo().tell(StatusReply.error(none));
            case SwarmsCommand.GetClusters get -> get.replyTo().tell(StatusReply.error(none));
            case SwarmsCommand.GetHosts get -> get.replyTo().tell(StatusReply.error(none));
            case SwarmsCommand.DescribeCluster describe -> describe.replyTo().tell(StatusReply.error(none));
            case SwarmsCommand.DescribeHost describe -> describe.replyTo().tell(StatusReply.error(none));
            case SwarmsCommand.ReadLog read -> read.replyTo().tell(StatusReply.error(none));
            case SwarmsCommand.Pause pause -> pause.replyTo().tell(StatusReply.error(none));
            case SwarmsCommand.Resume resume -> resume.replyTo().tell(StatusReply.error(none));
            case SwarmsCommand.ChangePace pace -> pace.replyTo().tell(StatusReply.error(none));
            case SwarmsCommand.Scale scale -> scale.replyTo().tell(StatusReply.error(none));
            case SwarmsCommand.GetEvents get -> get.replyTo().tell(StatusReply.error(none));
            case SwarmsCommand.GetServiceEvents get -> get.replyTo().tell(StatusReply.error(none));
            case SwarmsCommand.GetObstacles get -> get.replyTo().tell(StatusReply.error(none));
            case SwarmsCommand.Release release -> release.replyTo().tell(StatusReply.error(none));
            case SwarmsCommand.Cancel cancel -> cancel.replyTo().tell(StatusReply.error(none));
            case SwarmsCommand.Delete delete -> delete.replyTo().tell(StatusReply.error(none));
            case SwarmsCommand.GetReport report -> report.replyTo().tell(StatusReply.error(none));
            case SwarmsCommand.GetLives lives -> lives.replyTo().tell(StatusReply.error(none));
            case SwarmsCommand.GetMetrics metrics -> metrics.replyTo().tell(StatusReply.error(none));
            case SwarmsCommand.GetTimeline timeline -> timeline.replyTo().tell(StatusReply.error(none));
            case SwarmsCommand.GetRooms get -> get.replyTo().tell(new Workers.Rooms(List.of()));
            case SwarmsCommand.FindWorkers find -> find.replyTo().tell(new Workers.Found(Map.of()));
            case SwarmsCommand.DrainWorker drain -> drain.replyTo().tell(StatusReply.success(Optional.empty()));
            case SwarmsCommand.UncordonWorker uncordon ->
                uncordon.replyTo().tell(StatusReply.success(Optional.empty()));
            case SwarmsCommand.GetOrphans get -> get.replyTo().tell(StatusReply.success(List.of()));
            case SwarmsCommand.DeleteOrphan delete -> delete.replyTo().tell(StatusReply.error(none));
            default -> throw new AssertionError("unexpected " + command);
        }
    }

    private static String text(Object body) {
        return new String(ApiJson.write(body), StandardCharsets.UTF_8);
    }
}
