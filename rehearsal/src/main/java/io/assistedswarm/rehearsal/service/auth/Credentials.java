package io.assistedswarm.rehearsal.service.auth;

import java.util.UUID;

/** What the service hands out so that others may call it. */
public sealed interface Credentials permits NoCredentials, LocalTokens {
    static Credentials of(AuthType type) {
        return switch (type) {
            case NONE -> NoCredentials.INSTANCE;
            case LOCAL -> new LocalTokens();
        };
    }

    /** For {@code X-Secret-Key} of the agents that boot from the infra-env's image; may be empty. */
    String ofAgents(UUID infraEnv);

    /** The URL of something that belongs to the infra-env, so that whoever has it may read that. */
    String signedForInfraEnv(String url, UUID infraEnv);

    String signedForCluster(String url, UUID cluster);

    /** How an image's URL names its infra-env: a kind, a slash and an id or a token. */
    String imageKey(UUID infraEnv);
}
