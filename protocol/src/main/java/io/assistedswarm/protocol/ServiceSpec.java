package io.assistedswarm.protocol;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;
import java.util.Optional;

/**
 * The service under test and what its clusters are made of.
 *
 * @param url base URL without {@code /api/assisted-install}, as the agent's {@code --url} takes it
 * @param insecure do not check the service's certificate
 * @param caFile path of a CA bundle on the workers; empty for none
 * @param pullSecret the pull secret's JSON
 * @param releaseImage of the ClusterImageSet
 * @param openshiftVersion major.minor, from the release image's tag unless configured
 * @param agentImage {@code discovery-agent} of the service's component versions: what {@code --agent-version} must say
 * @param flow null, as in what earlier versions recorded, for unsaid
 * @param auth null, as there, for unsaid
 */
public record ServiceSpec(
        String url,
        boolean insecure,
        String caFile,
        String sshPublicKey,
        Secret pullSecret,
        String releaseImage,
        String openshiftVersion,
        String baseDomain,
        String agentImage,
        BareMetalFlow flow,
        AuthSpec auth) {
    /** Of the pull secret, by which the service with {@code AUTH_TYPE=rhsso} knows agents. */
    public static final String CLOUD = "cloud.openshift.com";

    /** An agent must bring something, also where nobody looks at it. */
    private static final Secret ANYTHING = new Secret("unauthenticated");

    private static final JsonMapper JSON = new JsonMapper();

    public ServiceSpec {
        flow = flow == null ? BareMetalFlow.UNSAID : flow;
        auth = auth == null ? AuthSpec.UNSAID : auth;
    }

    public ServiceSpec(
            String url,
            boolean insecure,
            String caFile,
            String sshPublicKey,
            Secret pullSecret,
            String releaseImage,
            String openshiftVersion,
            String baseDomain,
            String agentImage) {
        this(
                url,
                insecure,
                caFile,
                sshPublicKey,
                pullSecret,
                releaseImage,
                openshiftVersion,
                baseDomain,
                agentImage,
                BareMetalFlow.UNSAID,
                AuthSpec.UNSAID);
    }

    public ServiceSpec withAgentImage(String image) {
        return new ServiceSpec(
                url,
                insecure,
                caFile,
                sshPublicKey,
                pullSecret,
                releaseImage,
                openshiftVersion,
                baseDomain,
                image,
                flow,
                auth);
    }

    public ServiceSpec withFlow(BareMetalFlow other) {
        return new ServiceSpec(
                url,
                insecure,
                caFile,
                sshPublicKey,
                pullSecret,
                releaseImage,
                openshiftVersion,
                baseDomain,
                agentImage,
                other,
                auth);
    }

    public ServiceSpec withAuth(AuthSpec other) {
        return new ServiceSpec(
                url,
                insecure,
                caFile,
                sshPublicKey,
                pullSecret,
                releaseImage,
                openshiftVersion,
                baseDomain,
                agentImage,
                flow,
                other);
    }

    public ServiceSpec withPullSecret(Secret other) {
        return new ServiceSpec(
                url,
                insecure,
                caFile,
                sshPublicKey,
                other,
                releaseImage,
                openshiftVersion,
                baseDomain,
                agentImage,
                flow,
                auth);
    }

    /** The same shared by several users; what belongs to no cluster is the first one's. */
    public ServiceSpec sharedBy(List<ServiceUser> users) {
        return withPullSecret(users.getFirst().pullSecret()).withAuth(auth.sharedBy(users));
    }

    /** As one of its users sees it. */
    public ServiceSpec as(ServiceUser user) {
        return withPullSecret(user.pullSecret()).withAuth(auth.as(user));
    }

    /** As the cluster's user sees it. */
    public ServiceSpec of(ClusterId cluster) {
        return shares().userOf(cluster).map(this::as).orElse(this);
    }

    /** As each of its users sees it; one where nobody is told apart. */
    public List<ServiceSpec> perUser() {
        return auth.users().isEmpty()
                ? List.of(this)
                : auth.users().stream().map(this::as).toList();
    }

    /** Whose the clusters are. */
    public UserShares shares() {
        return new UserShares(auth.users());
    }

    /**
     * What agents and controllers bring ({@code X-Secret-Key}), where an InfraEnv's addresses have no token of its own. Never the whole
     * pull secret: with {@code rhsso} the service wants the one entry of it that is for itself, unmodified.
     */
    public Secret agentToken() {
        return switch (auth.mode()) {
            case AGENT_INSTALLER_LOCAL -> auth.agentToken();
            case UNSAID, NONE, LOCAL, RHSSO -> cloudToken().orElse(ANYTHING);
        };
    }

    /** The pull secret's entry for the service itself, if it has one. */
    public Optional<Secret> cloudToken() {
        return cloudToken(pullSecret);
    }

    /** Likewise, a pull secret's. */
    public static Optional<Secret> cloudToken(Secret pullSecret) {
        try {
            return Optional.of(JSON.readTree(pullSecret.reveal())
                            .path("auths")
                            .path(CLOUD)
                            .path("auth")
                            .asText(""))
                    .filter(token -> !token.isEmpty())
                    .map(Secret::new);
        } catch (JsonProcessingException e) {
            // Whoever read the file has said so; another client's nonsense has no entry.
            return Optional.empty();
        }
    }
}
