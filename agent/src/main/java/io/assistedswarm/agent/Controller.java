package io.assistedswarm.agent;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The controller of one cluster: waits for its host's fake reboot, then brings the cluster to its end (reference, section 5). */
public final class Controller {
    private static final Duration READY_CHECK = Duration.ofSeconds(1);
    private static final Duration READY_TIMEOUT = Duration.ofMinutes(70);
    private static final Duration CLUSTER_CHECK = Duration.ofSeconds(60);
    private static final Duration LOGS_UPLOAD = Duration.ofMinutes(5);
    private static final Duration LOGS_RETRY = Duration.ofSeconds(30);
    private static final int MOST_UNAUTHORIZED = 3;
    private static final List<String> FINAL = List.of("installed", "adding-hosts", "error", "cancelled");

    /** What the main loop came to see. */
    private enum End {
        FINISHED,
        GONE
    }

    private final ControllerSettings settings;
    private final AssistedService service;
    private final ScaledClock clock;
    private final TextLog log;
    private final Background background;
    private final List<Thread> loops = new ArrayList<>();

    public Controller(
            ControllerSettings settings,
            AssistedService service,
            ScaledClock clock,
            TextLog log,
            Background background) {
        this.settings = settings;
        this.service = service;
        this.clock = clock;
        this.log = log;
        this.background = background;
    }

    /** @return the exit code */
    public int run() throws InterruptedException {
        settings.marker().await(clock);
        log.info("Start running Assisted-controller for cluster " + settings.cluster() + " of OpenShift "
                + settings.openshiftVersion());
        if (!waitUntilReady()) {
            log.error("Failed to retrieve cluster from assisted service");
            return 1;
        }
        startBackground("nodes", new NodeLoop(settings, service, clock, log));
        startBackground("post-install", new PostInstall(settings, service, clock, log));
        startBackground("node-labels", new NodeLabels(settings, service, clock, log));
        startBackground("logs", this::uploadLogsNowAndThen);
        if (watchCluster() == End.FINISHED) {
            for (Thread thread : loops) {
                thread.interrupt();
                thread.join();
            }
            uploadFinalLogs();
        }
        log.info("Finished all");
        return 0;
    }

    private boolean waitUntilReady() throws InterruptedException {
        long deadline = System.nanoTime() + clock.scaled(READY_TIMEOUT).toNanos();
        while (System.nanoTime() < deadline) {
            try {
                ServiceReply reply = service.cluster(settings.cluster(), false, null);
                if (reply.isSuccess()) {
                    log.info("assisted-service is available");
                    return true;
                }
                log.warning("Failed to connect to assisted service: " + reply.problem());
            } catch (IOException e) {
                log.warning("Failed to connect to assisted service: " + e.getMessage());
            }
            clock.sleep(READY_CHECK);
        }
        return false;
    }

    private void startBackground(String name, Loop loop) {
        loops.add(background.start(name, () -> loop.runUntilInterrupted(log)));
    }

    private End watchCluster() throws InterruptedException {
        String requestId = RequestId.next();
        int unauthorized = 0;
        while (true) {
            clock.sleep(CLUSTER_CHECK);
            try {
                ServiceReply reply = service.cluster(settings.cluster(), false, requestId);
                if (reply.isSuccess()) {
                    unauthorized = 0;
                    String status = Json.textAt(reply.json(), "status");
                    log.info("Checking if the cluster installation finished: " + status);
                    if (FINAL.contains(status)) {
                        return End.FINISHED;
                    }
                    continue;
                }
                log.error("Cluster " + settings.cluster() + " cannot be read: " + reply.problem());
                if (reply.status() == 401) {
                    unauthorized++;
                }
                if (reply.status() == 404 || unauthorized >= MOST_UNAUTHORIZED) {
                    return End.GONE;
                }
            } catch (IOException e) {
                log.error("Cluster " + settings.cluster() + " cannot be read: " + e.getMessage());
            }
        }
    }

    private void uploadLogsNowAndThen() throws InterruptedException {
        while (true) {
            clock.sleep(LOGS_UPLOAD);
            uploadLogs();
        }
    }

    private void uploadFinalLogs() throws InterruptedException {
        String requestId = RequestId.next();
        reportLogs("requested", requestId);
        while (!uploadLogs()) {
            clock.sleep(LOGS_RETRY);
        }
        reportLogs("completed", requestId);
    }

    private boolean uploadLogs() throws InterruptedException {
        LogArchive archive = new LogArchive("controller_logs.tar.gz", "assisted-installer-controller.logs", log.kept());
        try {
            ServiceReply reply = service.uploadControllerLogs(settings.cluster(), archive, RequestId.next());
            // Nothing is gained by trying again when there is no such cluster any more.
            return reply.isSuccess() || reply.status() == 404;
        } catch (IOException e) {
            log.warning("Failed to upload controller logs: " + e.getMessage());
            return false;
        }
    }

    private void reportLogs(String state, String requestId) throws InterruptedException {
        try {
            service.clusterLogsProgress(settings.cluster(), state, requestId);
        } catch (IOException e) {
            log.warning("Logs progress " + state + " was not reported: " + e.getMessage());
        }
    }
}
