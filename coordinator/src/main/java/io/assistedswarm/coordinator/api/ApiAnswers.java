package io.assistedswarm.coordinator.api;

import io.assistedswarm.coordinator.api.Views.Refusal;
import io.assistedswarm.coordinator.swarm.SwarmsCommand.NotFound;
import io.assistedswarm.coordinator.swarm.SwarmsCommand.Refused;
import io.assistedswarm.coordinator.swarm.SwarmsCommand.Unavailable;
import io.assistedswarm.protocol.LogIds;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.ResponseEntity;
import org.apache.pekko.http.javadsl.model.StatusCode;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.server.Directives;
import org.apache.pekko.http.javadsl.server.ExceptionHandler;
import org.apache.pekko.http.javadsl.server.RejectionHandler;
import org.apache.pekko.http.scaladsl.model.IllegalRequestException;
import org.apache.pekko.pattern.StatusReply;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How a value or a failure becomes a response. */
final class ApiAnswers {
    private static final Logger LOG = LoggerFactory.getLogger(ApiAnswers.class);

    private ApiAnswers() {}

    private static HttpResponse failed(HttpRequest request, Throwable failure) {
        return switch (failure) {
            case NotFound notFound -> response(StatusCodes.NOT_FOUND, refusal(notFound.getMessage()));
            case Refused refused -> response(StatusCodes.CONFLICT, refusal(refused.getMessage()));
            case Unavailable unavailable ->
                response(StatusCodes.SERVICE_UNAVAILABLE, refusal(unavailable.getMessage()));
            case TimeoutException timeout ->
                response(
                        StatusCodes.SERVICE_UNAVAILABLE,
                        refusal("the coordinator did not answer in time; it may be starting or overloaded, try again"));
            case IllegalRequestException illegal -> response(illegal.status(), refusal(illegal.getMessage()));
            case StatusReply.ErrorMessage error ->
                response(StatusCodes.INTERNAL_SERVER_ERROR, refusal(String.valueOf(error.getMessage())));
            default -> {
                String path = request.getUri().path();
                LogIds.with(
                        RequestIds.of(path),
                        () -> LOG.error("[{} {}] failed", request.method().value(), path, failure));
                yield response(
                        StatusCodes.INTERNAL_SERVER_ERROR,
                        refusal("the coordinator could not answer; its log says why"));
            }
        };
    }

    static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    /** In words, for who watches. */
    static String said(Throwable failure) {
        return switch (failure) {
            case TimeoutException timeout -> "the coordinator did not answer in time; it may be starting or overloaded";
            case NotFound notFound -> notFound.getMessage();
            default -> "the coordinator could not answer: " + failure.getMessage();
        };
    }

    static Refusal refusal(String problem) {
        return new Refusal(List.of(problem));
    }

    /** Whatever a route throws, or its answer fails with. */
    static ExceptionHandler jsonFailures() {
        return ExceptionHandler.newBuilder()
                .matchAny(failure ->
                        Directives.extractRequest(request -> Directives.complete(failed(request, cause(failure)))))
                .build();
    }

    static HttpResponse response(StatusCode status, Object value) {
        return HttpResponse.create().withStatus(status).withEntity(entity(value));
    }

    private static ResponseEntity entity(Object value) {
        return HttpEntities.create(ContentTypes.APPLICATION_JSON, ApiJson.write(value));
    }

    /** Pekko's own words for what matched no route, as JSON. */
    static RejectionHandler jsonRejections() {
        return RejectionHandler.defaultHandler().mapRejectionResponse(response -> {
            String text = response.entity() instanceof HttpEntity.Strict strict
                    ? strict.getData().utf8String()
                    : response.status().reason();
            return response.withEntity(
                    entity(refusal(text.replaceAll("\\s+", " ").strip())));
        });
    }
}
