package io.assistedswarm.coordinator.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which JVM the {@code swarm} script starts: the JDK here is one that prints what it is told. */
class SwarmScriptTest {
    private static final String G1 = "-XX:+UseG1GC";
    private static final String SERIAL = "-XX:+UseSerialGC";

    @TempDir
    private Path home;

    private Path jdk;

    @BeforeEach
    void build() throws IOException {
        jdk = Files.createDirectories(home.resolve("jdk"));
        Files.createDirectories(jdk.resolve("bin"));
        Path java = Files.writeString(jdk.resolve("bin/java"), "#!/bin/sh\nprintf '%s\\n' \"$@\"\n");
        Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwx------"));
        Files.createDirectories(home.resolve("target/lib"));
        Files.createFile(home.resolve("target/built"));
        for (String module : List.of("coordinator", "worker", "rehearsal")) {
            Files.createFile(home.resolve("target/lib/assisted-swarm-" + module + "-1.jar"));
        }
        Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"25.0.1\"\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"coordinator", "worker", "hub"})
    void aRoleHasTheJvmsOwnCollector(String role) throws Exception {
        assertThat(toldOf("-Xmx1g", role)).contains("-Xmx1g").noneMatch(flag -> flag.startsWith("-XX:+Use"));
    }

    @Test
    void aCommandStartsQuickly() throws Exception {
        assertThat(toldOf("", "get", "swarms"))
                .contains(SERIAL, "-XX:TieredStopAtLevel=1")
                .endsWith("get", "swarms");
    }

    /** A JVM that is told of two does not start. */
    @ParameterizedTest
    @ValueSource(strings = {"coordinator", "worker", "hub", "get"})
    void whoChoosesACollectorHasIt(String verb) throws Exception {
        assertThat(toldOf("-Xmx1g " + G1, verb))
                .contains(G1, "-Xmx1g")
                .filteredOn(flag -> flag.startsWith("-XX:+Use"))
                .containsExactly(G1);
    }

    private List<String> toldOf(String options, String... arguments) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder("../swarm").redirectErrorStream(true);
        builder.command().addAll(List.of(arguments));
        builder.environment().remove("SWARM_NO_BUILD");
        builder.environment().put("SWARM_HOME", home.toString());
        builder.environment().put("JAVA_HOME", jdk.toString());
        builder.environment().put("SWARM_JAVA_OPTIONS", options);
        Process script = builder.start();
        script.getOutputStream().close();
        List<String> lines = new String(script.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .toList();
        assertThat(script.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(script.exitValue()).as("%s", lines).isZero();
        return lines;
    }
}
