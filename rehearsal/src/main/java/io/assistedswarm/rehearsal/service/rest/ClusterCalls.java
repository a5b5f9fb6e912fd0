package io.assistedswarm.rehearsal.service.rest;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.assistedswarm.rehearsal.service.ClusterDesk;
import io.assistedswarm.rehearsal.service.HostDesk;
import io.assistedswarm.rehearsal.service.Json;
import io.assistedswarm.rehearsal.service.Refusal;
import io.assistedswarm.rehearsal.service.model.Cluster;
import io.assistedswarm.rehearsal.service.model.Registry;
import io.assistedswarm.rehearsal.service.model.Upload;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The calls about a cluster, most of them its controller's (reference, dry-run-agent.md 8.1). */
final class ClusterCalls {
    private static final List<String> CREDENTIALS = List.of("kubeadmin-password", "kubeconfig", "kubeconfig-noingress");
    private final Registry registry;
    private final ClusterDesk desk;
    private final HostDesk hosts;
    private final ClusterJson json;
    private final HostJson hostJson;
    private final Files files;
    private final ClusterLogs logs;

    ClusterCalls(
            Registry registry,
            ClusterDesk desk,
            HostDesk hosts,
            ClusterJson json,
            HostJson hostJson,
            Files files,
            ClusterLogs logs) {
        this.registry = registry;
        this.desk = desk;
        this.hosts = hosts;
        this.json = json;
        this.hostJson = hostJson;
        this.files = files;
        this.logs = logs;
    }

    void addTo(Router router) {
        String clusters = "/v2/clusters";
        String cluster = clusters + "/{cluster_id}";
        router.add("GET", clusters, Access.USER_OR_WATCHER, this::list)
                .add("GET", cluster, Access.CLUSTER, this::show)
                .add("GET", cluster + "/hosts", Access.USER_OR_AGENT, this::hosts)
                .add("PUT", cluster + "/progress", Access.AGENT, this::progress)
                .add("GET", cluster + "/monitored-operators", Access.AGENT, this::operators)
                .add("PUT", cluster + "/monitored-operators", Access.AGENT, this::reportOperator)
                .add("POST", cluster + "/uploads/ingress-cert", Access.AGENT, this::ingressCertificate)
                .add("POST", cluster + "/actions/complete-installation", Access.AGENT, this::complete)
                .add("PUT", cluster + "/logs-progress", Access.AGENT, this::logsProgress)
                .add("POST", cluster + "/logs", Access.AGENT, this::uploadLogs)
                .add("GET", cluster + "/logs", Access.CLUSTER_LOGS, this::downloadLogs)
                .add("GET", cluster + "/downloads/files", Access.CLUSTER_FILE, this::file)
                .add("GET", cluster + "/downloads/credentials", Access.USER_OR_AGENT, this::credentials);
    }

    record FinalizingBody(@JsonProperty("finalizing_stage") String finalizingStage) {}

    record OperatorBody(
            @JsonProperty("name") String name,
            @JsonProperty("version") String version,
            @JsonProperty("status") String status,
            @JsonProperty("status_info") String statusInfo) {}

    record CompletionBody(
            @JsonProperty("is_success") Boolean success,
            @JsonProperty("error_info") String errorInfo,
            @JsonProperty("data") JsonNode data) {}

    private Answer list(Call call) {
        ArrayNode list = Json.LENIENT.createArrayNode();
        registry.clusters().stream()
                .filter(cluster -> cluster.owner.equals(call.user()))
                .sorted(Comparator.comparing(cluster -> cluster.createdAt))
                .forEach(cluster -> list.add(cluster.locked(() -> json.of(cluster, call.flag("with_hosts")))));
        return Answer.json(200, list);
    }

    private Answer show(Call call) {
        Cluster cluster = desk.cluster(call.id("cluster_id"));
        return Answer.json(200, cluster.locked(() -> json.of(cluster, !call.flag("exclude-hosts"))));
    }

    private Answer hosts(Call call) {
        Cluster cluster = desk.cluster(call.id("cluster_id"));
        Optional<String> role = call.query("role");
        Optional<String> status = call.query("status");
        ArrayNode list = Json.LENIENT.createArrayNode();
        cluster.lockedRun(() -> cluster.hostList().stream()
                .filter(host ->
                        role.map(r -> r.equals(host.effectiveRole().wireName())).orElse(true))
                .filter(host -> status.map(s -> s.equals(host.state.wireName())).orElse(true))
                .forEach(host ->
                        list.add(hostJson.listed(host, call.flag("with-inventory"), call.flag("with-connectivity")))));
        return Answer.json(200, list);
    }

