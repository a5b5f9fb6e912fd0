package io.assistedswarm.rehearsal.service.auth;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** {@code AUTH_TYPE} of the service (assisted-service, pkg/auth/authenticator.go). */
public enum AuthType {
    NONE,
    /** An operator's default: agents have tokens that the service signs, users have custom resources. */
    LOCAL,
    /** A SaaS: users sign on, agents are known by their pull secret. */
    RHSSO,
    /** The agent-based installer's: three tokens, made before. */
    AGENT_INSTALLER_LOCAL;

    /** @throws IllegalArgumentException naming those that there are */
    public static AuthType named(String name) {
        return Arrays.stream(values())
                .filter(type -> type.wireName().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("AUTH_TYPE must be one of "
                        + Arrays.stream(values()).map(AuthType::wireName).collect(Collectors.joining(", ")) + ", not '"
                        + name + "'"));
    }

    public String wireName() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
