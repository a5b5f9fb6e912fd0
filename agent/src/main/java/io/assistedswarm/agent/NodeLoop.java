package io.assistedswarm.agent;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** Reports Joined and Done for each host that has become a node, until all are installed or the rest are in error. */
final class NodeLoop implements Loop {
    private static final Duration INTERVAL = Duration.ofSeconds(30);
    private final ControllerSettings settings;
    private final AssistedService service;
    private final ScaledClock clock;
    private final TextLog log;

    NodeLoop(ControllerSettings settings, AssistedService service, ScaledClock clock, TextLog log) {
        this.settings = settings;
        this.service = service;
        this.clock = clock;
        this.log = log;
    }

    @Override
    public void run() throws InterruptedException {
        while (!round()) {
            clock.sleep(INTERVAL);
        }
        log.info("WaitAndUpdateNodesStatus finished");
    }

    private boolean round() throws InterruptedException {
        String requestId = RequestId.next();
        try {
            List<?> hosts = hosts(requestId);
            if (isOver(hosts)) {
                return true;
            }
            for (Object node : settings.clusterHosts().nodesAmong(hosts)) {
                update(node, requestId);
            }
            // The real one looks again, for hosts that fetch their ignition: in dry mode there are none.
            hosts(requestId);
        } catch (IOException e) {
            log.error("Failed to get node map from the assisted service: " + e.getMessage());
        }
        return false;
    }

    private List<?> hosts(String requestId) throws IOException, InterruptedException {
        ServiceReply reply = service.cluster(settings.cluster(), true, requestId);
        if (!reply.isSuccess()) {
            throw new IOException(reply.problem());
        }
        return Json.listAt(reply.json(), "hosts");
    }

    private static boolean isOver(List<?> hosts) {
        int inProgress = 0;
        int inError = 0;
        for (Object host : hosts) {
            switch (Json.textAt(host, "status")) {
                case "disabled", "installed" -> {}
                case "error" -> {
                    inProgress++;
                    inError++;
                }
                default -> inProgress++;
            }
        }
        return inProgress == inError;
    }

    private void update(Object node, String requestId) throws InterruptedException {
        String status = Json.textAt(node, "status");
        if (status.equals("installed") || status.equals("disabled")) {
            return;
        }
        String stage = Stage.of(node);
        boolean joins = stage.equals(Stage.CONFIGURING) || stage.equals(Stage.REBOOTING);
        if (joins && !report(node, Stage.JOINED, requestId)) {
            return;
        }
        if (!stage.equals(Stage.DONE)) {
            report(node, Stage.DONE, requestId);
        }
    }

    private boolean report(Object node, String stage, String requestId) throws InterruptedException {
        HostAddress host = new HostAddress(Json.textAt(node, "infra_env_id"), Json.textAt(node, "id"));
        String name = Json.textAt(node, "requested_hostname");
        log.info("Found node " + name + ", updating its status to " + stage, requestId);
        try {
            ServiceReply reply = service.hostProgress(host, stage, "", requestId);
            if (reply.isSuccess()) {
                return true;
            }
            log.error("Failed to update node " + name + " to " + stage + ": " + reply.problem());
        } catch (IOException e) {
            log.error("Failed to update node " + name + " to " + stage + ": " + e.getMessage());
        }
        return false;
    }
}
