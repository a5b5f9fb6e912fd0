package io.assistedswarm.rehearsal.standin;

import io.assistedswarm.agent.Bytes;
import io.assistedswarm.agent.Json;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Just enough of a service to lead one host through its life, for {@link Training}. */
final class TrainingService implements Closeable {
    private static final String ID = "11111111-2222-4333-8444-555555555555";
    private final ServerSocket socket;
    private final AtomicInteger clusterReads = new AtomicInteger();

    TrainingService() throws IOException {
        socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread acceptor = new Thread(this::accept, "training-service");
        acceptor.setDaemon(true);
        acceptor.start();
    }

    String url() {
        return "http://127.0.0.1:" + socket.getLocalPort();
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                Socket connection = socket.accept();
                Thread handler = new Thread(() -> serve(connection), "training-connection");
                handler.setDaemon(true);
                handler.start();
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket connection) {
        try (connection) {
            InputStream in = new BufferedInputStream(connection.getInputStream());
            for (String request = line(in); !request.isEmpty(); request = line(in)) {
                skipBody(in);
                String body = Json.text(answer(request));
                byte[] reply = Bytes.utf8("HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
                connection.getOutputStream().write(reply);
            }
        } catch (IOException theClientHasGone) {
            Thread.currentThread().interrupt();
        }
    }

    private Object answer(String request) {
        if (request.contains("/instructions?")) {
            return Json.object(
                    "instructions", steps(), "next_instruction_seconds", 3600, "post_step_action", "continue");
        }
        if (request.contains("/hosts ")) {
            String runner = Json.text(Json.object("agent_version", "agent:1", "host_id", ID, "infra_env_id", ID));
            return Json.object("next_step_runner_command", Json.object("args", List.of(runner)));
        }
        if (request.contains("/monitored-operators")) {
            return List.of(Json.object("name", "console", "operator_type", "builtin"));
        }
        Object host = Json.object(
                "id",
                ID,
                "infra_env_id",
                ID,
                "requested_hostname",
                "host-0",
                "role",
                "master",
                "status",
                "installing-in-progress",
                "progress",
                Json.object("current_stage", "Rebooting"));
        String status = request.contains("exclude-hosts=true") && clusterReads.incrementAndGet() > 3
                ? "installed"
                : "finalizing";
        return Json.object("status", status, "hosts", List.of(host));
    }

    private static List<Object> steps() {
        String install = Json.text(Json.object(
                "boot_device", "/dev/vda",
                "cluster_id", ID,
                "control_plane_count", 1,
                "controller_image", "controller:1",
                "host_id", ID,
                "infra_env_id", ID,
                "installer_image", "installer:1",
                "installer_args", "[\"--copy-network\"]",
                "role", "bootstrap"));
        return List.of(
                step("inventory", ID),
                step(
                        "connectivity-check",
                        "[{\"host_id\":\"x\",\"nics\":[{\"mac\":\"y\",\"ip_addresses\":[\"10.0.0.2\"]}]}]"),
                step("ntp-synchronizer", "{\"ntp_source\":\"\"}"),
                step("domain-resolution", "{\"domains\":[{\"domain_name\":\"quay.io\"}]}"),
                step("verify-vips", "[{\"vip\":\"10.0.0.3\",\"vip_type\":\"api\"}]"),
                step("container-image-availability", "{\"images\":[\"a\"],\"timeout\":960}"),
                step("installation-disk-speed-check", "{\"path\":\"/dev/vda\"}", "480.00"),
                step("install", install));
    }

    private static Object step(String type, String... args) {
        return Json.object("args", List.of(args), "step_id", type + "-1", "step_type", type);
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }

    private static void skipBody(InputStream in) throws IOException {
        int length = 0;
        boolean chunked = false;
        for (String header = line(in); !header.isEmpty(); header = line(in)) {
            if (header.startsWith("Content-Length: ")) {
                length = Integer.parseInt(header.substring("Content-Length: ".length()));
            }
            chunked |= header.startsWith("Transfer-Encoding");
        }
        in.skipNBytes(length);
        while (chunked) {
            int chunk = Integer.parseInt(line(in), 16);
            in.skipNBytes(chunk);
            line(in);
            chunked = chunk > 0;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
