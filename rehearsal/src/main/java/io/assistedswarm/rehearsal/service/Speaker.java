package io.assistedswarm.rehearsal.service;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Who a request is from, as stand-ins say in a header of their own.
 *
 * @param generation of the placement that the process was started for
 * @param instance the same for an agent and the installer that it started
 * @param actsFor id of a host, of a controller that of its cluster
 */
public record Speaker(String worker, int generation, String instance, String actsFor) {
    public static final String HEADER = "X-Swarm-Speaker";
    private static final Pattern PART = Pattern.compile("(\\w+)=([^;]*)(?:; |$)");

    /** @throws Refusal if the header's value is not what a stand-in sends */
    public static Speaker of(String header) {
        Map<String, String> parts = new HashMap<>();
        Matcher part = PART.matcher(header);
        while (part.find()) {
            parts.put(part.group(1), part.group(2));
        }
        try {
            return new Speaker(
                    part(parts, "worker"),
                    Integer.parseInt(part(parts, "generation")),
                    part(parts, "instance"),
                    part(parts, "for"));
        } catch (IllegalArgumentException e) {
            throw Refusal.badRequest(HEADER + ": " + header + ": " + e.getMessage());
        }
    }

    private static String part(Map<String, String> parts, String name) {
        String value = parts.getOrDefault(name, "");
        if (value.isEmpty()) {
            throw new IllegalArgumentException("no " + name);
        }
        return value;
    }
}
