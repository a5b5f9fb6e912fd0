package io.assistedswarm.worker;

import io.assistedswarm.protocol.Failure;
import io.assistedswarm.protocol.Failure.Side;
import io.assistedswarm.protocol.Secret;
import io.assistedswarm.protocol.SwarmSpec;
import io.assistedswarm.worker.hub.Hubs;
import io.assistedswarm.worker.process.InfraEnvAccess;
import java.util.concurrent.CompletionStage;

/**
 * What agents and controllers bring to the service. One that is not let in, or not any more, says so in its own log only: it waits, and
 * to the service its host has fallen silent. So the service is asked before that is counted against it.
 */
public final class AgentsToken {
    private AgentsToken() {}

    /** The failure, or that the service does not accept the token; never completed with an exception. */
    public static CompletionStage<Failure> explains(Failure seen, Hubs hubs, SwarmSpec swarm, InfraEnvAccess access) {
        Secret token = access.token();
        boolean byItsOwnToken = !token.equals(swarm.service().agentToken());
        return hubs.refusalOfAgent(swarm.service(), token)
                .handle((refusal, failed) ->
                        failed != null || refusal.isEmpty() ? seen : notLetIn(seen, refusal.get(), byItsOwnToken));
    }

    private static Failure notLetIn(Failure seen, String refusal, boolean byItsOwnToken) {
        return new Failure(
                byItsOwnToken ? Side.SERVICE : Side.PLAN,
                Failure.UNAUTHORIZED,
                "the service does not accept the agents' token"
                        + (byItsOwnToken
                                ? ", which its own InfraEnv has"
                                : ": look at the pull secret and at auth in the service config")
                        + "; it says " + refusal + "; " + seen.message());
    }
}
