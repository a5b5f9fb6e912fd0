package io.assistedswarm.agent;

import java.io.IOException;
import java.time.Duration;

/** Looks once for hosts with node labels. The real dry controller cannot set any; this one passes over them. */
final class NodeLabels implements Loop {
    private static final Duration INTERVAL = Duration.ofSeconds(30);
    private final ControllerSettings settings;
    private final AssistedService service;
    private final ScaledClock clock;
    private final TextLog log;

    NodeLabels(ControllerSettings settings, AssistedService service, ScaledClock clock, TextLog log) {
        this.settings = settings;
        this.service = service;
        this.clock = clock;
        this.log = log;
    }

    @Override
    public void run() throws InterruptedException {
        while (!lookOnce()) {
            clock.sleep(INTERVAL);
        }
        log.info("Finished UpdateNodeLabels");
    }

    private boolean lookOnce() throws InterruptedException {
        try {
            ServiceReply reply = service.cluster(settings.cluster(), true, RequestId.next());
            if (reply.isSuccess()) {
                return true;
            }
            log.error("Failed to get node map from the assisted service: " + reply.problem());
        } catch (IOException e) {
            log.error("Failed to get node map from the assisted service: " + e.getMessage());
        }
        return false;
    }
}
