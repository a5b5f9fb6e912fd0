package io.assistedswarm.rehearsal.service.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.assistedswarm.rehearsal.service.Json;
import io.assistedswarm.rehearsal.service.auth.SsoTokens;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;

/** A single sign-on beside the service, at paths as the real one has them: its keys, and access tokens for offline tokens (RFC 6749, 6). */
final class SignOnCalls {
    /** Where it is on the service's port. */
    static final String REALM = "/auth/realms/redhat-external/protocol/openid-connect";

    private static final Pattern AND = Pattern.compile("&");
    private static final Pattern EQUALS = Pattern.compile("=");
    private final SsoTokens tokens;
    private final AtomicLong given = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();

    SignOnCalls(SsoTokens tokens) {
        this.tokens = tokens;
    }

    void addTo(Router router) {
        router.add("GET", REALM + "/certs", Access.PUBLIC, call -> Answer.json(200, tokens.keys()))
                .add("POST", REALM + "/token", Access.PUBLIC, this::token)
                .add("GET", "/rehearsal/sign-on", Access.PUBLIC, call -> counted());
    }

    /** How often it was asked, for who wants to know what authentication costs. */
    private Answer counted() {
        return Answer.json(
                200, Json.LENIENT.createObjectNode().put("given", given.get()).put("refused", refused.get()));
    }

    private Answer token(Call call) {
        Map<String, String> form = form(call.text());
        if (tokens.isDown()) {
            return refuse(503, "temporarily_unavailable", "trouble by plan");
        }
        if (!SsoTokens.CLIENT.equals(form.get("client_id"))) {
            return refuse(401, "invalid_client", "Invalid client or Invalid client credentials");
        }
        if (!"refresh_token".equals(form.get("grant_type"))) {
            return refuse(400, "unsupported_grant_type", "Unsupported grant_type");
        }
        Optional<String> token = tokens.exchange(form.getOrDefault("refresh_token", ""));
        if (token.isEmpty()) {
            return refuse(400, "invalid_grant", "Offline user session not found");
        }
        given.incrementAndGet();
        ObjectNode json = Json.LENIENT.createObjectNode();
        json.put("access_token", token.get());
        json.put("expires_in", tokens.life().toSeconds());
        json.put("refresh_expires_in", 0);
        json.put("refresh_token", form.get("refresh_token"));
        json.put("token_type", "bearer");
        json.put("not-before-policy", 0);
        json.put("scope", "openid offline_access");
        return Answer.json(200, json);
    }

    private Answer refuse(int status, String error, String description) {
        refused.incrementAndGet();
        return Answer.json(
                status, Json.LENIENT.createObjectNode().put("error", error).put("error_description", description));
    }

    private static Map<String, String> form(String body) {
        Map<String, String> form = new HashMap<>();
        for (String pair : AND.split(body)) {
            String[] parts = EQUALS.split(pair, 2);
            form.put(decoded(parts[0]), parts.length < 2 ? "" : decoded(parts[1]));
        }
        return form;
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }
}
