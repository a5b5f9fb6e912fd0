package io.assistedswarm.protocol;

import java.util.Arrays;
import java.util.Optional;

/**
 * How what a swarm creates by the service's REST API is told from what others have there: the service keeps tags with a cluster, and
 * nothing but a name with an infra-env.
 */
public final class RestMarks {
    private static final String TAG = "assisted_swarm_";
    private static final String INFRA_ENV = "_assisted-swarm";

    private RestMarks() {}

    /**
     * Of each cluster of the swarm. The service takes letters, digits and underscores (assisted-service, pkg/validations, IsValidTag),
     * and an id has no underscore of its own.
     */
    public static String tag(SwarmId swarm) {
        return TAG + swarm.value().replace('-', '_');
    }

    /** The swarm that a cluster belongs to by its tags; empty for somebody else's. */
    public static Optional<SwarmId> swarmOfTags(String tags) {
        return Arrays.stream(tags.split(","))
                .filter(tag -> tag.startsWith(TAG))
                .map(tag -> tag.substring(TAG.length()).replace('_', '-'))
                .filter(SwarmId::isValid)
                .map(SwarmId::new)
                .findFirst();
    }

    public static String infraEnvName(ClusterId cluster) {
        return cluster.name() + INFRA_ENV;
    }

    /** The cluster that an infra-env is for by its name; empty for somebody else's. */
    public static Optional<ClusterId> clusterOfInfraEnv(String name) {
        return name.endsWith(INFRA_ENV)
                ? ClusterId.parse(name.substring(0, name.length() - INFRA_ENV.length()))
                : Optional.empty();
    }

    /** The cluster by its name and tags, which must agree; empty for somebody else's. */
    public static Optional<ClusterId> cluster(String name, String tags) {
        return ClusterId.parse(name).filter(cluster -> swarmOfTags(tags).equals(Optional.of(cluster.swarm())));
    }
}
