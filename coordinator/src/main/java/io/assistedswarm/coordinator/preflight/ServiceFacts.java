package io.assistedswarm.coordinator.preflight;

import java.time.Duration;
import java.util.Optional;

/**
 * What the service answers, mostly to who has no credentials.
 *
 * @param trouble why it could not be asked at all, such as a CA bundle that is none; empty when it could
 * @param asNobody to who brings an {@code Authorization} that is none, by which its mode shows
 * @param asUser to who brings what the service config has
 * @param asAgent to who asks with the agents' token for a cluster that there is not: 404 if it is known
 * @param ahead how far its clock is ahead of the coordinator's, to about a second; empty when it did not say
 */
record ServiceFacts(
        String trouble,
        Answer health,
        Answer ready,
        Answer componentVersions,
        Answer openshiftVersions,
        Optional<Duration> ahead,
        Answer asNobody,
        Answer asUser,
        Answer asAgent) {

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
                Answer.none("not asked"),
                Answer.none("not asked"));
    }

    static ServiceFacts unasked(String trouble) {
        Answer none = Answer.none(trouble);
        return new ServiceFacts(trouble, none, none, none, none, Optional.empty());
    }
}
