package io.assistedswarm.protocol;

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
        BareMetalFlow flow) {
    public ServiceSpec {
        flow = flow == null ? BareMetalFlow.UNSAID : flow;
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
                BareMetalFlow.UNSAID);
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
                flow);
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
                other);
    }
}
