package io.assistedswarm.rehearsal.service.controller;

import io.assistedswarm.rehearsal.service.model.ObjectKey;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keys of one kind that wait to be reconciled: each at most once in the queue, never twice at the same time, again with a growing
 * delay after a failure.
 */
final class WorkQueue implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(WorkQueue.class);
    private static final Duration FIRST_RETRY = Duration.ofMillis(50);
    private static final Duration LAST_RETRY = Duration.ofSeconds(10);
    private static final Set<Integer> EXPECTED_FAILURES = Set.of(404, 409);
    private final String name;
    private final int parallelism;
    private final Reconciler reconciler;
    private final Object monitor = new Object();
    private final Set<ObjectKey> waiting = new LinkedHashSet<>();
    private final Set<ObjectKey> running = new HashSet<>();
    private final Map<ObjectKey, Integer> failures = new HashMap<>();
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(Thread.ofVirtual().factory());
    private boolean leading;
    private boolean closed;

    WorkQueue(String name, int parallelism, Reconciler reconciler) {
        this.name = name;
        this.parallelism = parallelism;
        this.reconciler = reconciler;
    }

    /** Until now keys only queue up. */
    void lead() {
        synchronized (monitor) {
            leading = true;
            for (int i = waiting.size(); i > 0; i--) {
                startNext();
            }
        }
    }

    void add(ObjectKey key) {
        synchronized (monitor) {
            if (!closed && waiting.add(key)) {
                startNext();
            }
        }
    }

    private void addAfter(ObjectKey key, Duration delay) {
        synchronized (monitor) {
            if (!closed) {
                var unused = timer.schedule(() -> add(key), delay.toNanos(), TimeUnit.NANOSECONDS);
            }
        }
    }

    private void startNext() {
        if (!leading || running.size() >= parallelism) {
            return;
        }
        waiting.stream().filter(key -> !running.contains(key)).findFirst().ifPresent(key -> {
            waiting.remove(key);
            running.add(key);
            Thread.ofVirtual().name(name + " " + key).start(() -> run(key));
        });
    }

    private void run(ObjectKey key) {
        try {
            reconciler.reconcile(key).ifPresent(delay -> addAfter(key, delay));
            synchronized (monitor) {
                failures.remove(key);
            }
        } catch (RuntimeException e) {
            retry(key, e);
        } finally {
            synchronized (monitor) {
                running.remove(key);
                startNext();
            }
        }
    }

    private void retry(ObjectKey key, RuntimeException failure) {
        int attempts;
        synchronized (monitor) {
            if (closed) {
                return;
            }
            attempts = failures.merge(key, 1, Integer::sum);
        }
        Duration delay = FIRST_RETRY.multipliedBy(1L << Math.min(attempts - 1, 8));
        Duration bounded = delay.compareTo(LAST_RETRY) < 0 ? delay : LAST_RETRY;
        // A conflict means that the cache was behind: its next event or this retry settles it.
        if (failure instanceof KubernetesClientException api && EXPECTED_FAILURES.contains(api.getCode())) {
            log.debug("{} [{}] is tried again in {}: {}", name, key, bounded, failure.getMessage());
        } else {
            log.warn("{} [{}] failed, it is tried again in {}", name, key, bounded, failure);
        }
        addAfter(key, bounded);
    }

    @Override
    public void close() {
        synchronized (monitor) {
            closed = true;
            waiting.clear();
        }
        timer.shutdownNow();
    }
}
