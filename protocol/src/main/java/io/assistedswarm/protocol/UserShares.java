package io.assistedswarm.protocol;

import java.util.List;
import java.util.Optional;

/**
 * Whose each cluster is. It follows from the cluster's number and the users' weights alone, so that coordinator and workers need not
 * tell each other, and no restart changes it: the users take turns evenly, and of as many clusters as the sum of the weights, or a
 * multiple of it, each has exactly his share.
 */
public final class UserShares {
    private final List<ServiceUser> users;

    /** Index of the user of each cluster; then it begins again. */
    private final int[] turns;

    /** @param users with weights above 0; none where nobody is told apart */
    public UserShares(List<ServiceUser> users) {
        this.users = List.copyOf(users);
        this.turns = turns(this.users);
    }

    /** Smooth weighted round robin: each turn all are given their weights, and who has most pays for the turn. */
    private static int[] turns(List<ServiceUser> users) {
        int sum = users.stream().mapToInt(ServiceUser::weight).sum();
        int[] turns = new int[sum];
        int[] credits = new int[users.size()];
        for (int turn = 0; turn < sum; turn++) {
            int richest = 0;
            for (int user = 0; user < credits.length; user++) {
                credits[user] += users.get(user).weight();
                richest = credits[user] > credits[richest] ? user : richest;
            }
            credits[richest] -= sum;
            turns[turn] = richest;
        }
        return turns;
    }

    /** Empty where nobody is told apart. */
    public Optional<ServiceUser> userOf(ClusterId cluster) {
        return users.isEmpty() ? Optional.empty() : Optional.of(users.get(turns[cluster.index() % turns.length]));
    }

    /** Likewise; his name, or nothing. */
    public String nameOf(ClusterId cluster) {
        return userOf(cluster).map(ServiceUser::name).orElse("");
    }
}
