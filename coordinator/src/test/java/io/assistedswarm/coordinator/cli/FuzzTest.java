package io.assistedswarm.coordinator.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Reader;
import java.io.StringWriter;
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
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
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
    private static final List<String> VERBS = List.of(
            "get",
            "describe",
            "logs",
            "wait",
            "pause",
            "resume",
            "release",
            "drain",
            "uncordon",
            "cancel",
            "delete",
            "report",
            "compare",
            "events",
            "pace",
            "scale",
            "certificates",
            "preflight",
            "submit",
            "search",
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
            "--move-after",
            "--force",
            "--all-orphans",
            "--yes",
            "--help",
            "-h",
            "--ca",
            "--token-file",
            "--vary",
            "pace.rate",
            "clusters[0].amount",
            "--from",
            "--to",
            "100/h",
            "--resolution",
            "--max-steps",
            "--step-timeout",
            "--rate",
            "--ramp",
            "100/h:1000/h:30m",
            "--steps",
            "--batch",
            "--interval",
            "--max-installing",
            "--max-failures",
            "10%",
            "none",
            "--clusters",
            "1",
            "--noise",
            "--host",
            "PLAN",
            "CONFIG");

    /** What these cannot do without: by chance alone they would hardly ever come to look at anything else. */
    private static final Map<String, List<String>> BEGUN = Map.of(
            "search", List.of("PLAN", "--service-config", "CONFIG", "--from", "100/h", "--no-preflight"),
            "scale", List.of("night", "--clusters", "3"),
            "pace", List.of("night", "--rate", "800/h"));

    @TempDir
    private Path folder;

    @Test
    void plansAndServiceConfigs() throws IOException {
        Path conf = Path.of("../conf");
        List<String> plans = new ArrayList<>();
        for (String name : List.of("quickstart", "original-example", "shapes", "faults", "saas")) {
            plans.add(Files.readString(conf.resolve("plans/" + name + ".yaml")));
        }
        Path rightConfig = serviceConfig();
        List<String> configs = List.of(
                Files.readString(rightConfig),
                Files.readString(conf.resolve("service-config.example.yaml")).replaceAll("(?m)^  # (?! )", "  "));
        Path rightPlan = conf.resolve("plans/quickstart.yaml");
        Mutations mutations = new Mutations(Fuzzing.SEED);
        Counts counts = new Counts("plan and service-config files");
        int inputs = Fuzzing.INPUTS / 5;
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
        Mutations mutations = new Mutations(Fuzzing.SEED + 1);
        Counts counts = new Counts("command lines");
        int inputs = Fuzzing.INPUTS * 7 / 20;
        for (int i = 0; i < inputs; i++) {
            List<String> arguments = new ArrayList<>();
            String verb = mutations.below(10) == 0 ? mutations.of("get") : mutations.oneOf(VERBS);
            List<String> words =
                    new ArrayList<>(mutations.below(2) == 0 ? BEGUN.getOrDefault(verb, List.of()) : List.of());
            for (int more = mutations.below(6); more > 0; more--) {
                words.add(mutations.oneOf(WORDS));
            }
            arguments.add(verb);
            for (String word : words) {
                String right =
                        word.replace("PLAN", "../conf/plans/quickstart.yaml").replace("CONFIG", config.toString());
                arguments.add(mutations.below(3) == 0 ? mutations.of(right) : right);
            }
            // Reports, which no coordinator here sends, would go to where somebody else looks for them.
            arguments.removeIf(argument -> argument.startsWith("-d") || argument.startsWith("--results"));
            if (verb.equals("search")) {
                arguments.addAll(List.of("--results", folder.resolve("results").toString()));
            } else if (verb.equals("certificates")) {
                // One that is none goes with the others, so that nothing is made: keys take long.
                arguments.add("no/name");
            }
            counts.run(arguments.toString(), arguments.toArray(String[]::new));
        }
        counts.print();
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left.map(file -> file.getFileName().toString()))
                    .as("what the commands created")
                    .containsExactlyInAnyOrder("config.yaml", "secret.json");
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
            String input = Fuzzing.visible(garbled);
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
                throw new AssertionError(
                        "seed " + Fuzzing.SEED + ", " + input + " for " + Arrays.toString(arguments), e);
            }
            assertThat(Duration.ofNanos(System.nanoTime() - began)).as(input).isLessThan(Fuzzing.LONGEST);
            assertThat(exitCode)
                    .as("of %s: %s", input, Fuzzing.visible(err.toString()))
                    .isIn(Set.of(0, 1, 2));
            assertThat(err.toString()).as(input).doesNotContain("\tat ", "swarm itself broke", "Exception: ", "YTpi");
            if (exitCode != 0) {
                assertThat(err.toString()).as(input).isNotBlank();
            }
            exitCodes[exitCode]++;
            inputs++;
        }

        void print() {
            Fuzzing.say(
                    what,
                    inputs,
                    start,
                    ", exit code 0: %d, 1: %d, 2: %d".formatted(exitCodes[0], exitCodes[1], exitCodes[2]));
        }
    }
}
