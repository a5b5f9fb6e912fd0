package io.assistedswarm.protocol;

import java.util.Map;
import java.util.concurrent.CompletionStage;

/** In whose name the service's user side is called. */
public interface UserAuthorization {
    /** Headers to send now; renewed before they run out. Fails when no token can be got. */
    CompletionStage<Map<String, String>> headers();

    /** The service answered 401 to these: they are not sent again. */
    void refused(Map<String, String> headers);
}
