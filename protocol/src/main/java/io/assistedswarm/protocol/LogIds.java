package io.assistedswarm.protocol;

import java.util.Map;
import java.util.concurrent.Executor;
import org.slf4j.MDC;

/** Ids of what log lines are about, in the MDC: set around what is done for a swarm, cluster or host, and carried to the threads that do it. */
public final class LogIds {
    private LogIds() {}

    public static Map<String, String> of(SwarmId swarm) {
        return Map.of("swarm", swarm.value());
    }

    public static Map<String, String> of(ClusterId cluster) {
        return Map.of("swarm", cluster.swarm().value(), "cluster", cluster.name());
    }

    public static Map<String, String> of(HostId host) {
        return Map.of(
                "swarm", host.cluster().swarm().value(),
                "cluster", host.cluster().name(),
                "host", host.name());
    }

    /** Does it with these ids, and leaves those that were there as they were. */
    public static void with(Map<String, String> ids, Runnable action) {
        Map<String, String> before = MDC.getCopyOfContextMap();
        ids.forEach(MDC::put);
        try {
            action.run();
        } finally {
            restore(before);
        }
    }

    /** Does it on whatever thread with the ids of this one. */
    public static Runnable carried(Runnable action) {
        Map<String, String> here = MDC.getCopyOfContextMap();
        return here == null || here.isEmpty() ? action : () -> with(here, action);
    }

    /** What it is given is done with the ids of who gives it. */
    public static Executor carrying(Executor executor) {
        return action -> executor.execute(carried(action));
    }

    private static void restore(Map<String, String> ids) {
        if (ids == null) {
            MDC.clear();
        } else {
            MDC.setContextMap(ids);
        }
    }
}
