package io.assistedswarm.coordinator.api;

import io.assistedswarm.protocol.Remoting;
import java.net.URI;
import java.util.Optional;
import java.util.Set;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCode;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.model.headers.HttpChallenge;
import org.apache.pekko.http.javadsl.model.headers.WWWAuthenticate;
import org.apache.pekko.http.javadsl.server.AllDirectives;
import org.apache.pekko.http.javadsl.server.Route;

/**
 * Stands before all routes: nobody without the token when there is one, and no page of another origin that a user of this machine happens to
 * look at, whose browser would reach loopback for it.
 */
final class RequestGuard extends AllDirectives {
    /** Probes carry no token, and what they are told is harmless. */
    private static final Set<String> OPEN = Set.of("/health", "/ready", "/api/v1/health", "/api/v1/ready");

    private final Optional<ApiToken> token;

    RequestGuard(Optional<ApiToken> token) {
        this.token = token;
    }

    Route before(Route routes) {
        return extractRequest(request -> refusal(request).map(this::complete).orElse(routes));
    }

    private Optional<HttpResponse> refusal(HttpRequest request) {
        if (OPEN.contains(request.getUri().path())) {
            return Optional.empty();
        }
        String host = request.getUri().host().address();
        if (isForeign(request, host)) {
            return Optional.of(response(
                    StatusCodes.FORBIDDEN,
                    "a page of another origin may not use this API; use 'swarm', or no browser"));
        }
        if (token.isEmpty()) {
            // A name that somebody else's server resolves to loopback is how a page of his gets here.
            return Remoting.isLoopbackName(host)
                    ? Optional.empty()
                    : Optional.of(response(
                            StatusCodes.FORBIDDEN,
                            "without a token this API is for loopback only, by its address or as localhost"));
        }
        Optional<String> shown = request.getHeader("Authorization").map(header -> header.value());
        if (shown.isEmpty()) {
            return Optional.of(unauthorized("this coordinator wants a token, and none was sent; name its file with"
                    + " --token-file or SWARM_TOKEN_FILE (by default it is 'token' in the coordinator's data folder)"));
        }
        return token.get().admits(shown.get())
                ? Optional.empty()
                : Optional.of(unauthorized("the token that was sent is not this coordinator's; name its file with"
                        + " --token-file or SWARM_TOKEN_FILE"));
    }

    private static boolean isForeign(HttpRequest request, String host) {
        return request.getHeader("Origin")
                .filter(origin -> !host.equals(hostOf(origin.value())))
                .isPresent();
    }

    private static String hostOf(String origin) {
        try {
            return String.valueOf(URI.create(origin).getHost());
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    private static HttpResponse unauthorized(String problem) {
        return response(StatusCodes.UNAUTHORIZED, problem)
                .addHeader(WWWAuthenticate.create(HttpChallenge.create("Bearer", "assisted-swarm")));
    }

    private static HttpResponse response(StatusCode status, String problem) {
        return ApiAnswers.response(status, ApiAnswers.refusal(problem));
    }
}
