package io.assistedswarm.coordinator.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.assistedswarm.coordinator.api.Access;
import io.assistedswarm.coordinator.api.ApiJson;
import io.assistedswarm.coordinator.api.HttpApi;
import io.assistedswarm.coordinator.api.Samples;
import io.assistedswarm.coordinator.api.Views.SwarmState;
import io.assistedswarm.coordinator.api.Views.Verdict;
import io.assistedswarm.coordinator.preflight.HubSurvey;
import io.assistedswarm.coordinator.preflight.Preflight;
import io.assistedswarm.coordinator.swarm.SwarmsCommand;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.Reader;
import java.io.StringWriter;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.pattern.StatusReply;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * What people mistype and programs garble: no stack trace, no hang, nothing created, and an exit code or status that is documented. {@code
 * -Dfuzz.inputs} and {@code -Dfuzz.seed} say how many and which; {@code mvn verify -Pfuzz} takes the long form.
 */
@Timeout(value = 20, unit = TimeUnit.MINUTES, threadMode = ThreadMode.SEPARATE_THREAD)
class FuzzTest {
    private static final int INPUTS = Integer.getInteger("fuzz.inputs", 800);
    private static final long SEED = Long.getLong("fuzz.seed", 4);

    /** Far above what one takes on a busy machine; a quadratic parser would need longer. */
    private static final Duration LONGEST = Duration.ofSeconds(10);

    private static final List<String> VERBS = List.of(
            "get",
            "describe",
            "logs",
            "wait",
            "pause",
            "resume",
            "release",
            "cancel",
            "delete",
            "report",
            "preflight",
            "submit",
            "version",
            "help",
            "completion",
            "demo",
            "worker",
            "coordinator",
            "hub");
    private static final List<String> WORDS = List.of(
            "swarms",
            "swarm",
            "clusters",
            "hosts",
            "workers",
            "sw",
            "h",
            "night",
            "night-0",
            "night-0-0",
            "w1",
            "--swarm",
            "--cluster",
            "-o",
            "json",
            "yaml",
            "wide",
            "name",
            "-w",
            "-f",
            "--tail",
            "50",
            "--controller",
            "--for=done",
            "--for",
            "deleted",
            "--timeout",
            "5s",
            "--set",
            "pace.batch=10",
            "a.b=c",
            "--dry-run",
            "--name",
            "--wait",
            "--wait=false",
            "--no-preflight",
            "--service-config",
            "--manifests",
            "--help",
            "-h",
            "--ca",
            "--token-file",
            "PLAN",
            "CONFIG");

    @TempDir
    private Path folder;

    private final AtomicInteger created = new AtomicInteger();

    @Test
    void plansAndServiceConfigs() throws IOException {
        Path conf = Path.of("../conf");
        List<String> plans = new ArrayList<>();
        for (String name : List.of("quickstart", "original-example", "shapes", "faults")) {
            plans.add(Files.readString(conf.resolve("plans/" + name + ".yaml")));
        }
        Path rightConfig = serviceConfig();
        List<String> configs = List.of(
                Files.readString(rightConfig),
                Files.readString(conf.resolve("service-config.example.yaml")).replaceAll("(?m)^  # (?! )", "  "));
        Path rightPlan = conf.resolve("plans/quickstart.yaml");
        Mutations mutations = new Mutations(SEED);
        Counts counts = new Counts("plan and service-config files");
        int inputs = INPUTS / 5;
        for (int i = 0; i < inputs; i++) {
            boolean ofPlan = i % 3 != 0;
            String text = mutations.of(mutations.oneOf(ofPlan ? plans : configs));
            Path file = folder.resolve("garbled.yaml");
            Files.write(file, text.getBytes(StandardCharsets.UTF_8));
            counts.run(
                    text,
                    "submit",
                    (ofPlan ? file : rightPlan).toString(),
                    "--service-config",
                    (ofPlan ? rightConfig : file).toString(),
                    "--manifests",
                    conf.resolve("manifests").toString(),
                    "--no-preflight");
        }
        counts.print();
        assertThat(counts.inputs).isEqualTo(inputs);
    }

