package io.assistedswarm.rehearsal.kube;

import io.assistedswarm.rehearsal.trouble.Asked;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;

/** Counts requests by what they do, to what, and who sends them, and the bytes of bodies that each client sends and gets. */
final class RequestCounts {
    private final ResourceCatalog catalog;
    private final ConcurrentMap<KubeRequest, LongAdder> counts = new ConcurrentHashMap<>();

    private final ConcurrentMap<String, LongAdder> received = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, LongAdder> sent = new ConcurrentHashMap<>();

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

    void received(String client, int bytes) {
        received.computeIfAbsent(client, unused -> new LongAdder()).add(bytes);
    }

    void sent(String client, int bytes) {
        sent.computeIfAbsent(client, unused -> new LongAdder()).add(bytes);
    }

    /** The stream, counting what is sent to the client through it, while it is sent: a watch ends late. */
    OutputStream sending(String client, OutputStream out) {
        return new FilterOutputStream(out) {
            @Override
            public void write(int one) throws IOException {
                out.write(one);
                sent(client, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                out.write(bytes, offset, length);
                sent(client, length);
            }
        };
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
        bytes(text, "rehearsal_received_bytes_total", "Bytes of bodies that came from a client.", received);
        bytes(text, "rehearsal_sent_bytes_total", "Bytes of bodies that went to a client, watches included.", sent);
        return text.toString();
    }

    private static void bytes(StringBuilder text, String name, String help, Map<String, LongAdder> counts) {
        text.append("# HELP %s %s\n# TYPE %s counter\n".formatted(name, help, name));
        new TreeMap<>(counts)
                .forEach((client, sum) -> text.append(name)
                        .append("{client=\"")
                        .append(escaped(client))
                        .append("\"} ")
                        .append(sum.sum())
                        .append('\n'));
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
