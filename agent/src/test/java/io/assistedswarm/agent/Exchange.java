package io.assistedswarm.agent;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * One request as the comparison sees it: no ids, no values but those that matter.
 *
 * @param requestId equal for exchanges that share one, null where none was sent
 * @param what step, stage with info, or state that it reports; may be empty
 * @param body shape of the body: keys and types
 */
public record Exchange(
        String sender, String method, String path, List<String> headers, String requestId, String what, String body) {

    /** The request without its place among others. */
    public String call() {
        return method + " " + path + " " + headers + " " + (requestId == null ? "without id " : "") + what + " " + body;
    }

    public boolean isStepReply() {
        return method.equals("POST") && path.endsWith("/instructions");
    }

    public static List<String> headerNames(Iterable<String> names) {
        TreeSet<String> lower = new TreeSet<>();
        for (String name : names) {
            lower.add(name.toLowerCase(Locale.ROOT));
        }
        // Only stand-ins send it, and only where the variable is set.
        lower.remove(Speaker.HEADER.toLowerCase(Locale.ROOT));
        return List.copyOf(lower);
    }

    /** The shape of JSON, written as the digest writes it. */
    public static String shape(Object json) {
        if (json instanceof Map<?, ?> map) {
            Map<String, String> fields = new TreeMap<>();
            map.forEach((name, value) -> fields.put((String) name, shape(value)));
            List<String> parts = new ArrayList<>();
            fields.forEach((name, value) -> parts.add(name + ":" + value));
            return "{" + String.join(",", parts) + "}";
        }
        if (json instanceof List<?> list) {
            TreeSet<String> shapes = new TreeSet<>();
            list.forEach(element -> shapes.add(shape(element)));
            return "[" + String.join("|", shapes) + "]";
        }
        if (json == null) {
            return "null";
        }
        return json instanceof Boolean ? "boolean" : json instanceof Number ? "number" : "string";
    }
}
