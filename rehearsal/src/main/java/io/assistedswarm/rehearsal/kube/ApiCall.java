package io.assistedswarm.rehearsal.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * One request, understood as far as HTTP goes.
 *
 * @param path decoded segments
 * @param header value of a header by its name, in any case, or the empty string
 */
record ApiCall(String method, List<String> path, Map<String, String> query, UnaryOperator<String> header, String body) {

    static ApiCall of(String method, URI uri, UnaryOperator<String> header, String body) {
        var path = Stream.of(uri.getRawPath().split("/", -1))
                .filter(segment -> !segment.isEmpty())
                .map(ApiCall::decoded)
                .toList();
        return new ApiCall(method, path, query(uri.getRawQuery()), header, body);
    }

    String parameter(String name) {
        return query.getOrDefault(name, "");
    }

    boolean flag(String name) {
        return query.containsKey(name) && !List.of("false", "0").contains(parameter(name));
    }

    Optional<Long> number(String name) {
        var text = parameter(name);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(Long.parseLong(text));
        } catch (NumberFormatException malformed) {
            throw StatusFailure.badRequest(
                    "invalid value for parameter " + name + ": \"" + text + "\" is not a number");
        }
    }

    boolean isWatch() {
        return method.equals("GET") && flag("watch");
    }

    /** Without parameters such as a charset. */
    String contentType() {
        return header.apply("Content-Type").split(";", -1)[0].strip();
    }

    /** Product of the User-Agent. */
    String client() {
        var agent = header.apply("User-Agent");
        var product = agent.split("[/ ]", -1)[0];
        return product.isEmpty() ? "unknown" : product;
    }

    ObjectNode bodyObject() {
        if (bodyTree() instanceof ObjectNode object) {
            return object;
        }
        throw StatusFailure.badRequest("the body of the request is not an object");
    }

    JsonNode bodyTree() {
        try {
            return Json.readYaml(body);
        } catch (IOException malformed) {
            throw StatusFailure.badRequest("error decoding the body of the request: " + malformed.getMessage());
        }
    }

    private static Map<String, String> query(String raw) {
        var query = new HashMap<String, String>();
        if (raw != null) {
            for (var pair : raw.split("&", -1)) {
                int equals = pair.indexOf('=');
                var name = equals < 0 ? pair : pair.substring(0, equals);
                query.putIfAbsent(decoded(name), equals < 0 ? "" : decoded(pair.substring(equals + 1)));
            }
        }
        return query;
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }
}
