package io.assistedswarm.coordinator.series;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.assistedswarm.coordinator.plan.Metrics.Endpoint;
import io.assistedswarm.protocol.Trust;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.net.ssl.SSLException;

/** A Prometheus' HTTP API (prometheus.io/docs/prometheus/latest/querying/api), as far as runs are asked about. Every method blocks. */
final class Prometheus implements AutoCloseable {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final int MOST_BYTES = 32 << 20;
    private static final int LONGEST_MESSAGE = 300;
    private static final Pattern TOKEN = Pattern.compile("[\\x21-\\x7e]+");
    private static final String NAME = "__name__";

    private final Endpoint endpoint;
    private final HttpClient client;
    private final String authorization;

    private Prometheus(Endpoint endpoint, HttpClient client, String authorization) {
        this.endpoint = endpoint;
        this.client = client;
        this.authorization = authorization;
    }

    /**
     * Reads token and certificates.
     *
     * @throws Refused if they cannot be used
     */
    static Prometheus open(Endpoint endpoint) throws Refused {
        String authorization = endpoint.tokenFile().isEmpty() ? "" : "Bearer " + token(Path.of(endpoint.tokenFile()));
        try {
            return new Prometheus(
                    endpoint,
                    new Trust(endpoint.insecure(), endpoint.caFile())
                            .in(HttpClient.newBuilder().connectTimeout(CONNECT_TIMEOUT))
                            .build(),
                    authorization);
        } catch (IllegalArgumentException e) {
            throw new Refused("metrics.prometheus.caFile " + e.getMessage());
        }
    }

    private static String token(Path file) throws Refused {
        try {
            String token = Files.readString(file).strip();
            // Java's own complaint about a header would repeat it.
            if (!TOKEN.matcher(token).matches()) {
                throw new Refused("the token file " + file + " does not hold one token");
            }
            return token;
        } catch (IOException e) {
            throw new Refused("the token file " + file + " cannot be read: "
                    + e.getClass().getSimpleName());
        }
    }

    /** Its values over a time. */
    List<Series> range(String query, Instant from, Instant to, Duration step) throws Refused, Away {
        Map<String, String> form = new LinkedHashMap<>();
        form.put("query", query);
        form.put("start", seconds(from));
        form.put("end", seconds(to));
        form.put("step", String.valueOf(step.toMillis() / 1000.0));
        return matrix(post("query_range", form));
    }

    /** Its values at a moment. */
    List<Series> instant(String query, Instant at) throws Refused, Away {
        Map<String, String> form = new LinkedHashMap<>();
        form.put("query", query);
        form.put("time", seconds(at));
        return vector(post("query", form));
    }

    private static String seconds(Instant at) {
        return String.valueOf(at.toEpochMilli() / 1000.0);
    }