    private Answer progress(Call call) {
        String stage = call.json(FinalizingBody.class).finalizingStage();
        if (stage == null) {
            throw Refusal.invalid("finalizing_stage in body is required");
        }
        desk.finalizingStage(call.id("cluster_id"), stage);
        return Answer.empty(200);
    }

    private Answer operators(Call call) {
        Cluster cluster = desk.cluster(call.id("cluster_id"));
        Optional<String> name = call.query("operator_name");
        ArrayNode all = cluster.locked(() -> json.operators(cluster));
        ArrayNode wanted = Json.LENIENT.createArrayNode();
        all.forEach(operator -> {
            if (name.isEmpty() || name.get().equals(operator.path("name").asText())) {
                wanted.add(operator);
            }
        });
        if (name.isPresent() && wanted.isEmpty()) {
            throw Refusal.notFound("operator", name.get());
        }
        return Answer.json(200, wanted);
    }

    private Answer reportOperator(Call call) {
        OperatorBody body = call.json(OperatorBody.class);
        if (body.name() == null || body.status() == null) {
            throw Refusal.invalid("name and status in body are required");
        }
        desk.operator(
                call.id("cluster_id"), body.name(), body.status(), body.statusInfo() == null ? "" : body.statusInfo());
        return Answer.empty(200);
    }

    private Answer ingressCertificate(Call call) {
        desk.ingressCertificate(call.id("cluster_id"), call.json(String.class));
        return Answer.empty(201);
    }

    private Answer complete(Call call) {
        CompletionBody body = call.json(CompletionBody.class);
        if (body.success() == null) {
            throw Refusal.invalid("is_success in body is required");
        }
        Cluster cluster =
                desk.complete(call.id("cluster_id"), body.success(), body.errorInfo() == null ? "" : body.errorInfo());
        return Answer.json(202, cluster.locked(() -> json.raw(cluster)));
    }

    private Answer logsProgress(Call call) {
        desk.logsProgress(call.id("cluster_id"), HostCalls.logsState(call));
        return Answer.empty(204);
    }

    private Answer uploadLogs(Call call) {
        UUID cluster = desk.cluster(call.id("cluster_id")).id;
        String type = call.query("logs_type").orElse("");
        Upload upload = call.upload();
        switch (type) {
            case "controller" -> desk.logsUploaded(cluster, upload);
            case "host" -> hosts.logsUploaded(queryId(call, "infra_env_id"), queryId(call, "host_id"), upload);
            default -> throw Refusal.invalid("logs_type in query should be one of [host controller]");
        }
        return Answer.empty(204);
    }

    private Answer downloadLogs(Call call) {
        return logs.download(
                desk.cluster(call.id("cluster_id")),
                call.query("logs_type").orElse(""),
                call.query("host_id").map(any -> queryId(call, "host_id")));
    }

    private static UUID queryId(Call call, String name) {
        try {
            return UUID.fromString(call.query(name).orElseThrow(() -> Refusal.invalid(name + " in query is required")));
        } catch (IllegalArgumentException e) {
            throw Refusal.invalid(name + " in query must be of type uuid");
        }
    }

    private Answer file(Call call) {
        String name = fileName(call);
        Cluster cluster = desk.cluster(call.id("cluster_id"));
        return cluster.locked(() -> {
            String content = files.ofCluster(cluster, name)
                    .orElseThrow(() -> Refusal.invalid("file_name in query is not a known file: " + name));
            requireInstallation(cluster);
            return Answer.file(name, content.getBytes(StandardCharsets.UTF_8));
        });
    }

    /** Before it has the certificate of the ingress, the kubeconfig is the one without (V2DownloadClusterCredentials). */
    private Answer credentials(Call call) {
        String name = fileName(call);
        if (!CREDENTIALS.contains(name)) {
            throw Refusal.invalid("file_name in query should be one of " + CREDENTIALS);
        }
        Cluster cluster = desk.cluster(call.id("cluster_id"));
        return cluster.locked(() -> {
            requireInstallation(cluster);
            String found = name.equals("kubeconfig") && !cluster.kubeconfigMerged ? "kubeconfig-noingress" : name;
            String content = name.startsWith("kubeconfig") ? Files.kubeconfig(cluster) : Files.DUMMY;
            return Answer.file(found, content.getBytes(StandardCharsets.UTF_8));
        });
    }

    private static void requireInstallation(Cluster cluster) {
        if (!cluster.state.hasFiles()) {
            throw Refusal.conflict(
                    "cluster %s is in %s state, files can be downloaded only when status is one of: [installing finalizing installed error adding-hosts cancelled installing-pending-user-action]"
                            .formatted(cluster.id, cluster.state.wireName()));
        }
    }

    private static String fileName(Call call) {
        return call.query("file_name").orElseThrow(() -> Refusal.invalid("file_name in query is required"));
    }
}
