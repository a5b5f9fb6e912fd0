package io.assistedswarm.protocol;

/**
 * How the service knows who calls it, and what we bring. What a mode has no use for is empty.
 *
 * @param offlineToken of {@code rhsso}: for which the sign-on gives access tokens
 * @param tokenUrl of {@code rhsso}: the sign-on's token endpoint
 * @param clientId of {@code rhsso}: whose the offline token is
 * @param caFile of {@code rhsso}: path of a CA bundle, on workers and coordinator, for the sign-on; empty for the JDK's
 * @param userToken of {@code agent-installer-local}
 * @param agentToken of {@code agent-installer-local}
 * @param watcherToken of {@code agent-installer-local}; nothing calls as a watcher yet
 */
public record AuthSpec(
        AuthMode mode,
        Secret offlineToken,
        String tokenUrl,
        String clientId,
        String caFile,
        Secret userToken,
        Secret agentToken,
        Secret watcherToken) {
    private static final Secret NOTHING = new Secret("");
    public static final AuthSpec UNSAID = of(AuthMode.UNSAID);

    public AuthSpec {
        mode = mode == null ? AuthMode.UNSAID : mode;
        offlineToken = offlineToken == null ? NOTHING : offlineToken;
        tokenUrl = tokenUrl == null ? "" : tokenUrl;
        clientId = clientId == null ? "" : clientId;
        caFile = caFile == null ? "" : caFile;
        userToken = userToken == null ? NOTHING : userToken;
        agentToken = agentToken == null ? NOTHING : agentToken;
        watcherToken = watcherToken == null ? NOTHING : watcherToken;
    }

    /** A mode that needs nothing more. */
    public static AuthSpec of(AuthMode mode) {
        return new AuthSpec(mode, NOTHING, "", "", "", NOTHING, NOTHING, NOTHING);
    }

    public static AuthSpec rhsso(Secret offlineToken, String tokenUrl, String clientId, String caFile) {
        return new AuthSpec(AuthMode.RHSSO, offlineToken, tokenUrl, clientId, caFile, NOTHING, NOTHING, NOTHING);
    }

    public static AuthSpec agentInstallerLocal(Secret userToken, Secret agentToken, Secret watcherToken) {
        return new AuthSpec(AuthMode.AGENT_INSTALLER_LOCAL, NOTHING, "", "", "", userToken, agentToken, watcherToken);
    }

    /** For a record that others may read. */
    public AuthSpec withoutSecrets() {
        return new AuthSpec(mode, NOTHING, tokenUrl, clientId, caFile, NOTHING, NOTHING, NOTHING);
    }
}
