package io.assistedswarm.agent;

/** A host as the service's paths name it. */
public record HostAddress(String infraEnv, String host) {
    public String path() {
        return "/v2/infra-envs/" + infraEnv + "/hosts/" + host;
    }
}
