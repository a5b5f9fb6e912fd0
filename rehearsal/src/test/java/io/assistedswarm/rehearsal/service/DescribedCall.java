package io.assistedswarm.rehearsal.service;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * One call of the service's public API description.
 *
 * @param path with names for ids
 * @param statuses all that are described
 * @param required of the fields of its body
 * @param other fields that its body may have
 */
record DescribedCall(
        String method, String path, int success, List<Integer> statuses, List<String> required, List<String> other) {
    static List<DescribedCall> all() {
        return lines("user-calls.txt").map(DescribedCall::of).toList();
    }

    /** Of a table of facts. */
    static Stream<String> lines(String name) {
        try (InputStream facts = DescribedCall.class.getResourceAsStream(name)) {
            return new String(facts.readAllBytes(), StandardCharsets.UTF_8)
                    .lines().filter(line -> !line.startsWith("#")).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static DescribedCall of(String line) {
        String[] parts = line.split("\\|", -1);
        String[] call = parts[0].strip().split(" ", 2);
        return new DescribedCall(
                call[0],
                call[1],
                Integer.parseInt(parts[1].strip()),
                words(parts[2]).stream().map(Integer::valueOf).toList(),
                words(parts[3]),
                words(parts[4]));
    }

    private static List<String> words(String text) {
        return Arrays.stream(text.strip().split(" ", -1))
                .filter(word -> !word.isEmpty())
                .toList();
    }

    /** @param actual path without query */
    boolean matches(String calledMethod, String actual) {
        return method.equals(calledMethod) && actual.matches(path.replaceAll("\\{[a-z_]+}", "[0-9a-f-]{36}"));
    }

    /** Of things that there are none of, with the query that is required. */
    String nowhere() {
        return path.replaceAll("\\{[a-z_]+}", UUID.randomUUID().toString()) + query();
    }

    private String query() {
        return lines("user-fields.txt")
                .map(line -> line.split("\\|", -1))
                .filter(parts -> parts[0].strip().equals(toString())
                        && parts[1].strip().startsWith("?")
                        && parts[3].strip().equals("required"))
                .map(parts -> parts[1].strip() + "=" + words(parts[2]).getFirst())
                .findFirst()
                .orElse("");
    }

    boolean hasBody() {
        return !required.isEmpty() || !other.isEmpty();
    }

    /** All that is required, as good as it gets without knowing what it means. */
    ObjectNode body() {
        ObjectNode body = Json.LENIENT.createObjectNode();
        required.forEach(name -> body.put(name, name.endsWith("_id") ? new UUID(0, 1).toString() : "x"));
        return body;
    }

    @Override
    public String toString() {
        return method + " " + path;
    }
}
