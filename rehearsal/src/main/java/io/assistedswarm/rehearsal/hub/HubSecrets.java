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
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What a user must have to call the hub's service: pull secrets and tokens, and how the service config names their files. */
final class HubSecrets {
    static final String PULL_SECRET = "pull-secret.json";
    static final String OFFLINE_TOKEN_FILE = "offlineTokenFile";
    private static final String OFFLINE_TOKEN = "offline-token";

    private HubSecrets() {}

    /** @param account of a service that knows accounts */
    private static Map<String, Object> pullSecret(Credentials credentials, int account) {
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

    /** Names and contents, of the first account; of a service that knows accounts, of all of them. */
    static Map<String, Object> files(Credentials credentials) {
        Map<String, Object> files = new TreeMap<>();
        files.put(PULL_SECRET, pullSecret(credentials, 0));
        if (credentials instanceof SsoTokens sso) {
            files.put(OFFLINE_TOKEN, sso.accounts().getFirst().offlineToken());
            for (int i = 1; i < sso.accounts().size(); i++) {
                SsoTokens.Account account = sso.accounts().get(i);
                files.put(account.user() + "-" + PULL_SECRET, pullSecret(credentials, i));
                files.put(account.user() + "-" + OFFLINE_TOKEN, account.offlineToken());
            }
        }
        if (credentials instanceof SchemeTokens tokens) {
            for (SchemeTokens.Role role : SchemeTokens.Role.values()) {
                files.put(file(role), tokens.token(role));
            }
        }
        return files;
    }

    /** {@code spec.users} of a service config that the first two accounts share, two to one; empty where there are no accounts. */
    static List<Map<String, Object>> users(Credentials credentials) {
        if (!(credentials instanceof SsoTokens sso)) {
            return List.of();
        }
        String other = sso.accounts().get(1).user();
        return List.of(user(sso.accounts().getFirst().user(), 2, ""), user(other, 1, other + "-"));
    }

    private static Map<String, Object> user(String name, int weight, String prefix) {
        Map<String, Object> user = new LinkedHashMap<>();
        user.put("name", name);
        user.put("weight", weight);
        user.put("pullSecretFile", prefix + PULL_SECRET);
        user.put(OFFLINE_TOKEN_FILE, prefix + OFFLINE_TOKEN);
        return user;
    }

    private static String file(SchemeTokens.Role role) {
        return role.name().toLowerCase(Locale.ROOT) + "-token";
    }

    /** {@code spec.auth} of the service config. */
    static Map<String, Object> section(AuthType type, String serviceUrl, Optional<Path> authority) {
        Map<String, Object> auth = new LinkedHashMap<>();
        auth.put("type", type.wireName());
        if (type == AuthType.RHSSO) {
            auth.put(OFFLINE_TOKEN_FILE, OFFLINE_TOKEN);
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
