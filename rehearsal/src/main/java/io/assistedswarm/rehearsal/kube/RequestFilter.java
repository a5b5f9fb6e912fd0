package io.assistedswarm.rehearsal.kube;

import java.util.List;
import java.util.function.Function;

/** A step on the way of every request to its endpoint: it may look, delay, answer itself or change the answer. */
@FunctionalInterface
interface RequestFilter {
    Reply apply(ApiCall call, Function<ApiCall, Reply> next);

    /** The first filter is the outermost. */
    static Function<ApiCall, Reply> chain(List<RequestFilter> filters, Function<ApiCall, Reply> endpoint) {
        var chain = endpoint;
        for (var filter : filters.reversed()) {
            var next = chain;
            chain = call -> filter.apply(call, next);
        }
        return chain;
    }

    /** Turns refusals and accidents into {@code Status} bodies. */
    static RequestFilter failuresToStatus() {
        var log = org.slf4j.LoggerFactory.getLogger(KubeApiServer.class);
        return (call, next) -> {
            try {
                return next.apply(call);
            } catch (StatusFailure failure) {
                return Reply.json(failure.code(), failure.status());
            } catch (RuntimeException accident) {
                log.error("[{} {}] failed", call.method(), String.join("/", call.path()), accident);
                return Reply.json(
                        500,
                        StatusFailure.internal("Internal error occurred: " + accident)
                                .status());
            }
        };
    }
}
