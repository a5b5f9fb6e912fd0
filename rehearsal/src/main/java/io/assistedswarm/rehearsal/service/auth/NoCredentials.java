package io.assistedswarm.rehearsal.service.auth;

import java.util.UUID;

/** {@code AUTH_TYPE=none}: nothing is signed. */
public enum NoCredentials implements Credentials {
    INSTANCE;

    @Override
    public String ofAgents(UUID infraEnv, String pullSecret) {
        return "";
    }

    @Override
    public String signedForInfraEnv(String url, UUID infraEnv) {
        return url;
    }

    @Override
    public String signedForCluster(String url, UUID cluster) {
        return url;
    }

    @Override
    public ImageKey imageKey(UUID infraEnv) {
        return ImageKey.byId(infraEnv);
    }
}
