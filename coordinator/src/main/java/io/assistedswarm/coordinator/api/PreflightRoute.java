package io.assistedswarm.coordinator.api;

import io.assistedswarm.coordinator.api.Views.Refusal;
import io.assistedswarm.coordinator.preflight.Preflight;
import io.assistedswarm.coordinator.preflight.PreflightRequest;
import java.util.List;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.server.AllDirectives;
import org.apache.pekko.http.javadsl.server.Route;

/** {@code POST /preflight}: looks at hub, service and workers, and answers what was found. */
final class PreflightRoute extends AllDirectives {
    private final Preflight preflight;

    PreflightRoute(Preflight preflight) {
        this.preflight = preflight;
    }

    Route route() {
        return post(() -> withSizeLimit(
                ApiJson.MAX_BODY_BYTES,
                () -> extractStrictEntity(ApiRoutes.BODY_TIMEOUT, ApiJson.MAX_BODY_BYTES, this::run)));
    }

    private Route run(HttpEntity.Strict body) {
        PreflightRequest request;
        try {
            request = ApiJson.readPreflight(body.getData().toArray());
        } catch (IllegalArgumentException e) {
            return complete(ApiAnswers.response(StatusCodes.BAD_REQUEST, ApiAnswers.refusal(e.getMessage())));
        }
        List<String> problems = request.plan().map(SubmissionRules::problems).orElse(List.of());
        if (!problems.isEmpty()) {
            return complete(ApiAnswers.response(StatusCodes.UNPROCESSABLE_CONTENT, new Refusal(problems)));
        }
        return completeWithFuture(
                preflight.run(request).thenApply(report -> ApiAnswers.response(StatusCodes.OK, report)));
    }
}
