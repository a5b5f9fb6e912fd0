package io.assistedswarm.rehearsal.service.auth;

import io.assistedswarm.rehearsal.service.TimeScale;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** What the service hands out so that others may call it. */
public sealed interface Credentials permits NoCredentials, LocalTokens, SsoTokens, SchemeTokens {
    /**
     * How long tokens live that end.
     *
     * @param user an access token, or each of the three of {@code agent-installer-local}; empty for as long as is usual there
     * @param image in an image's URL ({@code IMAGE_EXPIRATION_TIME})
     */
    record Lives(Optional<Duration> user, Duration image) {
        public static final Lives USUAL = new Lives(Optional.empty(), Duration.ofHours(4));

        /** A sign-on is none of the service: its tokens live as long as they do. */
        public Lives scaled(TimeScale scale) {
            return new Lives(user, scale.of(image));
        }
    }

    static Credentials of(AuthType type, Lives lives, Clock clock) {
        return switch (type) {
            case NONE -> NoCredentials.INSTANCE;
            case LOCAL -> new LocalTokens();
            case RHSSO -> new SsoTokens(lives, clock);
            case AGENT_INSTALLER_LOCAL -> new SchemeTokens(clock, lives.user());
        };
    }

    /** For {@code X-Secret-Key} of the agents that boot from the infra-env's image; may be empty. */
    String ofAgents(UUID infraEnv, String pullSecret);

    /** The URL of something that belongs to the infra-env, so that whoever has it may read that. */
    String signedForInfraEnv(String url, UUID infraEnv);

    String signedForCluster(String url, UUID cluster);

    /** How an image's URL names its infra-env; one that ends is another each time. */
    ImageKey imageKey(UUID infraEnv);

    /**
     * A part of an image's URL.
     *
     * @param path a kind, a slash and an id or a token
     * @param end empty for none
     */
    record ImageKey(String path, Optional<Instant> end) {
        static ImageKey byId(UUID infraEnv) {
            return new ImageKey("byid/" + infraEnv, Optional.empty());
        }
    }
}