    @Test
    void arguments() throws IOException {
        Path config = serviceConfig();
        Mutations mutations = new Mutations(SEED + 1);
        Counts counts = new Counts("command lines");
        int inputs = INPUTS * 7 / 20;
        for (int i = 0; i < inputs; i++) {
            List<String> arguments = new ArrayList<>();
            arguments.add(mutations.below(10) == 0 ? mutations.of("get") : mutations.oneOf(VERBS));
            for (int words = mutations.below(6); words > 0; words--) {
                String word = mutations
                        .oneOf(WORDS)
                        .replace("PLAN", "../conf/plans/quickstart.yaml")
                        .replace("CONFIG", config.toString());
                arguments.add(mutations.below(3) == 0 ? mutations.of(word) : word);
            }
            // Reports, which no coordinator here sends, would go to where somebody else looks for them.
            arguments.removeIf(argument -> argument.startsWith("-d") || argument.startsWith("--results"));
            counts.run(arguments.toString(), arguments.toArray(String[]::new));
        }
        counts.print();
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left.map(file -> file.getFileName().toString()))
                    .as("what the commands created")
                    .containsExactlyInAnyOrder("config.yaml", "secret.json");
        }
    }

    @Test
    void requests() throws Exception {
        ActorTestKit kit = ActorTestKit.create();
        try (KubernetesClient hub =
                new KubernetesClientBuilder().withConfig(Config.empty()).build()) {
            ActorRef<SwarmsCommand> swarms = kit.spawn(Behaviors.receiveMessage(command -> {
                answer(command);
                return Behaviors.same();
            }));
            HttpApi.Binding binding = HttpApi.bind(
                            kit.system(),
                            swarms,
                            new Preflight(new HubSurvey(hub), swarms, kit.scheduler(), ForkJoinPool.commonPool()),
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
        String submission = new String(ApiJson.write(Samples.submission()), StandardCharsets.UTF_8);
        List<String> paths = List.of(
                "/api/v1/swarms",
                "/api/v1/swarms/night",
                "/api/v1/swarms/night/report",
                "/api/v1/swarms/night/pause",
                "/api/v1/clusters?swarm=night",
                "/api/v1/clusters/night-0/description",
                "/api/v1/hosts?cluster=night-0",
                "/api/v1/hosts/night-0-0/log?controller=false&offset=0&max=65536",
                "/api/v1/workers/w1",
                "/api/v1/version",
                "/health",
                "/ready",
                "/");
        Mutations mutations = new Mutations(SEED + 2);
        int inputs = INPUTS - INPUTS / 5 - INPUTS * 7 / 20;
        long start = System.nanoTime();
        int[] statuses = new int[600];
        for (int i = 0; i < inputs; i++) {
            boolean submit = i % 2 == 0;
            String body = submit ? mutations.of(submission) : mutations.below(4) == 0 ? mutations.trouble() : "";
            String path = submit
                    ? "/api/v1/swarms" + (i % 4 == 0 ? "?dryRun=true" : "")
                    : mutations.of(mutations.oneOf(paths)).replaceAll("[\\s\\p{Cntrl}]", "_");
            String method =
                    submit ? "POST" : mutations.oneOf(List.of("GET", "GET", "POST", "DELETE", "PUT", "HEAD", "BREW"));
            int before = created.get();
            long began = System.nanoTime();
            String answer = exchange(api, method, path, body);
            String input = visible(method + " " + path + " " + body);
            assertThat(Duration.ofNanos(System.nanoTime() - began)).as(input).isLessThan(LONGEST);
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
        say("requests", inputs, start, line.toString());
    }

    private static String exchange(URI api, String method, String path, String body) throws IOException {
        byte[] content = body.getBytes(StandardCharsets.UTF_8);
        try (Socket socket = new Socket(api.getHost(), api.getPort())) {
            socket.setSoTimeout((int) LONGEST.toMillis());
            String head = method + " " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Length: "
                    + content.length + "\r\n\r\n";
            socket.getOutputStream().write(head.getBytes(StandardCharsets.UTF_8));
            socket.getOutputStream().write(content);
            try (InputStream in = socket.getInputStream()) {
                return new String(in.readAllBytes(), StandardCharsets.UTF_8);
            }
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
            case SwarmsCommand.Release release -> release.replyTo().tell(StatusReply.error(none));
            case SwarmsCommand.Cancel cancel -> cancel.replyTo().tell(StatusReply.error(none));
            case SwarmsCommand.Delete delete -> delete.replyTo().tell(StatusReply.error(none));
            case SwarmsCommand.GetReport report -> report.replyTo().tell(StatusReply.error(none));
            default -> throw new AssertionError("unexpected " + command);
        }
    }

    private Path serviceConfig() throws IOException {
        Path secret =
                Files.writeString(folder.resolve("secret.json"), "{\"auths\":{\"r.example\":{\"auth\":\"YTpi\"}}}");
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
        return Files.writeString(folder.resolve("config.yaml"), """
                apiVersion: assistedswarm.io/v1alpha1
                kind: ServiceConfig
                spec:
                  serviceEndpoint: http://127.0.0.1:1
                  pullSecretFile: secret.json
                  releaseImage: image:4.18.1
                  runtime: {native: {binaries: /opt/dry}}
                """);
    }

    /** Some of the characters would cut the test's report off. */
    private static String visible(String input) {
        return input.replaceAll("[^ -~\n]", "?").replace("%", "%%");
    }

    private static void say(String what, int inputs, long start, String answers) {
        System.out.printf(
                "fuzz: %d %s in %.1f s, seed %d%s%n", inputs, what, (System.nanoTime() - start) / 1e9, SEED, answers);
    }

    /** Runs {@code swarm} with nobody at the coordinator's address, so that nothing can be created. */
    private final class Counts {
        private final String what;
        private final long start = System.nanoTime();
        private final int[] exitCodes = new int[5];
        private int inputs;

        Counts(String what) {
            this.what = what;
        }

        void run(String garbled, String... arguments) {
            String input = visible(garbled);
            StringWriter out = new StringWriter();
            StringWriter err = new StringWriter();
            Shell shell = new Shell(
                    Reader.nullReader(),
                    new PrintWriter(out, true),
                    new PrintWriter(err, true),
                    false,
                    false,
                    Map.of("SWARM_COORDINATOR", "http://127.0.0.1:1"),
                    folder,
                    Clock.systemUTC(),
                    Duration.ofMillis(1));
            long began = System.nanoTime();
            int exitCode;
            try {
                exitCode = Cli.run(shell, arguments);
            } catch (RuntimeException | StackOverflowError e) {
                throw new AssertionError("seed " + SEED + ", " + input + " for " + Arrays.toString(arguments), e);
            }
            assertThat(Duration.ofNanos(System.nanoTime() - began)).as(input).isLessThan(LONGEST);
            assertThat(exitCode).as("of %s: %s", input, visible(err.toString())).isIn(Set.of(0, 1, 2));
            assertThat(err.toString()).as(input).doesNotContain("\tat ", "swarm itself broke", "Exception: ", "YTpi");
            if (exitCode != 0) {
                assertThat(err.toString()).as(input).isNotBlank();
            }
            exitCodes[exitCode]++;
            inputs++;
        }

        void print() {
            say(
                    what,
                    inputs,
                    start,
                    ", exit code 0: %d, 1: %d, 2: %d".formatted(exitCodes[0], exitCodes[1], exitCodes[2]));
        }
    }
}
