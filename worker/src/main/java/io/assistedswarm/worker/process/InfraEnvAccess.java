package io.assistedswarm.worker.process;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.assistedswarm.protocol.Observations.InfraEnvState;
import io.assistedswarm.protocol.Secret;
import io.assistedswarm.protocol.ServiceSpec;
import java.io.IOException;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What an agent needs of its InfraEnv to speak with the service. The service does not say either one outright: they are in the
 * URLs of the InfraEnv's status (assisted-service, internal/imageservice/urls.go and
 * internal/controller/controllers/common.go).
 *
 * @param token for {@code X-Secret-Key}
 */
public record InfraEnvAccess(String infraEnvId, Secret token) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String UUID = "([0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})";
    private static final Pattern BY_ID = Pattern.compile("/byid/" + UUID);
    private static final Pattern ID_IN_QUERY = Pattern.compile("[?&]infra_env_id=" + UUID);
    private static final Pattern ID_IN_PATH = Pattern.compile("/infra-envs/" + UUID);
    private static final String TOKEN = "([\\w-]+\\.[\\w-]+\\.[\\w-]*)";
    /** With {@code AUTH_TYPE=local}: an agent's own token. */
    private static final Pattern JWT = Pattern.compile("(?:/byapikey/|[?&]api_key=)" + TOKEN);

    /** With {@code AUTH_TYPE=rhsso}: it opens the image only. */
    private static final Pattern IMAGE_TOKEN = Pattern.compile("/bytoken/" + TOKEN);

    /** Empty as long as the status does not tell the id. */
    public static Optional<InfraEnvAccess> of(InfraEnvState state, ServiceSpec service) {
        Optional<String> jwt = Stream.of(state.isoDownloadUrl(), state.discoveryIgnitionUrl(), state.eventsUrl())
                .flatMap(url -> first(JWT, url).stream())
                .findFirst();
        Secret token = jwt.map(Secret::new).orElseGet(service::agentToken);
        return first(BY_ID, state.isoDownloadUrl())
                .or(() -> first(ID_IN_QUERY, state.eventsUrl()))
                .or(() -> first(ID_IN_QUERY, state.discoveryIgnitionUrl()))
                .or(() -> first(ID_IN_PATH, state.discoveryIgnitionUrl()))
                .or(() ->
                        jwt.or(() -> first(IMAGE_TOKEN, state.isoDownloadUrl())).flatMap(InfraEnvAccess::idInPayload))
                .map(id -> new InfraEnvAccess(id, token));
    }

    private static Optional<String> first(Pattern pattern, String url) {
        Matcher matcher = pattern.matcher(url);
        return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    private static Optional<String> idInPayload(String jwt) {
        try {
            JsonNode payload = JSON.readTree(Base64.getUrlDecoder().decode(jwt.split("\\.", 3)[1]));
            return Stream.of("infra_env_id", "sub")
                    .map(claim -> payload.path(claim).asText(""))
                    .filter(id -> id.matches(UUID))
                    .findFirst();
        } catch (IOException | IllegalArgumentException e) {
            // Not a JWT after all: the id stays unknown, and describe says that it is awaited.
            return Optional.empty();
        }
    }
}
