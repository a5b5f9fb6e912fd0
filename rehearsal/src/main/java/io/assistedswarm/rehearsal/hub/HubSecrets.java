package io.assistedswarm.rehearsal.hub;

import io.assistedswarm.rehearsal.service.PullSecret;
import io.assistedswarm.rehearsal.service.auth.AuthType;
import io.assistedswarm.rehearsal.service.auth.Credentials;
import io.assistedswarm.rehearsal.service.auth.SchemeTokens;
import io.assistedswarm.rehearsal.service.auth.SsoTokens;
import io.assistedswarm.rehearsal.service.rest.RestApi;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What a user must have to call the hub's service: pull secrets and tokens, and how the service config names their files. */
final class HubSecrets {
    private static final String OFFLINE_TOKEN = "offline-token";

    private HubSecrets() {}

    /** @param account of a service that knows accounts */
    static Map<String, Object> pullSecret(Credentials credentials, int account) {
        Map<String, Object> auths = new TreeMap<>();
        auths.put("quay.io", entry(base64("rehearsal:rehearsal")));
        if (credentials instanceof SsoTokens sso) {
            auths.put(PullSecret.CLOUD, entry(sso.accounts().get(account).agentAuth()));
        }
        return Map.of("auths", auths);
    }

    private static Map<String, Object> entry(String auth) {
        return Map.of("auth", auth, "email", "rehearsal@example.com");
    }

    /** Names and contents, of the first account. */
    static Map<String, String> files(Credentials credentials) {
        Map<String, String> files = new TreeMap<>();
        if (credentials instanceof SsoTokens sso) {
            files.put(OFFLINE_TOKEN, sso.accounts().getFirst().offlineToken());
        }
        if (credentials instanceof SchemeTokens tokens) {
            for (SchemeTokens.Role role : SchemeTokens.Role.values()) {
                files.put(file(role), tokens.token(role));
            }
        }
        return files;
    }

    private static String file(SchemeTokens.Role role) {
        return role.name().toLowerCase(Locale.ROOT) + "-token";
    }

    /** {@code spec.auth} of the service config. */
    static Map<String, Object> section(AuthType type, String serviceUrl, Optional<Path> authority) {
        Map<String, Object> auth = new LinkedHashMap<>();
        auth.put("type", type.wireName());
        if (type == AuthType.RHSSO) {
            auth.put("offlineTokenFile", OFFLINE_TOKEN);
            auth.put("tokenUrl", serviceUrl + RestApi.TOKEN_PATH);
            auth.put("clientId", SsoTokens.CLIENT);
            authority.ifPresent(file -> auth.put("caFile", file.toString()));
        }
        if (type == AuthType.AGENT_INSTALLER_LOCAL) {
            for (SchemeTokens.Role role : SchemeTokens.Role.values()) {
                auth.put(role.name().toLowerCase(Locale.ROOT) + "TokenFile", file(role));
            }
        }
        return auth;
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
