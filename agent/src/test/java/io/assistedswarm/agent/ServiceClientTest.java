package io.assistedswarm.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ServiceClientTest {
    private static final Speaker BY_HAND = Speaker.of("h1", Map.of());
    private final List<byte[]> answers = new ArrayList<>();
    private int connections;
    private ServerSocket server;

    @BeforeEach
    void listen() throws IOException {
        server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        Thread acceptor = new Thread(this::serve);
        acceptor.setDaemon(true);
        acceptor.start();
    }

    @AfterEach
    void close() throws IOException {
        server.close();
    }

    /** Answers each request with the next of the answers; an empty one closes the connection. */
    private void serve() {
        try {
            while (true) {
                Socket socket = server.accept();
                synchronized (answers) {
                    connections++;
                }
                while (readHead(socket)) {
                    byte[] answer;
                    synchronized (answers) {
                        answer = answers.remove(0);
                    }
                    socket.getOutputStream().write(answer);
                    if (answer.length == 0) {
                        break;
                    }
                }
                socket.close();
            }
        } catch (IOException closed) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean readHead(Socket socket) throws IOException {
        int newlines = 0;
        while (newlines < 4) {
            int c = socket.getInputStream().read();
            if (c < 0) {
                return false;
            }
            newlines = c == '\n' || c == '\r' ? newlines + 1 : 0;
        }
        return true;
    }

    private ServiceClient client(Retries retries) throws UsageException {
        ServiceAddress address = ServiceAddress.of("http://127.0.0.1:" + server.getLocalPort(), false, "");
        return new ServiceClient(address, new Token("t"), BY_HAND, retries, new ScaledClock(10_000));
    }

    private void willAnswer(String... texts) {
        synchronized (answers) {
            for (String text : texts) {
                answers.add(text.getBytes(StandardCharsets.ISO_8859_1));
            }
        }
    }

    private static String body(ServiceReply reply) throws IOException {
        return Json.text(reply.json());
    }

    @Test
    void readsChunksAndCompressedBodies() throws Exception {
        willAnswer("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n[1,2,\r\n2;x=y\r\n3]\r\n0\r\n\r\n");
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(compressed)) {
            gzip.write(Bytes.utf8("{\"a\":1}"));
        }
        willAnswer("HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: " + compressed.size() + "\r\n\r\n"
                + compressed.toString(StandardCharsets.ISO_8859_1));
        ServiceClient client = client(Retries.OF_AGENT);
        assertThat(body(client.send(ServiceCall.get("/v2/x", null)))).isEqualTo("[1,2,3]");
        assertThat(body(client.send(ServiceCall.get("/v2/x", null)))).isEqualTo("{\"a\":1}");
        assertThat(connections).isEqualTo(1);
    }

    @Test
    void opensAnotherConnectionWhenAKeptOneWasClosed() throws Exception {
        willAnswer("HTTP/1.1 204 No Content\r\n\r\n", "", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
        ServiceClient client = client(Retries.OF_AGENT);
        assertThat(client.send(ServiceCall.get("/v2/x", null)).status()).isEqualTo(204);
        assertThat(client.send(ServiceCall.get("/v2/x", null)).status()).isEqualTo(200);
        assertThat(connections).isEqualTo(2);
    }

    @Test
    void startsAnewWithoutTheKeptConnections() throws Exception {
        willAnswer("HTTP/1.1 204 No Content\r\n\r\n", "HTTP/1.1 204 No Content\r\n\r\n");
        ServiceClient client = client(Retries.OF_AGENT);
        client.send(ServiceCall.get("/v2/x", null));
        client.startAnew();
        client.send(ServiceCall.get("/v2/x", null));
        assertThat(connections).isEqualTo(2);
    }

    @Test
    void repeatsWhatTheTransportOfTheRealProgramRepeats() throws Exception {
        String busy = "HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n";
        willAnswer(busy, busy, busy, busy);
        ServiceClient client = client(Retries.OF_AGENT);
        assertThat(client.send(ServiceCall.get("/v2/x", null)).status()).isEqualTo(503);
        assertThat(answers).isEmpty();
        willAnswer("HTTP/1.1 500 Broken\r\nContent-Length: 0\r\n\r\n");
        assertThat(client.send(ServiceCall.get("/v2/x", null)).status()).isEqualTo(500);
    }

    @Test
    void saysWhatTheServiceGaveAsReason() {
        assertThat(new ServiceReply(409, Bytes.utf8("{\"code\":\"409\",\"reason\":\"too late\"}")).problem())
                .isEqualTo("status 409: too late");
        assertThat(new ServiceReply(401, Bytes.utf8("{\"code\":401,\"message\":\"who?\"}")).problem())
                .isEqualTo("status 401: who?");
        assertThat(new ServiceReply(502, Bytes.utf8("<html>")).problem()).isEqualTo("status 502");
    }

    @Test
    void anAddressMustBeAUrlOfAService() throws UsageException {
        for (String wrong : List.of("", "host:80", "ftp://h", "http://", "http://h h")) {
            assertThatExceptionOfType(UsageException.class).isThrownBy(() -> ServiceAddress.of(wrong, false, ""));
        }
        assertThat(ServiceAddress.of("https://h:6000/prefix/", true, "").basePath())
                .isEqualTo("/prefix/api/assisted-install");
    }

    private static String wire(ServiceCall call, Speaker speaker) throws Exception {
        return call.encoded(ServiceAddress.of("http://h:1", false, ""), new Token("t"), speaker)
                .toString(StandardCharsets.UTF_8);
    }

    @Test
    void headersHaveTheSpellingAndOrderOfTheRealPrograms() throws Exception {
        ServiceCall reply =
                ServiceCall.send("POST", "/v2/x", Json.object("a", 1), "id").byAgent("agent:1");
        Speaker speaker = Speaker.of(
                "h1",
                Map.of(
                        Speaker.WORKER_VARIABLE, "w1",
                        Speaker.GENERATION_VARIABLE, "2",
                        Speaker.INSTANCE_VARIABLE, "i1"));
        assertThat(wire(reply, speaker).lines())
                .containsExactly(
                        "POST /api/assisted-install/v2/x HTTP/1.1",
                        "Host: h:1",
                        "User-Agent: Go-http-client/1.1",
                        "Content-Length: 8",
                        "Accept: application/json",
                        "Content-Type: application/json",
                        "Discovery_agent_version: agent:1",
                        "X-Request-Id: id",
                        "X-Secret-Key: t",
                        "X-Swarm-Speaker: worker=w1; generation=2; instance=i1; for=h1",
                        "Accept-Encoding: gzip",
                        "",
                        "{\"a\":1}");
        assertThat(wire(ServiceCall.download("/v2/x", null), BY_HAND).lines())
                .containsExactly(
                        "GET /api/assisted-install/v2/x HTTP/1.1",
                        "Host: h:1",
                        "User-Agent: Go-http-client/1.1",
                        "Accept: application/octet-stream",
                        "X-Secret-Key: t",
                        "Accept-Encoding: gzip",
                        "");
    }

    @Test
    void anUploadIsAFormWithAnArchiveInChunks() throws Exception {
        String upload = wire(new LogArchive("logs.tar.gz", "a/b.log", "text").upload("/v2/x", "id"), BY_HAND);
        assertThat(upload.lines())
                .contains(
                        "Transfer-Encoding: chunked",
                        "Content-Disposition: form-data; name=\"upfile\"; filename=\"logs.tar.gz\"",
                        "Content-Type: application/x-gzip")
                .anyMatch(line -> line.startsWith("Content-Type: multipart/form-data; boundary="))
                .noneMatch(line -> line.startsWith("Content-Length"));
        assertThat(upload).endsWith("--\r\n\r\n0\r\n\r\n");
    }
}
