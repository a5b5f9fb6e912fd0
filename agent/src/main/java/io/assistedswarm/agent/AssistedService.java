package io.assistedswarm.agent;

import java.io.IOException;
import java.util.Map;

/**
 * The calls of agent, installer, log sender and controller. A {@code requestId} of null stands where the real programs send no
 * {@code X-Request-Id} (reference recordings).
 */
public final class AssistedService {
    private final ServiceClient client;

    public AssistedService(ServiceClient client) {
        this.client = client;
    }

    public void startAnew() {
        client.startAnew();
    }

    public ServiceReply register(String infraEnv, String host, String agentVersion)
            throws IOException, InterruptedException {
        Object body = Json.object("discovery_agent_version", agentVersion, "host_id", host);
        String path = "/v2/infra-envs/" + infraEnv + "/hosts";
        return client.send(
                ServiceCall.send("POST", path, body, RequestId.next()).byAgent(agentVersion));
    }

    public ServiceReply instructions(HostAddress host, String agentVersion, String requestId)
            throws IOException, InterruptedException {
        String path = host.path() + "/instructions?timestamp=" + System.currentTimeMillis() / 1000;
        return client.send(ServiceCall.get(path, requestId).byAgent(agentVersion));
    }

    public ServiceReply postStepReply(
            HostAddress host, Map<String, Object> reply, String agentVersion, String requestId)
            throws IOException, InterruptedException {
        String path = host.path() + "/instructions";
        return client.send(ServiceCall.send("POST", path, reply, requestId).byAgent(agentVersion));
    }

    public ServiceReply hostProgress(HostAddress host, String stage, String info, String requestId)
            throws IOException, InterruptedException {
        Map<String, Object> body = Json.object("current_stage", stage);
        if (!info.isEmpty()) {
            body.put("progress_info", info);
        }
        return client.send(ServiceCall.send("PUT", host.path() + "/progress", body, requestId));
    }

    public ServiceReply hostLogsProgress(HostAddress host, String state, String requestId)
            throws IOException, InterruptedException {
        return client.send(ServiceCall.send("PUT", host.path() + "/logs-progress", logsState(state), requestId));
    }

    public ServiceReply clusterLogsProgress(String cluster, String state, String requestId)
            throws IOException, InterruptedException {
        return client.send(
                ServiceCall.send("PUT", clusterPath(cluster) + "/logs-progress", logsState(state), requestId));
    }

    public ServiceReply uploadHostLogs(String cluster, HostAddress host, LogArchive archive, String requestId)
            throws IOException, InterruptedException {
        String query = "/logs?host_id=" + host.host() + "&infra_env_id=" + host.infraEnv() + "&logs_type=host";
        return client.send(archive.upload(clusterPath(cluster) + query, requestId));
    }

    public ServiceReply uploadControllerLogs(String cluster, LogArchive archive, String requestId)
            throws IOException, InterruptedException {
        return client.send(archive.upload(clusterPath(cluster) + "/logs?logs_type=controller", requestId));
    }

    public ServiceReply bootstrapIgnition(String cluster, String requestId) throws IOException, InterruptedException {
        String path = clusterPath(cluster) + "/downloads/files?file_name=bootstrap.ign";
        return client.send(ServiceCall.download(path, requestId));
    }

    public ServiceReply hostIgnition(HostAddress host, String requestId) throws IOException, InterruptedException {
        String path = "/v2/infra-env/" + host.infraEnv() + "/hosts/" + host.host() + "/downloads/ignition";
        return client.send(ServiceCall.download(path, requestId));
    }

    public ServiceReply cluster(String cluster, boolean withHosts, String requestId)
            throws IOException, InterruptedException {
        return client.send(ServiceCall.get(clusterPath(cluster) + "?exclude-hosts=" + !withHosts, requestId));
    }

    public ServiceReply hosts(String cluster, String role) throws IOException, InterruptedException {
        return client.send(ServiceCall.get(clusterPath(cluster) + "/hosts?role=" + role, null));
    }

    public ServiceReply finalizingStage(String cluster, String stage) throws IOException, InterruptedException {
        Object body = Json.object("finalizing_stage", stage);
        return client.send(ServiceCall.send("PUT", clusterPath(cluster) + "/progress", body, null));
    }

    public ServiceReply monitoredOperators(String cluster) throws IOException, InterruptedException {
        return client.send(ServiceCall.get(clusterPath(cluster) + "/monitored-operators", RequestId.next()));
    }

    public ServiceReply operatorAvailable(String cluster, String operator) throws IOException, InterruptedException {
        Object body = Json.object("name", operator, "status", "available", "status_info", "All is well");
        return client.send(ServiceCall.send("PUT", clusterPath(cluster) + "/monitored-operators", body, null));
    }

    public ServiceReply ingressCertificate(String cluster, String pem) throws IOException, InterruptedException {
        String path = clusterPath(cluster) + "/uploads/ingress-cert";
        return client.send(ServiceCall.send("POST", path, pem, RequestId.next()));
    }

    public ServiceReply completeInstallation(String cluster) throws IOException, InterruptedException {
        String path = clusterPath(cluster) + "/actions/complete-installation";
        return client.send(ServiceCall.send("POST", path, Json.object("is_success", true), RequestId.next()));
    }

    private static String clusterPath(String cluster) {
        return "/v2/clusters/" + cluster;
    }

    private static Map<String, Object> logsState(String state) {
        return Json.object("logs_state", state);
    }
}
