package io.assistedswarm.worker.metrics;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.assistedswarm.protocol.WorkerName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.Done;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.typed.Cluster;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Shows a worker's metrics for as long as it runs. Where, stands in {@code worker.json}, as with the coordinator. */
public final class MetricsPoint {
    private static final Logger LOG = LoggerFactory.getLogger(MetricsPoint.class);
    private static final String CONTACT = "worker.json";

    private MetricsPoint() {}

    /**
     * @param data the worker's folder
     * @throws IOException in one line when it cannot listen there
     */
    public static void open(
            ActorSystem<?> system, HttpSettings settings, WorkerName name, Path data, WorkerMetrics metrics)
            throws IOException {
        MetricsServer server = MetricsServer.start(
                settings,
                metrics::page,
                () -> Cluster.get(system).selfMember().status().equals(MemberStatus.up()));
        Path contact = data.resolve(CONTACT);
        new JsonMapper().writeValue(contact.toFile(), Map.of("name", name.value(), "http", server.url()));
        LOG.info("metrics are at [{}/metrics]", server.url());
        CoordinatedShutdown.get(system)
                .addTask(
                        CoordinatedShutdown.PhaseBeforeActorSystemTerminate(),
                        "close-metrics",
                        () -> close(server, contact));
    }

    private static CompletableFuture<Done> close(MetricsServer server, Path contact) {
        server.close();
        try {
            Files.deleteIfExists(contact);
            return CompletableFuture.completedFuture(Done.getInstance());
        } catch (IOException e) {
            return CompletableFuture.failedFuture(e);
        }
    }
}
