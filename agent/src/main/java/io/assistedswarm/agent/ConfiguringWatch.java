package io.assistedswarm.agent;

import java.io.IOException;
import java.time.Duration;

/**
 * The bootstrap's look for hosts that pulled their ignition. A dry one finds none, and asks the service only until it has the
 * hosts once.
 */
final class ConfiguringWatch implements Runnable {
    private static final Duration INTERVAL = Duration.ofSeconds(30);
    private final InstallerSettings settings;
    private final AssistedService service;
    private final ScaledClock clock;
    private final TextLog log;

    ConfiguringWatch(InstallerSettings settings, AssistedService service, ScaledClock clock, TextLog log) {
        this.settings = settings;
        this.service = service;
        this.clock = clock;
        this.log = log;
    }

    @Override
    public void run() {
        log.info("Start waiting for configuring state");
        try {
            boolean seen = false;
            while (!seen) {
                seen = lookOnce();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean lookOnce() throws InterruptedException {
        clock.sleep(INTERVAL);
        log.info("searching for hosts that pulled ignition already");
        try {
            ServiceReply reply = service.cluster(settings.cluster(), true, RequestId.next());
            if (!reply.isSuccess()) {
                log.warning("Failed to get hosts info from inventory: " + reply.problem());
                return false;
            }
            for (Object host : Json.listAt(reply.json(), "hosts")) {
                if (!Json.textAt(host, "id").equals(settings.host().host())) {
                    log.plain(Json.textAt(host, "requested_hostname") + " " + Stage.of(host));
                }
            }
            return true;
        } catch (IOException e) {
            log.warning("Failed to get hosts info from inventory: " + e.getMessage());
            return false;
        }
    }
}
