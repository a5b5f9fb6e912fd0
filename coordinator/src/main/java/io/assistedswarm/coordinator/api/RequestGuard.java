package io.assistedswarm.coordinator.api;

import io.assistedswarm.protocol.ApiToken;
import io.assistedswarm.protocol.Remoting;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.apache.pekko.http.javadsl.model.HttpMethods;
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
 * look at, whose browser would reach loopback for it. The dashboard's files are open, as probes are: what they show they ask the API for.
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
        String path = request.getUri().path();
        if (OPEN.contains(path)) {
            return Optional.empty();
        }
        boolean page = request.method().equals(HttpMethods.GET) && DashboardPages.has(path);
        if (isForeign(request) && !(page && isNavigation(request))) {
            return Optional.of(response(
                    StatusCodes.FORBIDDEN,
                    "a page of another origin may not use this API; use 'swarm', or the coordinator's own dashboard"));
        }
        if (token.isEmpty()) {
            // A name that somebody else's server resolves to loopback is how a page of his gets here.
            return Remoting.isLoopbackName(request.getUri().host().address())
                    ? Optional.empty()
                    : Optional.of(response(
                            StatusCodes.FORBIDDEN,
                            "without a token this API is for loopback only, by its address or as localhost"));
        }
        if (page) {
            return Optional.empty();
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

    /** Browsers say where a request comes from: {@code Origin} for one that may act, {@code Sec-Fetch-Site} for all of them. */
    private static boolean isForeign(HttpRequest request) {
        String own = value(request, "Host").orElse("");
        return value(request, "Origin")
                        .filter(origin ->
                                !origin.toLowerCase(Locale.ROOT).endsWith("://" + own.toLowerCase(Locale.ROOT)))
                        .isPresent()
                || value(request, "Sec-Fetch-Site")
                        .filter(site -> !site.equals("same-origin") && !site.equals("none"))
                        .isPresent();
    }

    /** A link to the dashboard, wherever it stands. */
    private static boolean isNavigation(HttpRequest request) {
        return value(request, "Origin").isEmpty()
                && value(request, "Sec-Fetch-Mode").filter("navigate"::equals).isPresent();
    }

    private static Optional<String> value(HttpRequest request, String header) {
        return request.getHeader(header).map(found -> found.value());
    }

    private static HttpResponse unauthorized(String problem) {
        return response(StatusCodes.UNAUTHORIZED, problem)
                .addHeader(WWWAuthenticate.create(HttpChallenge.create("Bearer", "assisted-swarm")));
    }

    private static HttpResponse response(StatusCode status, String problem) {
        return ApiAnswers.response(status, ApiAnswers.refusal(problem));
    }
}
