package io.assistedswarm.rehearsal.service.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.assistedswarm.rehearsal.service.Json;
import io.assistedswarm.rehearsal.service.ServiceSettings;
import io.assistedswarm.rehearsal.service.model.Cluster;
import io.assistedswarm.rehearsal.service.model.InfraEnv;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;

/** Files that hosts and users download. Installation files are placeholders, as with {@code DUMMY_IGNITION}. */
final class Files {
    static final String DUMMY = "data";

    /** On a host (assisted-service, internal/ignition/discovery.go). */
    private static final String AUTHORITY = "/etc/assisted-service/service-ca-cert.crt";

    private static final Set<String> PLACEHOLDERS = Set.of(
            "master.ign",
            "worker.ign",
            "arbiter.ign",
            "metadata.json",
            "install-config.yaml",
            "custom_manifests.json",
            "custom_manifests.yaml");
    private final ServiceSettings settings;

    Files(ServiceSettings settings) {
        this.settings = settings;
    }

    /** Empty if the service knows no file of that name. */
    Optional<String> ofCluster(Cluster cluster, String name) {
        if (name.equals("bootstrap.ign")) {
            return Optional.of(bootstrapIgnition(cluster));
        }
        return PLACEHOLDERS.contains(name) ? Optional.of(DUMMY) : Optional.empty();
    }

    private static String bootstrapIgnition(Cluster cluster) {
        String overrides = """
                apiVersion: config.openshift.io/v1
                kind: ClusterVersion
                metadata:
                  namespace: openshift-cluster-version
                  name: version
                spec:
                  clusterID: %s
                """.formatted(cluster.openshiftClusterId);
        ObjectNode ignition = Json.LENIENT.createObjectNode();
        ignition.putObject("ignition").put("version", "3.1.0");
        ObjectNode file = ignition.putObject("storage").putArray("files").addObject();
        file.put("path", "/opt/openshift/manifests/cvo-overrides.yaml");
        file.putObject("contents").put("source", "data:text/plain;charset=utf-8;base64," + base64(overrides));
        ignition.putObject("systemd");
        return ignition.toPrettyString();
    }

    /** What a host boots with: the unit that starts the agent, with all that it needs to know. */
    String discoveryIgnition(InfraEnv infraEnv) {
        String unit = """
                [Service]
                Type=simple
                Restart=always
                RestartSec=3
                StartLimitInterval=0
                Environment=HTTP_PROXY=
                Environment=HTTPS_PROXY=
                Environment=NO_PROXY=
                Environment=PULL_SECRET_TOKEN=%s
                TimeoutStartSec=3000
                ExecStart=/usr/local/bin/agent --url %s --infra-env-id %s --agent-version %s %s

                [Unit]
                Wants=network-online.target
                After=network-online.target

                [Install]
                WantedBy=multi-user.target
                """.formatted(
                        infraEnv.agentToken,
                        settings.url(),
                        infraEnv.id,
                        settings.images().agent(),
                        settings.authority().isEmpty() ? "--insecure=true" : "--insecure=false --cacert " + AUTHORITY);
        ObjectNode ignition = Json.LENIENT.createObjectNode();
        ignition.putObject("ignition").put("version", "3.1.0");
        ObjectNode user = ignition.putObject("passwd").putArray("users").addObject();
        user.put("name", "core");
        user.putArray("sshAuthorizedKeys").add(infraEnv.sshKey);
        user.putArray("groups").add("sudo");
        ObjectNode service = ignition.putObject("systemd").putArray("units").addObject();
        service.put("name", "agent.service").put("enabled", true).put("contents", unit);
        if (!settings.authority().isEmpty()) {
            ObjectNode file =
                    ignition.putObject("storage").putArray("files").addObject().put("path", AUTHORITY);
            file.putObject("contents")
                    .put("source", "data:text/plain;charset=utf-8;base64," + base64(settings.authority()));
        }
        return Json.text(ignition);
    }

    String ipxeScript(InfraEnv infraEnv) {
        String images = settings.imageServiceUrl();
        String version = URLEncoder.encode(infraEnv.openshiftVersion, StandardCharsets.UTF_8);
        String arch = infraEnv.cpuArchitecture;
        return """
                #!ipxe
                initrd --name initrd %1$s/images/%2$s/pxe-initrd?arch=%3$s&version=%4$s
                kernel %1$s/boot-artifacts/kernel?arch=%3$s&version=%4$s initrd=initrd coreos.live.rootfs_url=%1$s/boot-artifacts/rootfs?arch=%3$s&version=%4$s random.trust_cpu=on rd.luks.options=discard ignition.firstboot ignition.platform.id=metal
                boot
                """.formatted(images, infraEnv.id, arch, version);
    }

    static String kubeconfig(Cluster cluster) {
        return """
                apiVersion: v1
                kind: Config
                clusters:
                - name: %1$s
                  cluster:
                    server: https://api.%2$s:6443
                contexts:
                - name: admin
                  context: {cluster: %1$s, user: admin}
                current-context: admin
                users:
                - name: admin
                  user: {}
                """.formatted(cluster.definition.name(), cluster.definition.domain());
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
