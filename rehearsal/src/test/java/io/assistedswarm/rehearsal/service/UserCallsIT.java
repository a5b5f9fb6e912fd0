package io.assistedswarm.rehearsal.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is served to users without objects, compared with the facts of the service's public API description. */
class UserCallsIT {
    private static TestingHub hub;
    private static TestingRest rest;

    @BeforeAll
    static void startHub() throws IOException {
        hub = TestingHub.start(Map.of("ENABLE_KUBE_API", "false"));
        rest = new TestingRest(hub.url);
    }

    @AfterAll
    static void stopHub() {
        hub.close();
    }

    static Stream<DescribedCall> described() {
        return DescribedCall.all().stream();
    }

    static Stream<DescribedCall> withBodies() {
        return described().filter(DescribedCall::hasBody);
    }

    @ParameterizedTest
    @MethodSource("described")
    void servesWhatIsDescribed(DescribedCall call) {
        TestingRest.Answer answer = rest.call(
                call.method(), call.nowhere(), call.hasBody() ? call.body().toString() : "");

        assertThat(answer.body()).doesNotContain("was not allowed").doesNotContain("path /api");
        assertThat(answer.status())
                .isIn(Stream.concat(
                                call.statuses().stream(),
                                // The service's code answers so, though it is not described.
                                call.path().endsWith("/hosts") && call.method().equals("GET")
                                        ? Stream.of(404)
                                        : Stream.empty())
                        .toList());
        if (!call.path().contains("{") && !call.hasBody()) {
            assertThat(answer.status()).isEqualTo(call.success());
        }
    }

    @ParameterizedTest
    @MethodSource("withBodies")
    void wantsWhatIsRequired(DescribedCall call) {
        for (String name : call.required()) {
            ObjectNode body = call.body();
            body.remove(name);
            assertThat(rest.call(call.method(), call.nowhere(), body.toString()))
                    .as(name)
                    .isEqualTo(new TestingRest.Answer(
                            400, "{\"code\":400,\"message\":\"%s in body is required\"}\n".formatted(name)));
        }
    }

    @ParameterizedTest
    @MethodSource("withBodies")
    void knowsTheOtherFieldsAndNoMore(DescribedCall call) {
        for (String name : call.other()) {
            ObjectNode body = call.body();
            body.putNull(name);
            assertThat(rest.call(call.method(), call.nowhere(), body.toString()).body())
                    .doesNotContain("unknown field");
        }
        assertThat(rest.call(
                        call.method(),
                        call.nowhere(),
                        call.body().put("nonsense", 1).toString()))
                .returns(400, TestingRest.Answer::status)
                .extracting(TestingRest.Answer::body)
                .asString()
                .startsWith("{\"code\":400,\"message\":\"parsing ")
                .contains("json: unknown field \\\"nonsense\\\"");
    }

    @ParameterizedTest
    @MethodSource("withBodies")
    void wantsABody(DescribedCall call) {
        assertThat(rest.call(call.method(), call.nowhere(), ""))
                .returns(400, TestingRest.Answer::status)
                .extracting(TestingRest.Answer::body)
                .asString()
                .contains(" in body is required");
    }

    @ParameterizedTest
    @MethodSource("described")
    void wantsIdsThatParse(DescribedCall call) {
        if (call.path().contains("{")) {
            assertThat(rest.call(
                                    call.method(),
                                    call.path().replaceAll("\\{[a-z_]+}", "nothing"),
                                    call.hasBody() ? call.body().toString() : "")
                            .status())
                    .isEqualTo(400);
        }
    }
}
