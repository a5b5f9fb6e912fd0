package io.assistedswarm.protocol;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** {@code AUTH_TYPE} of the service under test (assisted-service, pkg/auth/authenticator.go). */
public enum AuthMode {
    /** Agents find their token where there is one, and users say nothing of themselves. */
    UNSAID,
    NONE,
    /** Agents have tokens of their InfraEnvs; users are refused, they have custom resources. */
    LOCAL,
    /** Agents are known by a part of the pull secret, users sign on. */
    RHSSO,
    /** Agents and users have tokens that were made before. */
    AGENT_INSTALLER_LOCAL;

    /** As the service spells it. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public static Optional<AuthMode> named(String name) {
        return known().stream().filter(mode -> mode.wireName().equals(name)).findFirst();
    }

    /** Those that can be said. */
    public static List<AuthMode> known() {
        return Arrays.stream(values()).filter(mode -> mode != UNSAID).toList();
    }
}
