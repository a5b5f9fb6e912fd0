package io.assistedswarm.protocol;

import java.util.Map;
import java.util.Optional;
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

    /** Those of this thread. */
    public static Map<String, String> here() {
        return Optional.ofNullable(MDC.getCopyOfContextMap()).orElseGet(Map::of);
    }

    /** Does it with these ids, and leaves those that were there as they were. */
    public static void with(Map<String, String> ids, Runnable action) {
        Map<String, String> before = here();
        ids.forEach(MDC::put);
        try {
            action.run();
        } finally {
            MDC.setContextMap(before);
        }
    }

    /** Does what is about the machine, whoever caused it, and so has no ids. */
    public static void without(Runnable action) {
        Map<String, String> before = here();
        MDC.clear();
        try {
            action.run();
        } finally {
            MDC.setContextMap(before);
        }
    }

    /** Does it on whatever thread with the ids of this one. */
    public static Runnable carried(Runnable action) {
        Map<String, String> here = here();
        return () -> with(here, action);
    }

    /** What it is given is done with the ids of who gives it. */
    public static Executor carrying(Executor executor) {
        return action -> executor.execute(carried(action));
    }
}
