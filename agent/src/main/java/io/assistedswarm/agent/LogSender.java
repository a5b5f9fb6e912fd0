package io.assistedswarm.agent;

import java.io.IOException;

/** Announces, collects and uploads a host's logs under one request id (reference, section 3.3; order as recorded). */
public final class LogSender {
    private final AssistedService service;
    private final TextLog log;

    public LogSender(AssistedService service, TextLog log) {
        this.service = service;
        this.log = log;
    }

    /** @throws IOException if the upload failed; the end is then not announced */
    public void send(String cluster, HostAddress host) throws IOException, InterruptedException {
        String requestId = RequestId.next();
        report(host, "requested", requestId);
        report(host, "collecting", requestId);
        LogArchive archive = new LogArchive(
                "logs.tar.gz",
                "logs_host_" + host.host() + "/agent.logs",
                "Logs of stand-in host " + host.host() + "\n");
        ServiceReply upload = service.uploadHostLogs(cluster, host, archive, requestId);
        if (!upload.isSuccess()) {
            throw new IOException("upload of the logs of host " + host.host() + ": " + upload.problem());
        }
        report(host, "completed", requestId);
    }

    private void report(HostAddress host, String state, String requestId) throws InterruptedException {
        try {
            ServiceReply reply = service.hostLogsProgress(host, state, requestId);
            if (!reply.isSuccess()) {
                log.warning("Logs progress " + state + " was refused: " + reply.problem());
            }
        } catch (IOException e) {
            log.warning("Logs progress " + state + " was not reported: " + e.getMessage());
        }
    }
}
