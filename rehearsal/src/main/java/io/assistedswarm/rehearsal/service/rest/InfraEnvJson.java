package io.assistedswarm.rehearsal.service.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.assistedswarm.rehearsal.service.Json;
import io.assistedswarm.rehearsal.service.ServiceSettings;
import io.assistedswarm.rehearsal.service.auth.Credentials;
import io.assistedswarm.rehearsal.service.model.InfraEnv;

/** An infra-env as the REST API shows it. */
final class InfraEnvJson {
    private final ServiceSettings settings;

    InfraEnvJson(ServiceSettings settings) {
        this.settings = settings;
    }

    ObjectNode of(InfraEnv infraEnv) {
        return infraEnv.locked(() -> {
            ObjectNode fields = Json.LENIENT.createObjectNode();
            infraEnv.cluster.ifPresent(cluster -> fields.put("cluster_id", cluster.id.toString()));
            fields.put("cpu_architecture", infraEnv.cpuArchitecture);
            fields.put("created_at", Times.exact(infraEnv.createdAt));
            Credentials.ImageKey image = settings.credentials().imageKey(infraEnv.id);
            fields.put("download_url", InfraEnvCalls.imageUrl(settings, infraEnv, image));
            fields.put("email_domain", "Unknown");
            fields.put("expires_at", Times.millis(image.end()));
            fields.put("href", "/api/assisted-install/v2/infra-envs/" + infraEnv.id);
            fields.put("id", infraEnv.id.toString());
            fields.put("kind", "InfraEnv");
            fields.put("name", infraEnv.name);
            fields.put("openshift_version", infraEnv.openshiftVersion);
            fields.put("pull_secret_set", infraEnv.pullSecretSet);
            fields.put("ssh_authorized_key", infraEnv.sshKey);
            if (infraEnv.byRest() && infraEnv.hasStaticNetwork()) {
                fields.put("static_network_config", infraEnv.staticNetwork);
            }
            fields.put("type", infraEnv.imageType);
            fields.put("updated_at", Times.exact(infraEnv.updatedAt));
            fields.put("user_name", infraEnv.owner);
            return fields;
        });
    }
}