    private JsonNode post(String call, Map<String, String> form) throws Refused, Away {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(endpoint.url() + "/api/v1/" + call))
                .timeout(TIMEOUT)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(form.entrySet().stream()
                        .map(field ->
                                field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                        .collect(Collectors.joining("&"))));
        if (!authorization.isEmpty()) {
            request.header("Authorization", authorization);
        }
        try {
            HttpResponse<InputStream> answer = client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream body = answer.body()) {
                return data(answer.statusCode(), body.readNBytes(MOST_BYTES + 1));
            }
        } catch (SSLException e) {
            throw new Refused("there is no trust between here and " + who() + ": " + said(e)
                    + "; name its authority's certificate as metrics.prometheus.caFile");
        } catch (IOException e) {
            throw new Away("no answer from " + who() + ": " + said(e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Refused("interrupted");
        }
    }

    private JsonNode data(int status, byte[] body) throws Refused, Away {
        if (body.length > MOST_BYTES) {
            throw new Refused("the answer is bigger than " + (MOST_BYTES >> 20) + " MiB; aggregate in the query");
        }
        String answered = who() + " answers " + status;
        if (status == 401 || status == 403) {
            throw new Refused(answered + ": "
                    + (authorization.isEmpty()
                            ? "it wants a token; name its file as metrics.prometheus.tokenFile"
                            : "it does not take the token in " + endpoint.tokenFile()));
        }
        if (status >= 300 && status < 400) {
            throw new Refused(
                    answered + ", which leads elsewhere; is metrics.prometheus.url the address of a Prometheus?");
        }
        JsonNode answer = json(body);
        String error = answer.path("error").asText("");
        if (status == 429 || status == 408 || status >= 500) {
            throw new Away(answered + (error.isEmpty() ? "" : ": " + oneLine(error)));
        }
        if (status != 200 || !answer.path("status").asText("").equals("success")) {
            throw new Refused(
                    error.isEmpty()
                            ? answered + "; is metrics.prometheus.url the address of a Prometheus?"
                            : answered + " " + answer.path("errorType").asText("") + ": " + oneLine(error));
        }
        return answer.path("data");
    }

    /** Nothing when it is none. */
    private static JsonNode json(byte[] body) throws Refused {
        JsonMapper mapper = new JsonMapper();
        try {
            JsonNode tree = mapper.readTree(body);
            return tree == null ? mapper.createObjectNode() : tree;
        } catch (JacksonException e) {
            return mapper.createObjectNode();
        } catch (IOException e) {
            throw new Refused("the answer cannot be read: " + e.getMessage());
        }
    }

    private static List<Series> matrix(JsonNode data) throws Refused {
        if (!data.path("resultType").asText("").equals("matrix")) {
            throw unexpected(data);
        }
        List<Series> all = new ArrayList<>();
        for (JsonNode one : data.path("result")) {
            all.add(series(one.path("metric"), one.path("values")));
        }
        return some(all);
    }

    private static List<Series> vector(JsonNode data) throws Refused {
        List<Series> all = new ArrayList<>();
        JsonMapper mapper = new JsonMapper();
        switch (data.path("resultType").asText("")) {
            case "vector" -> {
                for (JsonNode one : data.path("result")) {
                    all.add(series(one.path("metric"), mapper.createArrayNode().add(one.path("value"))));
                }
            }
            case "scalar" ->
                all.add(series(
                        mapper.createObjectNode(), mapper.createArrayNode().add(data.path("result"))));
            default -> throw unexpected(data);
        }
        return some(all);
    }

    private static Refused unexpected(JsonNode data) {
        return new Refused("the query's type is '" + data.path("resultType").asText("none")
                + "', of which nothing can be kept; it has to be numbers over time");
    }

    /** A point that is no number, as from a division by nothing, is left out. */
    private static Series series(JsonNode metric, JsonNode points) {
        Map<String, String> labels = new LinkedHashMap<>();
        metric.properties().stream()
                .filter(label -> !label.getKey().equals(NAME))
                .forEach(label -> labels.put(label.getKey(), label.getValue().asText()));
        List<Double> times = new ArrayList<>();
        List<Double> values = new ArrayList<>();
        for (JsonNode point : points) {
            double value = Exposition.number(point.path(1).asText("")).orElse(Double.NaN);
            if (Double.isFinite(value)) {
                times.add(point.path(0).asDouble());
                values.add(value);
            }
        }
        return new Series(labels, times, values);
    }

    private static List<Series> some(List<Series> series) {
        return series.stream().filter(one -> !one.times().isEmpty()).toList();
    }

    private String who() {
        return "Prometheus at " + endpoint.url();
    }

    private static String said(IOException e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : oneLine(e.getMessage());
    }

    private static String oneLine(String text) {
        String line = text.replaceAll("\\s+", " ").strip();
        return line.length() > LONGEST_MESSAGE ? line.substring(0, LONGEST_MESSAGE) + "…" : line;
    }

    @Override
    public void close() {
        client.shutdownNow();
    }

    /** It will say the same again. */
    static final class Refused extends Exception {
        private static final long serialVersionUID = 1L;

        Refused(String message) {
            super(message, null, false, false);
        }
    }

    /** It may answer later. */
    static final class Away extends Exception {
        private static final long serialVersionUID = 1L;

        Away(String message) {
            super(message, null, false, false);
        }
    }
}
