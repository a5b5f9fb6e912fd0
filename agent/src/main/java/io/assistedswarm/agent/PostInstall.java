package io.assistedswarm.agent;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Waits until the cluster is finalizing, then reports operators and certificate and completes the installation. */
final class PostInstall implements Loop {
    /** One call that must succeed before the next stage. */
    private interface Call {
        ServiceReply send() throws IOException, InterruptedException;
    }

    private static final Duration CLUSTER_POLL = Duration.ofSeconds(30);
    private static final Duration OPERATORS_POLL = Duration.ofSeconds(60);
    private static final Duration STAGE_RETRY = Duration.ofSeconds(30);
    private static final Duration CERTIFICATE_RETRY = Duration.ofSeconds(10);
    private static final Duration COMPLETION_RETRY = Duration.ofSeconds(60);
    private static final String BUILT_IN = "builtin";
    private final ControllerSettings settings;
    private final AssistedService service;
    private final ScaledClock clock;
    private final TextLog log;

    PostInstall(ControllerSettings settings, AssistedService service, ScaledClock clock, TextLog log) {
        this.settings = settings;
        this.service = service;
        this.clock = clock;
        this.log = log;
    }

    @Override
    public void run() throws InterruptedException {
        while (!isFinalizing()) {
            clock.sleep(CLUSTER_POLL);
        }
        String cluster = settings.cluster();
        stage("Waiting for cluster operators");
        List<String> others = reportOperators();
        stage("Adding router ca");
        String pem = ingressCertificate();
        untilDone("ingress certificate", CERTIFICATE_RETRY, () -> service.ingressCertificate(cluster, pem));
        stage("Waiting for olm operators csv initialization");
        if (!others.isEmpty()) {
            stage("Applying olm manifests");
            stage("Waiting for olm operators csv");
            for (String operator : others) {
                untilDone(operator, STAGE_RETRY, () -> service.operatorAvailable(cluster, operator));
            }
        }
        stage("Done");
        untilDone("completion", COMPLETION_RETRY, () -> service.completeInstallation(cluster));
        log.info("Finished PostInstallConfigs");
    }

    private boolean isFinalizing() throws InterruptedException {
        try {
            ServiceReply reply = service.cluster(settings.cluster(), false, null);
            if (reply.isSuccess()) {
                return Json.textAt(reply.json(), "status").equals("finalizing");
            }
            log.error("Failed to get cluster " + settings.cluster() + ": " + reply.problem());
        } catch (IOException e) {
            log.error("Failed to get cluster " + settings.cluster() + ": " + e.getMessage());
        }
        return false;
    }

    private void stage(String stage) throws InterruptedException {
        log.info("Finalizing stage " + stage);
        untilDone("stage " + stage, STAGE_RETRY, () -> service.finalizingStage(settings.cluster(), stage));
    }

    /** @return the names of the operators that are not built in */
    private List<String> reportOperators() throws InterruptedException {
        while (true) {
            try {
                ServiceReply reply = service.monitoredOperators(settings.cluster());
                if (reply.isSuccess()) {
                    List<?> operators = Json.listAt(Json.object("operators", reply.json()), "operators");
                    boolean all = isAvailable("console", operators);
                    if (settings.reportsClusterVersion()) {
                        all &= isAvailable("cvo", operators);
                    }
                    if (all) {
                        return others(operators);
                    }
                } else {
                    log.warning("Monitored operators cannot be read: " + reply.problem());
                }
            } catch (IOException e) {
                log.warning("Monitored operators cannot be read: " + e.getMessage());
            }
            clock.sleep(OPERATORS_POLL);
        }
    }

    private boolean isAvailable(String name, List<?> operators) throws IOException, InterruptedException {
        for (Object operator : operators) {
            if (Json.textAt(operator, "name").equals(name)) {
                if (Json.textAt(operator, "status").equals("available")) {
                    return true;
                }
                ServiceReply reply = service.operatorAvailable(settings.cluster(), name);
                if (!reply.isSuccess()) {
                    log.warning("Operator " + name + " was not updated: " + reply.problem());
                }
                return reply.isSuccess();
            }
        }
        log.warning("The service does not monitor operator " + name);
        return false;
    }

    private static List<String> others(List<?> operators) {
        List<String> others = new ArrayList<>();
        for (Object operator : operators) {
            boolean open = !Json.textAt(operator, "status").equals("available");
            if (open && !Json.textAt(operator, "operator_type").equals(BUILT_IN)) {
                others.add(Json.textAt(operator, "name"));
            }
        }
        return others;
    }

    private void untilDone(String what, Duration retry, Call call) throws InterruptedException {
        while (true) {
            try {
                ServiceReply reply = call.send();
                if (reply.isSuccess()) {
                    return;
                }
                log.error("Failed to report " + what + ": " + reply.problem());
            } catch (IOException e) {
                log.error("Failed to report " + what + ": " + e.getMessage());
            }
            clock.sleep(retry);
        }
    }

    private static String ingressCertificate() {
        try (InputStream pem = PostInstall.class.getResourceAsStream("ingress-ca.pem")) {
            if (pem == null) {
                throw new IllegalStateException("ingress-ca.pem is missing in the jar");
            }
            return Bytes.utf8(pem.readAllBytes());
        } catch (IOException e) {
            throw new IllegalStateException("ingress-ca.pem cannot be read", e);
        }
    }
}
