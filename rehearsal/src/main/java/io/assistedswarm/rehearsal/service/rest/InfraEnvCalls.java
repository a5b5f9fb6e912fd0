package io.assistedswarm.rehearsal.service.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.assistedswarm.rehearsal.service.HostDesk;
import io.assistedswarm.rehearsal.service.Json;
import io.assistedswarm.rehearsal.service.Refusal;
import io.assistedswarm.rehearsal.service.ServiceSettings;
import io.assistedswarm.rehearsal.service.auth.Credentials;
import io.assistedswarm.rehearsal.service.auth.InvalidToken;
import io.assistedswarm.rehearsal.service.auth.LocalTokens;
import io.assistedswarm.rehearsal.service.auth.SsoTokens;
import io.assistedswarm.rehearsal.service.model.InfraEnv;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/** The infra-env's own calls, and the image service's, which lives under {@code /images}. */
final class InfraEnvCalls {
    private final ServiceSettings settings;
    private final HostDesk desk;
    private final Files files;
    private final InfraEnvJson json;

    InfraEnvCalls(ServiceSettings settings, HostDesk desk, Files files, InfraEnvJson json) {
        this.settings = settings;
        this.desk = desk;
        this.files = files;
        this.json = json;
    }

    void addTo(Router router) {
        String infraEnv = "/v2/infra-envs/{infra_env_id}";
        router.add("GET", infraEnv, Access.INFRA_ENV, this::show)
                .add("GET", infraEnv + "/downloads/files", Access.INFRA_ENV, this::file)
                .add("GET", infraEnv + "/downloads/image-url", Access.USER, this::imageUrl)
                .add("GET", "/images/byid/{infra_env_id}/{version}/{arch}/{file}", Access.IMAGE, this::image)
                .add("GET", "/images/byapikey/{api_key}/{version}/{arch}/{file}", Access.IMAGE, this::image)
                .add("GET", "/images/bytoken/{image_token}/{version}/{arch}/{file}", Access.IMAGE, this::image);
    }

    private Answer show(Call call) {
        return Answer.json(200, json.of(infraEnv(call)));
    }

    private Answer file(Call call) {
        InfraEnv infraEnv = infraEnv(call);
        String name = call.query("file_name").orElseThrow(() -> Refusal.invalid("file_name in query is required"));
        String content = infraEnv.locked(() -> switch (name) {
            case "discovery.ign" -> files.discoveryIgnition(infraEnv);
            case "ipxe-script" -> files.ipxeScript(infraEnv);
            case "static-network-config" -> infraEnv.staticNetwork;
            default -> throw Refusal.notFound("file", name);
        });
        return Answer.file(name, content.getBytes(StandardCharsets.UTF_8));
    }

    private Answer imageUrl(Call call) {
        InfraEnv infraEnv = infraEnv(call);
        ObjectNode json = Json.LENIENT.createObjectNode();
        Credentials.ImageKey key = settings.credentials().imageKey(infraEnv.id);
        json.put("expires_at", Times.millis(key.end()));
        json.put("url", imageUrl(settings, infraEnv, key));
        return Answer.json(200, json);
    }

    static String imageUrl(ServiceSettings settings, InfraEnv infraEnv) {
        return imageUrl(settings, infraEnv, settings.credentials().imageKey(infraEnv.id));
    }

    static String imageUrl(ServiceSettings settings, InfraEnv infraEnv, Credentials.ImageKey key) {
        return "%s/%s/%s/%s/%s"
                .formatted(
                        settings.imageServiceUrl(),
                        key.path(),
                        infraEnv.openshiftVersion,
                        infraEnv.cpuArchitecture,
                        infraEnv.imageType.replace('-', '.'));
    }

    /** Like the real image service, renders the discovery ignition for each image that it sends. */
    private Answer image(Call call) {
        InfraEnv infraEnv = call.path().containsKey("infra_env_id") ? infraEnv(call) : desk.infraEnv(idInKey(call));
        String name = call.path().get("file");
        if (!name.equals("full.iso") && !name.equals("minimal.iso")) {
            throw Refusal.notFound("image", name);
        }
        int ignition = infraEnv.locked(() -> files.discoveryIgnition(infraEnv)).length();
        return Answer.image(infraEnv.id + "-discovery.iso", Math.max(settings.isoBytes(), ignition));
    }

    private UUID idInKey(Call call) {
        try {
            if (settings.credentials() instanceof SsoTokens tokens
                    && call.path().containsKey("image_token")) {
                return tokens.infraEnv(call.path().get("image_token"));
            }
            if (settings.credentials() instanceof LocalTokens tokens
                    && call.path().containsKey("api_key")) {
                LocalTokens.Claim claim = tokens.claim(call.path().get("api_key"));
                if (claim.kind() == LocalTokens.Kind.INFRA_ENV) {
                    return claim.id();
                }
            }
            throw Refusal.badRequest("no infra-env's image");
        } catch (InvalidToken e) {
            throw new IllegalStateException("it has been let in", e);
        }
    }

    private InfraEnv infraEnv(Call call) {
        return desk.infraEnv(call.id("infra_env_id"));
    }
}
