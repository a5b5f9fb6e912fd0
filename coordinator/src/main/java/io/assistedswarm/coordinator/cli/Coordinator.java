package io.assistedswarm.coordinator.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.assistedswarm.coordinator.api.ApiJson;
import io.assistedswarm.coordinator.api.Views.Refusal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The coordinator, over HTTP. Everything that goes wrong is a {@link CommandFailed} that says what to do. */
final class Coordinator {
    private static final String DEFAULT_URL = "http://127.0.0.1:7480";
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

    /** Longer than the coordinator's own: its answer says more. */
    private static final Duration TIMEOUT = Duration.ofSeconds(100);

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(CONNECT_TIMEOUT).build();
    private final String url;

    private Coordinator(String url) {
        this.url = url;
    }

    /** Found by the option, else SWARM_COORDINATOR, else the file that a coordinator on this machine writes, else its default address. */
    static Coordinator find(Optional<String> option, Shell shell) {
        String url = option.or(() -> Optional.ofNullable(shell.environment().get("SWARM_COORDINATOR"))
                        .filter(value -> !value.isBlank()))
                .or(() -> fromFile(shell.home().resolve(".local/state/assisted-swarm/coordinator/coordinator.json")))
                .orElse(DEFAULT_URL);
        String complete = url.contains("://") ? url : "http://" + url;
        String trimmed = complete.replaceAll("/+$", "");
        if (!isAddress(trimmed)) {
            throw new CommandFailed(
                    ExitCode.INVALID, "'" + url + "' is no address of a coordinator; write for example " + DEFAULT_URL);
        }
        return new Coordinator(trimmed);
    }

    private static boolean isAddress(String url) {
        try {
            URI uri = URI.create(url);
            return uri.getHost() != null && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static Optional<String> fromFile(Path file) {
        try {
            JsonNode address =
                    ApiJson.mapper().readTree(Files.readAllBytes(file)).path("http");
            return address.isTextual() ? Optional.of(address.textValue()) : Optional.empty();
        } catch (IOException e) {
            // No coordinator has run here, or it is being written: the default address is as good.
            return Optional.empty();
        }
    }

    String url() {
        return url;
    }

    <T> T get(String path, Class<T> type) {
        return read(send("GET", path, BodyPublishers.noBody()), type);
    }

    <T> List<T> list(String path, Class<T> itemType) {
        byte[] body = send("GET", path, BodyPublishers.noBody());
        try {
            return ApiJson.mapper().readerForListOf(itemType).readValue(body);
        } catch (IOException e) {
            throw strange(e);
        }
    }

    <T> T post(String path, Optional<Object> body, Class<T> type) {
        return read(
                send(
                        "POST",
                        path,
                        body.map(value -> BodyPublishers.ofByteArray(ApiJson.write(value)))
                                .orElseGet(BodyPublishers::noBody)),
                type);
    }

    <T> T delete(String path, Class<T> type) {
        return read(send("DELETE", path, BodyPublishers.noBody()), type);
    }

    /** A name as it stands in a path or query. */
    static String encoded(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private byte[] send(String method, String path, BodyPublisher body) {
        HttpResponse<byte[]> response;
        try {
            response = http.send(
                    HttpRequest.newBuilder(URI.create(url + "/api/v1" + path))
                            .timeout(TIMEOUT)
                            .header("Content-Type", "application/json")
                            .header("Accept", "application/json")
                            .method(method, body)
                            .build(),
                    HttpResponse.BodyHandlers.ofByteArray());
        } catch (ConnectException e) {
            throw new Unreachable("no coordinator answers at " + url
                    + "; start one with 'swarm coordinator', or name it with --coordinator");
        } catch (HttpTimeoutException e) {
            throw new Unreachable("the coordinator at " + url + " does not answer in time; try again");
        } catch (IOException e) {
            throw new Unreachable("the connection to the coordinator at " + url + " broke; try again");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailed(ExitCode.COULD_NOT_RUN, "interrupted");
        }
        if (response.statusCode() >= 300) {
            throw refused(response);
        }
        return response.body();
    }

    private CommandFailed refused(HttpResponse<byte[]> response) {
        int status = response.statusCode();
        String problems = problems(response.body())
                .orElse("the coordinator at " + url + " answers HTTP " + status + "; is it the right address?");
        if (status == 503) {
            return new CommandFailed(ExitCode.COULD_NOT_RUN, problems);
        }
        return new CommandFailed(status == 400 || status == 422 ? ExitCode.INVALID : ExitCode.COULD_NOT_RUN, problems);
    }

    private static Optional<String> problems(byte[] body) {
        try {
            Refusal refusal = ApiJson.mapper().readValue(body, Refusal.class);
            return refusal == null
                            || refusal.problems() == null
                            || refusal.problems().isEmpty()
                    ? Optional.empty()
                    : Optional.of(refusal.problems().stream().collect(Collectors.joining(System.lineSeparator())));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private <T> T read(byte[] body, Class<T> type) {
        try {
            return ApiJson.mapper().readValue(body, type);
        } catch (IOException e) {
            throw strange(e);
        }
    }

    private UncheckedIOException strange(IOException cause) {
        return new UncheckedIOException("the coordinator at " + url + " sends an answer that cannot be read", cause);
    }

    /** Nobody answered: worth another try while waiting. */
    static final class Unreachable extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Unreachable(String message) {
            super(message, null, false, false);
        }
    }
}
