package io.assistedswarm.rehearsal.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.assistedswarm.rehearsal.RoleLine;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A demo whose roles and clients are a shell script's, so that the test decides how long they take. */
class DemoMainTest {
    private static final int INTERRUPTED = 130;

    /** Where the service and the coordinator serve is the test's; a role lasts until it is ended, and so does a deletion. */
    private static final String SWARM = """
            #!/bin/sh
            case "$1" in
                hub) name=hub.json ;;
                coordinator) name=coordinator.json ;;
                submit) exit 0 ;;
                delete) : > "$0.deleting" ;;
            esac
            while [ $# -gt 0 ]; do
                case "$1" in --dir | --data) folder=$2 ;; esac
                shift
            done
            if [ -n "$name" ]; then
                mkdir -p "$folder"
                echo '{"service": "@", "kubeApi": "@", "http": "@", "pekko": "127.0.0.1:1"}' > "$folder/new"
                mv "$folder/new" "$folder/$name"
            fi
            exec sleep 60
            """;

    @TempDir
    private Path home;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final PrintStream print = new PrintStream(out, true, StandardCharsets.UTF_8);
    private HttpServer server;

    @BeforeEach
    void prepare() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/api/v1/workers", exchange -> {
            byte[] body = "[{}, {}]".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        Path swarm = Files.writeString(
                home.resolve("swarm"),
                SWARM.replace("@", "http://127.0.0.1:" + server.getAddress().getPort()));
        Files.setPosixFilePermissions(swarm, PosixFilePermissions.fromString("rwx------"));
    }

    @AfterEach
    void stopServer() {
        server.stop(0);
    }

    @Test
    void interruptedInItsDeletionItSaysSoByItsExitCodeAlone() throws Exception {
        DemoMain demo = new DemoMain(print, home);
        RoleLine.of(demo).setCaseInsensitiveEnumValuesAllowed(true).parseArgs();
        Stage stage = new Stage(home.resolve("swarm"), print);
        CompletableFuture<Integer> exitCode = CompletableFuture.supplyAsync(() -> {
            try {
                return demo.play(stage, home.resolve("plan.yaml"));
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        await().until(() -> Files.exists(home.resolve("swarm.deleting")));

        server.stop(0);
        stage.close();

        assertThat(exitCode).succeedsWithin(Duration.ofSeconds(5)).isEqualTo(INTERRUPTED);
        assertThat(out.toString(StandardCharsets.UTF_8)).endsWith("stopped      0 processes left\n");
    }
}
