package io.assistedswarm.protocol;

import java.util.concurrent.CompletionStage;

/** Gives an access token for what we have; one request each time. */
interface TokenExchange {
    /** Fails with {@link NoToken} if what we have is worth nothing, with anything else if it may be later. */
    CompletionStage<AccessToken> exchange();

    /** @param lifeSeconds from now on */
    record AccessToken(Secret value, long lifeSeconds) {}
}
