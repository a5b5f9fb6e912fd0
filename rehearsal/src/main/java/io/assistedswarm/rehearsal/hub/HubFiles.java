package io.assistedswarm.rehearsal.hub;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.assistedswarm.rehearsal.kube.KubeApiServer;
import io.assistedswarm.rehearsal.service.ServiceSettings;
import io.assistedswarm.rehearsal.service.auth.AuthType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a user of the hub needs to have on disk, all in one folder. */
record HubFiles(Path kubeconfig, Path serviceConfig) {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
    private static final String OWNER_ONLY = "rw-------";
    private static final String READABLE = "rw-r--r--";

    /** @param authority of the service's certificate */
    static HubFiles write(
            RehearsalHub.Options options, ServiceSettings settings, Optional<Path> authority, KubeApiServer kube)
            throws IOException {
        Path directory = options.directory();
        Files.createDirectories(directory);
        Path kubeconfig = kubeconfig(options);
        Path serviceConfig = directory.resolve("service-config.yaml");
        kube.writeKubeconfig(kubeconfig);
        for (var secret : HubSecrets.files(settings.credentials()).entrySet()) {
            String text =
                    secret.getValue() instanceof String token ? token : JSON.writeValueAsString(secret.getValue());
            write(directory.resolve(secret.getKey()), OWNER_ONLY, text);
        }
        // JSON is YAML: whoever reads the file may have written it by hand.
        write(
                serviceConfig,
                READABLE,
                JSON.writeValueAsString(serviceConfig(settings, authority, exec(StandInCommand.prepare(options)))));
        Map<String, Object> hollow = serviceConfig(settings, authority, hollow(options));
        write(directory.resolve("service-config-hollow.yaml"), READABLE, JSON.writeValueAsString(hollow));
        List<Map<String, Object>> users = HubSecrets.users(settings.credentials());
        if (!users.isEmpty()) {
            write(
                    directory.resolve("service-config-users.yaml"),
                    READABLE,
                    JSON.writeValueAsString(shared(hollow, users)));
        }
        // Last, for who waits for it expects the others.
        write(
                directory.resolve("hub.json"),
                READABLE,
                JSON.writeValueAsString(
                        Map.of("service", settings.url(), "kubeApi", kube.url().toString())));
        return new HubFiles(kubeconfig, serviceConfig);
    }

    static Path kubeconfig(RehearsalHub.Options options) {
        return options.directory().resolve("kubeconfig");
    }

    private static Map<String, Object> exec(StandInCommand standIn) {
        Map<String, Object> exec = new LinkedHashMap<>();
        exec.put("agent", Map.of("command", standIn.agent(), "environment", standIn.environment()));
        exec.put("controller", Map.of("command", standIn.controller(), "environment", standIn.environment()));
        return Map.of("exec", exec);
    }

    /** Without processes: the worker plays the hosts itself. */
    private static Map<String, Object> hollow(RehearsalHub.Options options) {
        return Map.of("hollow", Map.of("timeScale", options.scale().factor()));
    }

    private static Map<String, Object> serviceConfig(
            ServiceSettings settings, Optional<Path> authority, Map<String, Object> runtime) {
        Map<String, Object> spec = new LinkedHashMap<>();
        spec.put("serviceEndpoint", settings.url());
        spec.put("sshPublicKey", "ecdsa-sha2-nistp256 AAAA swarm@rehearsal");
        spec.put("pullSecretFile", HubSecrets.PULL_SECRET);
        spec.put("releaseImage", "quay.io/openshift-release-dev/ocp-release:4.18.52-x86_64");
        spec.put("openshiftVersion", "4.18");
        spec.put("baseDomain", "redhat.com");
        spec.put("insecure", false);
        spec.put("caFile", authority.map(Path::toString).orElse(""));
        AuthType type = settings.variables().authType();
        if (type != AuthType.NONE) {
            spec.put("auth", HubSecrets.section(type, settings.url(), authority));
        }
        if (type == AuthType.LOCAL) {
            // Then the service tells a user nothing of its images.
            spec.put("agentImage", ServiceSettings.Images.DEFAULT.agent());
        }
        spec.put("runtime", runtime);
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("apiVersion", "assistedswarm.io/v1alpha1");
        config.put("kind", "ServiceConfig");
        config.put("spec", spec);
        return config;
    }

    /** The same for several users instead of one. */
    private static ObjectNode shared(Map<String, Object> config, List<Map<String, Object>> users) {
        ObjectNode shared = JSON.valueToTree(config);
        ObjectNode spec = (ObjectNode) shared.get("spec");
        spec.remove("pullSecretFile");
        ((ObjectNode) spec.get("auth")).remove(HubSecrets.OFFLINE_TOKEN_FILE);
        spec.set("users", JSON.valueToTree(users));
        return shared;
    }

    /** Whole or not at all: readers never see half a file. */
    private static void write(Path file, String permissions, String text) throws IOException {
        Path fresh = Files.createTempFile(
                file.getParent(),
                "." + file.getFileName(),
                ".new",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(OWNER_ONLY)));
        Files.writeString(fresh, text + "\n");
        Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString(permissions));
        Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }
}
