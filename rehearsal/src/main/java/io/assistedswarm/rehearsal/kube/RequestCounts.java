package io.assistedswarm.rehearsal.kube;

import io.assistedswarm.rehearsal.trouble.Asked;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;

/** Counts requests by what they do, to what, and who sends them. */
final class RequestCounts {
    private final ResourceCatalog catalog;
    private final ConcurrentMap<KubeRequest, LongAdder> counts = new ConcurrentHashMap<>();

    RequestCounts(ResourceCatalog catalog) {
        this.catalog = catalog;
    }

    /** Counts one request, whatever becomes of it. */
    Asked count(ApiCall call) {
        var target = Target.of(call.path(), catalog);
        target.ifPresent(known -> counts.computeIfAbsent(
                        new KubeRequest(verb(call, known), known.resource(), call.client()), r -> new LongAdder())
                .increment());
        return new Asked(
                call.client(),
                target.map(known -> verb(call, known))
                        .orElseGet(() -> call.method().toLowerCase(Locale.ROOT)),
                target.map(Target::resource).orElse(""),
                "/" + String.join("/", call.path()));
    }

    Map<KubeRequest, Long> counts() {
        var sums = new TreeMap<KubeRequest, Long>();
        counts.forEach((request, count) -> sums.put(request, count.sum()));
        return sums;
    }

    /** The counts in Prometheus' text format. */
    String prometheus() {
        var text = new StringBuilder("""
                # HELP apiserver_request_total Requests by verb, resource and client.
                # TYPE apiserver_request_total counter
                """);
        counts().forEach((request, count) -> text.append("apiserver_request_total{verb=\"")
                .append(request.verb())
                .append("\",resource=\"")
                .append(request.resource())
                .append("\",client=\"")
                .append(escaped(request.client()))
                .append("\"} ")
                .append(count)
                .append('\n'));
        return text.toString();
    }

    private static String verb(ApiCall call, Target target) {
        boolean collection = target.name().isEmpty();
        return switch (call.method()) {
            case "GET", "HEAD" -> call.isWatch() ? "watch" : collection ? "list" : "get";
            case "POST" -> "create";
            case "PUT" -> "update";
            case "PATCH" -> call.contentType().startsWith("application/apply-patch") ? "apply" : "patch";
            case "DELETE" -> collection ? "deletecollection" : "delete";
            default -> call.method().toLowerCase(Locale.ROOT);
        };
    }

    private static String escaped(String label) {
        return label.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }
}
