package io.assistedswarm.protocol;

import java.util.List;
import java.util.Map;

/**
 * How the service knows who calls it, and what we bring. What a mode has no use for is empty.
 *
 * @param offlineToken of {@code rhsso}: for which the sign-on gives access tokens
 * @param tokenUrl of {@code rhsso}: the sign-on's token endpoint
 * @param clientId of {@code rhsso}: whose the offline token is
 * @param caFile of {@code rhsso}: path of a CA bundle, on workers and coordinator, for the sign-on; empty for the JDK's
 * @param userToken of {@code agent-installer-local}
 * @param agentToken of {@code agent-installer-local}
 * @param watcherToken of {@code agent-installer-local}: of who only reads, such as the service's events; may be missing, for the user may, too
 * @param users who share the clusters; empty, or null as in what earlier versions recorded, where there is but one
 */
public record AuthSpec(
        AuthMode mode,
        Secret offlineToken,
        String tokenUrl,
        String clientId,
        String caFile,
        Secret userToken,
        Secret agentToken,
        Secret watcherToken,
        List<ServiceUser> users) {
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
        users = users == null ? List.of() : List.copyOf(users);
    }

    /** A mode that needs nothing more. */
    public static AuthSpec of(AuthMode mode) {
        return new AuthSpec(mode, NOTHING, "", "", "", NOTHING, NOTHING, NOTHING, List.of());
    }

    public static AuthSpec rhsso(Secret offlineToken, String tokenUrl, String clientId, String caFile) {
        return new AuthSpec(
                AuthMode.RHSSO, offlineToken, tokenUrl, clientId, caFile, NOTHING, NOTHING, NOTHING, List.of());
    }

    public static AuthSpec agentInstallerLocal(Secret userToken, Secret agentToken, Secret watcherToken) {
        return new AuthSpec(
                AuthMode.AGENT_INSTALLER_LOCAL, NOTHING, "", "", "", userToken, agentToken, watcherToken, List.of());
    }

    /** What is brought by who only reads what a watcher may, and has no user's side of the service; empty where it has no use. */
    public Map<String, String> readersHeaders() {
        if (!watcherToken.reveal().isEmpty()) {
            return Map.of("Watcher-Authorization", watcherToken.reveal());
        }
        return userToken.reveal().isEmpty() ? Map.of() : ReadyToken.headers(userToken);
    }

    /** For a record that others may read. */
    public AuthSpec withoutSecrets() {
        return new AuthSpec(
                mode,
                NOTHING,
                tokenUrl,
                clientId,
                caFile,
                NOTHING,
                NOTHING,
                NOTHING,
                users.stream().map(ServiceUser::withoutSecrets).toList());
    }

    /** The same shared by several; what belongs to no cluster is the first one's. */
    AuthSpec sharedBy(List<ServiceUser> several) {
        return of(several.getFirst(), several);
    }

    /** What one of the users brings. */
    AuthSpec as(ServiceUser user) {
        return of(user, List.of());
    }

    private AuthSpec of(ServiceUser user, List<ServiceUser> several) {
        return new AuthSpec(
                mode, user.offlineToken(), tokenUrl, clientId, caFile, userToken, agentToken, watcherToken, several);
    }

    /** Of what a request brings; not who else there is. */
    AuthSpec ofOne() {
        return users.isEmpty() ? this : as(users.getFirst());
    }
}
