package io.assistedswarm.rehearsal.service.controller;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Conditions of a status; their times move only when they change. */
final class Conditions {
    private Conditions() {}

    /** @param message empty for none */
    record Condition(String type, String status, String reason, String message) {
        static Condition yes(String type, String reason, String message) {
            return new Condition(type, "True", reason, message);
        }

        static Condition no(String type, String reason, String message) {
            return new Condition(type, "False", reason, message);
        }

        static Condition unknown(String type, String reason, String message) {
            return new Condition(type, "Unknown", reason, message);
        }
    }

    /**
     * @param current the status' list; a condition that is not wanted any more goes
     * @param probed whether the kind's conditions carry {@code lastProbeTime} too
     */
    static List<Map<String, Object>> merged(
            List<Map<String, Object>> current, List<Condition> wanted, boolean probed, Instant now) {
        String time = time(now);
        List<Map<String, Object>> merged = new ArrayList<>();
        for (Condition condition : wanted) {
            Map<String, Object> before = current.stream()
                    .filter(is -> condition.type().equals(is.get("type")))
                    .findFirst()
                    .orElse(Map.of());
            boolean same = condition.status().equals(before.get("status"))
                    && condition.reason().equals(before.get("reason"))
                    && condition.message().equals(before.getOrDefault("message", ""));
            Map<String, Object> next = new LinkedHashMap<>();
            if (probed) {
                next.put("lastProbeTime", same ? before.get("lastProbeTime") : time);
            }
            boolean sameStatus = condition.status().equals(before.get("status"));
            next.put("lastTransitionTime", sameStatus ? before.get("lastTransitionTime") : time);
            if (!condition.message().isEmpty()) {
                next.put("message", condition.message());
            }
            next.put("reason", condition.reason());
            next.put("status", condition.status());
            next.put("type", condition.type());
            merged.add(next);
        }
        return merged;
    }

    /** As Kubernetes writes times: whole seconds. */
    static String time(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
