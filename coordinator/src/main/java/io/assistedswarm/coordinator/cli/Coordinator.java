package io.assistedswarm.coordinator.cli;

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
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.net.ssl.SSLException;

/** The coordinator, over HTTP. Everything that goes wrong is a {@link CommandFailed} that says what to do. */
final class Coordinator {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

    /** Longer than the coordinator's own: its answer says more. */
    private static final Duration TIMEOUT = Duration.ofSeconds(100);

    private final HttpClient http;
    private final Contact contact;
    private final String url;

    Coordinator(Contact contact) {
        HttpClient.Builder client = HttpClient.newBuilder().connectTimeout(CONNECT_TIMEOUT);
        contact.trust().ifPresent(client::sslContext);
        this.http = client.build();
        this.contact = contact;
        this.url = contact.url();
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
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + "/api/v1" + path))
                .timeout(TIMEOUT)
                .header("Content-Type", "application/json")
                .header("Accept", "application/json")
                .method(method, body);
        contact.token().ifPresent(token -> request.header("Authorization", token.header()));
        HttpResponse<byte[]> response;
        try {
            response = http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        } catch (ConnectException e) {
            throw new Unreachable("no coordinator answers at " + url
                    + "; start one with 'swarm coordinator', or name it with --coordinator");
        } catch (HttpTimeoutException e) {
            throw new Unreachable("the coordinator at " + url + " does not answer in time; try again");
        } catch (SSLException e) {
            throw new CommandFailed(
                    ExitCode.COULD_NOT_RUN,
                    "there is no trust between here and the coordinator at " + url
                            + ": name its authority's certificate (ca.crt) with --ca or SWARM_CA, and address it by a name"
                            + " that its certificate has ("
                            + String.valueOf(e.getMessage()).replaceAll("\\s+", " ") + ")");
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
