package io.assistedswarm.rehearsal.service.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.assistedswarm.rehearsal.service.ClusterDesk;
import io.assistedswarm.rehearsal.service.Json;
import io.assistedswarm.rehearsal.service.Refusal;
import io.assistedswarm.rehearsal.service.model.Cluster;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * The manifests that a user wants a cluster to be installed with (assisted-service, internal/manifests/manifests.go): checked each by itself,
 * and the later of one name replaces the earlier.
 */
final class UserManifests {
    private static final List<String> FOLDERS = List.of("manifests", "openshift");
    private static final String NAME = "^[^\\/]*\\.(json|ya?ml(\\.patch_?[a-zA-Z0-9_]*)?)$";
    private static final Pattern FILE = Pattern.compile(NAME);
    private static final int MOST_BYTES = 1024 * 1024;

    private final ClusterDesk desk;

    UserManifests(ClusterDesk desk) {
        this.desk = desk;
    }

    void addTo(Router router) {
        String manifests = "/v2/clusters/{cluster_id}/manifests";
        router.add("POST", manifests, Access.USER, this::create).add("GET", manifests, Access.USER, this::list);
    }

    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    record Create(String folder, String fileName, String content) {
        Create {
            ClusterParams.required("file_name", fileName);
            ClusterParams.required("content", content);
            ClusterParams.oneOf("folder", folder, FOLDERS);
        }
    }

    private Answer create(Call call) {
        Create params = call.json("CreateManifestParams", Create.class);
        if (!FILE.matcher(params.fileName()).matches()) {
            throw Refusal.invalid("file_name in body should match '" + NAME + "'");
        }
        Cluster cluster = desk.cluster(call.id("cluster_id"));
        String folder = params.folder() == null ? "manifests" : params.folder();
        requireName(cluster, params.fileName());
        byte[] content = decoded(cluster, params);
        requireContent(cluster, params.fileName(), content);
        cluster.lockedRun(() -> {
            if (cluster.manifests.containsKey(other(folder) + "/" + params.fileName())) {
                throw Refusal.badRequest(
                        "manifest file %s for cluster ID %s in folder %s cannot be uploaded as it is not distinct between {manifest, openshift} folders"
                                .formatted(params.fileName(), cluster.id, folder));
            }
            cluster.manifests.put(folder + "/" + params.fileName(), content);
        });
        return Answer.json(201, json(folder, params.fileName()));
    }

    private static void requireName(Cluster cluster, String name) {
        int dot = name.lastIndexOf('.');
        if (name.startsWith(".") || name.substring(0, dot).isBlank()) {
            throw Refusal.unprocessable(
                    "Cluster manifest %s for cluster %s has an invalid filename.".formatted(name, cluster.id));
        }
        if (name.contains(" ")) {
            throw Refusal.unprocessable("Cluster manifest %s for cluster %s should not include a space in its name."
                    .formatted(name, cluster.id));
        }
    }

    private static byte[] decoded(Cluster cluster, Create params) {
        if (params.content().isBlank()) {
            throw Refusal.badRequest(
                    "Manifest content of file %s for cluster ID %s is empty".formatted(params.fileName(), cluster.id));
        }
        try {
            return Base64.getDecoder().decode(params.content());
        } catch (IllegalArgumentException e) {
            throw Refusal.badRequest("failed to base64-decode cluster manifest content for cluster " + cluster.id);
        }
    }

    private static void requireContent(Cluster cluster, String name, byte[] content) {
        String of = "Manifest content of file %s for cluster ID %s ".formatted(name, cluster.id);
        if (content.length > MOST_BYTES) {
            throw Refusal.badRequest(of + "exceeds the maximum file size of 1MiB");
        }
        String text = new String(content, StandardCharsets.UTF_8);
        if (name.endsWith(".json")) {
            try {
                Json.STRICT.readTree(text);
            } catch (JsonProcessingException e) {
                throw Refusal.badRequest(of + "has an illegal JSON format");
            }
        } else {
            try {
                new Load(LoadSettings.builder().build()).loadAllFromString(text).forEach(document -> {});
            } catch (YamlEngineException e) {
                throw Refusal.badRequest(of + "has an invalid YAML format: " + e.getMessage());
            }
        }
    }

    private static String other(String folder) {
        return folder.equals("manifests") ? "openshift" : "manifests";
    }

    private Answer list(Call call) {
        Cluster cluster = desk.cluster(call.id("cluster_id"));
        ArrayNode list = Json.LENIENT.createArrayNode();
        cluster.lockedRun(() -> cluster.manifests.keySet().forEach(path -> {
            int slash = path.indexOf('/');
            list.add(json(path.substring(0, slash), path.substring(slash + 1)));
        }));
        return Answer.json(200, list);
    }

    private static ObjectNode json(String folder, String name) {
        return Json.LENIENT
                .createObjectNode()
                .put("file_name", name)
                .put("folder", folder)
                .put("manifest_source", "user");
    }
}
