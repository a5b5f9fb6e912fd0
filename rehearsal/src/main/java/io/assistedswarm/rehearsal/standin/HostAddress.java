package io.assistedswarm.rehearsal.standin;

/** A host as the service's paths name it. */
record HostAddress(String infraEnv, String host) {
    String path() {
        return "/v2/infra-envs/" + infraEnv + "/hosts/" + host;
    }
}
