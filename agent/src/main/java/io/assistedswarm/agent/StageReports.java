package io.assistedswarm.agent;

import java.io.IOException;

/** Reports the stages of one host. A report that fails is logged and forgotten, as the real installer does. */
final class StageReports {
    private final AssistedService service;
    private final HostAddress host;
    private final TextLog log;

    StageReports(AssistedService service, HostAddress host, TextLog log) {
        this.service = service;
        this.host = host;
        this.log = log;
    }

    void report(String stage) throws InterruptedException {
        report(stage, "");
    }

    void report(String stage, String info) throws InterruptedException {
        String requestId = RequestId.next();
        log.info("Updating node installation stage: " + stage + " - " + info, requestId);
        try {
            ServiceReply reply = service.hostProgress(host, stage, info, requestId);
            if (!reply.isSuccess()) {
                log.error("Failed to update node installation stage: " + reply.problem());
            }
        } catch (IOException e) {
            log.error("Failed to update node installation stage: " + e.getMessage());
        }
    }
}
