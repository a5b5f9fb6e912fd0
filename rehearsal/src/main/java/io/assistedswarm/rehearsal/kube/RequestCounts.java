package io.assistedswarm.rehearsal.kube;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;

/** Counts requests by what they do, to what, and who sends them. */
final class RequestCounts implements RequestFilter {
    private final ResourceCatalog catalog;
    private final ConcurrentMap<KubeRequest, LongAdder> counts = new ConcurrentHashMap<>();

    RequestCounts(ResourceCatalog catalog) {
        this.catalog = catalog;
    }

    @Override
    public Reply apply(ApiCall call, Function<ApiCall, Reply> next) {
        Target.of(call.path(), catalog)
                .ifPresent(target -> counts.computeIfAbsent(
                                new KubeRequest(verb(call, target), target.resource(), call.client()),
                                r -> new LongAdder())
                        .increment());
        return next.apply(call);
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
            default -> call.method().toLowerCase(java.util.Locale.ROOT);
        };
    }

    private static String escaped(String label) {
        return label.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }
}
