package io.assistedswarm.protocol;

/**
 * One of several users in whose names a swarm's clusters are made, as a SaaS has them.
 *
 * @param name of his in the plan's files, and in reports; nothing that the service knows
 * @param weight his share of the clusters, to be read against the sum of all weights
 * @param pullSecret his pull secret's JSON
 * @param offlineToken of {@code rhsso}; empty in other modes
 */
public record ServiceUser(String name, int weight, Secret pullSecret, Secret offlineToken) {
    private static final Secret NOTHING = new Secret("");

    public static final int MOST_USERS = 100;
    public static final int HEAVIEST = 100;

    public ServiceUser {
        pullSecret = pullSecret == null ? NOTHING : pullSecret;
        offlineToken = offlineToken == null ? NOTHING : offlineToken;
    }

    /** For a record that others may read. */
    ServiceUser withoutSecrets() {
        return new ServiceUser(name, weight, NOTHING, NOTHING);
    }
}
