package io.assistedswarm.coordinator.hub;

import io.assistedswarm.protocol.LogIds;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Blocking calls to the hub, some at a time: the service lists all Agents of the hub for each cluster that is deleted. */
public final class AtATime {
    private static final int LIMIT = 8;

    private AtATime() {}

    /** Returns when all have ended. */
    public static void run(List<Runnable> calls) throws InterruptedException, ExecutionException {
        try (ExecutorService executor =
                Executors.newFixedThreadPool(LIMIT, Thread.ofVirtual().factory())) {
            for (Future<Object> done : executor.invokeAll(
                    calls.stream().map(LogIds::carried).map(Executors::callable).toList())) {
                done.get();
            }
        }
    }
}
