package io.assistedswarm.rehearsal.service;

import io.assistedswarm.rehearsal.service.model.Cluster;
import io.assistedswarm.rehearsal.service.model.InfraEnv;
import io.assistedswarm.rehearsal.service.model.Registry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks at every host and every cluster again and again, one cluster at a time so that its lock is held briefly. */
final class Monitors implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Monitors.class);
    private final Registry registry;
    private final Evaluation evaluation;
    private final Measurements measurements;
    private final ScheduledExecutorService timer = Executors.newScheduledThreadPool(
            2, Thread.ofVirtual().name("monitor-", 0).factory());

    Monitors(Registry registry, Evaluation evaluation, Measurements measurements) {
        this.registry = registry;
        this.evaluation = evaluation;
        this.measurements = measurements;
    }

    void start(ServiceSettings settings) {
        every(settings.scale().of(settings.timeouts().hostMonitor()), "hosts", this::hosts);
        every(settings.scale().of(settings.timeouts().clusterMonitor()), "clusters", this::clusters);
    }

    private void every(Duration interval, String what, Runnable pass) {
        var unused = timer.scheduleWithFixedDelay(
                () -> {
                    try {
                        pass.run();
                    } catch (RuntimeException e) {
                        // The next pass looks at everything again, so one that failed loses nothing.
                        log.error("monitor of {} failed in one pass", what, e);
                    }
                },
                interval.toNanos(),
                interval.toNanos(),
                TimeUnit.NANOSECONDS);
    }

    void hosts() {
        long start = System.nanoTime();
        for (Cluster cluster : List.copyOf(registry.clusters())) {
            cluster.lockedRun(() -> evaluation.hostsOf(cluster));
        }
        for (InfraEnv infraEnv : List.copyOf(registry.infraEnvs())) {
            if (infraEnv.cluster.isEmpty()) {
                infraEnv.lockedRun(() -> infraEnv.hosts.values().stream()
                        .filter(host -> host.cluster().isEmpty())
                        .forEach(evaluation::host));
            }
        }
        measurements.hostsMonitored(Duration.ofNanos(System.nanoTime() - start));
    }

    void clusters() {
        long start = System.nanoTime();
        for (Cluster cluster : List.copyOf(registry.clusters())) {
            cluster.lockedRun(() -> evaluation.cluster(cluster));
        }
        measurements.clustersMonitored(Duration.ofNanos(System.nanoTime() - start));
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
