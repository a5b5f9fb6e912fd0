package io.assistedswarm.agent;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What the bootstrap host waits for before it reboots: other masters, bootkube, etcd and the controller. */
final class ControlPlaneWait {
    private static final Duration POLL = Duration.ofSeconds(5);
    private static final int ENOUGH_MASTERS = 2;
    private final InstallerSettings settings;
    private final AssistedService service;
    private final ScaledClock clock;
    private final TextLog log;
    private final StageReports stages;
    private final Set<String> readyNodes = new HashSet<>();
    private int arbiters;

    ControlPlaneWait(
            InstallerSettings settings, AssistedService service, ScaledClock clock, TextLog log, StageReports stages) {
        this.settings = settings;
        this.service = service;
        this.clock = clock;
        this.log = log;
        this.stages = stages;
    }

    void run() throws InstallationException, InterruptedException {
        stages.report(Stage.WAITING_FOR_CONTROL_PLANE, "Waiting for bootstrap node preparation");
        stages.report(Stage.WAITING_FOR_CONTROL_PLANE, "Waiting for masters to join bootstrap control plane");
        readCluster();
        readCluster();
        masters();
        arbiters();
        bootkube();
        stages.report(Stage.WAITING_FOR_BOOTKUBE, "waiting for ETCD bootstrap to be complete");
        log.info("ETCD bootstrap progress service status: inactive");
        controller();
    }

    void bootkube() throws InterruptedException {
        log.info("Waiting for bootkube to complete");
        stages.report(Stage.WAITING_FOR_BOOTKUBE);
        clock.sleep(POLL);
        log.info("bootkube service completed");
    }

    /** The real installer asks twice: for the platform's credentials, and for the platform. */
    private void readCluster() throws InstallationException, InterruptedException {
        try {
            ServiceReply reply = service.cluster(settings.cluster(), false, null);
            if (!reply.isSuccess()) {
                throw new InstallationException("Getting cluster " + settings.cluster() + ": " + reply.problem());
            }
        } catch (IOException e) {
            throw new InstallationException("Getting cluster " + settings.cluster() + ": " + e.getMessage());
        }
    }

    private void masters() throws InterruptedException {
        log.info("Waiting for master nodes");
        waitFor("master", Math.min(settings.controlPlaneCount() - 1, ENOUGH_MASTERS));
    }

    /** Until so many of the others with this role are nodes. */
    private void waitFor(String role, int needed) throws InterruptedException {
        List<?> others = null;
        while (true) {
            clock.sleep(POLL);
            log.info("Waiting for " + needed + " " + role + " nodes");
            try {
                if (others == null) {
                    others = others(role);
                }
                int ready = reportJoined(role, others);
                log.info("Found " + ready + " ready " + role + " nodes");
                if (ready >= needed) {
                    return;
                }
            } catch (IOException e) {
                log.warning("Failed to update ready " + role + " nodes: " + e.getMessage());
                // What the service knows has changed meanwhile, so it is asked again in the next round.
                others = null;
            }
        }
    }

    private List<?> others(String role) throws IOException, InterruptedException {
        ServiceReply reply = service.cluster(settings.cluster(), true, RequestId.next());
        if (!reply.isSuccess()) {
            throw new IOException(reply.problem());
        }
        List<Object> others = new ArrayList<>();
        arbiters = 0;
        for (Object host : Json.listAt(reply.json(), "hosts")) {
            arbiters += Json.textAt(host, "role").equals("arbiter") ? 1 : 0;
            boolean self = Json.textAt(host, "id").equals(settings.host().host());
            if (!self && Json.textAt(host, "role").equals(role)) {
                others.add(host);
            }
        }
        return others;
    }

    /** @return how many of them are nodes */
    private int reportJoined(String role, List<?> hosts) throws IOException, InterruptedException {
        List<?> nodes = settings.clusterHosts().nodesAmong(hosts);
        for (Object host : nodes) {
            String id = Json.textAt(host, "id");
            if (readyNodes.contains(id)) {
                continue;
            }
            String requestId = RequestId.next();
            log.info("Found a new ready " + role + " node " + Json.textAt(host, "requested_hostname"), requestId);
            if (!Json.textAt(host, "status").equals("installed")) {
                HostAddress address = new HostAddress(Json.textAt(host, "infra_env_id"), id);
                ServiceReply reply = service.hostProgress(address, Stage.JOINED, "", requestId);
                if (!reply.isSuccess()) {
                    throw new IOException("stage Joined of host " + id + ": " + reply.problem());
                }
            }
            readyNodes.add(id);
        }
        return nodes.size();
    }

    /** The real installer reads from the install config how many there are; here the list of hosts tells. */
    private void arbiters() throws InterruptedException {
        log.info("Waiting for arbiter nodes");
        if (arbiters > 0) {
            waitFor("arbiter", arbiters);
            return;
        }
        clock.sleep(POLL);
        log.info("Waiting for arbiter nodes not needed as 0 of this node was specified in the install config");
    }

    private void controller() throws InterruptedException {
        log.info("Waiting for controller to be ready");
        stages.report(Stage.WAITING_FOR_CONTROLLER, "waiting for controller pod ready event");
        clock.sleep(POLL);
        log.info("Assisted controller is ready");
        try {
            service.clusterLogsProgress(settings.cluster(), "requested", RequestId.next());
        } catch (IOException e) {
            log.error("Failed to report the progress of the cluster's logs: " + e.getMessage());
        }
    }
}
