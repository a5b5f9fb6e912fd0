package io.assistedswarm.coordinator.preflight;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What the service answers, mostly to who has no credentials.
 *
 * @param trouble why it could not be asked at all, such as a CA bundle that is none; empty when it could
 * @param asNobody to who brings an {@code Authorization} that is none, by which its mode shows
 * @param ahead how far its clock is ahead of the coordinator's, to about a second; empty when it did not say
 * @param users in the order of the service config
 */
record ServiceFacts(
        String trouble,
        Answer health,
        Answer ready,
        Answer componentVersions,
        Answer openshiftVersions,
        Optional<Duration> ahead,
        Answer asNobody,
        List<OfUser> users) {
    /**
     * What it answers to one user, who brings what the service config has of him.
     *
     * @param name empty where nobody is told apart
     * @param asUser to himself
     * @param asAgent to who asks with his agents' token for a cluster that there is not: 404 if it is known
     */
    record OfUser(String name, Answer asUser, Answer asAgent) {
        boolean accepted() {
            return asUser.ok() && !asAgent.refused();
        }
    }

    ServiceFacts(
            String trouble,
            Answer health,
            Answer ready,
            Answer componentVersions,
            Answer openshiftVersions,
            Optional<Duration> ahead) {
        this(
                trouble,
                health,
                ready,
                componentVersions,
                openshiftVersions,
                ahead,
                Answer.none("not asked"),
                List.of(new OfUser("", Answer.none("not asked"), Answer.none("not asked"))));
    }

    /** To the first user. */
    Answer asUser() {
        return users.getFirst().asUser();
    }

    static ServiceFacts unasked(String trouble) {
        Answer none = Answer.none(trouble);
        return new ServiceFacts(trouble, none, none, none, none, Optional.empty());
    }
}
