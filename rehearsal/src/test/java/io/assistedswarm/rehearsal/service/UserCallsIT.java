package io.assistedswarm.rehearsal.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
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

    /** @param path with names for ids */
    record Described(
            String method,
            String path,
            int success,
            List<Integer> statuses,
            List<String> required,
            List<String> other) {
        static Described of(String line) {
            String[] parts = line.split("\\|", -1);
            String[] call = parts[0].strip().split(" ", 2);
            return new Described(
                    call[0],
                    call[1],
                    Integer.parseInt(parts[1].strip()),
                    words(parts[2]).stream().map(Integer::valueOf).toList(),
                    words(parts[3]),
                    words(parts[4]));
        }

        private static List<String> words(String text) {
            return Arrays.stream(text.strip().split(" ", -1))
                    .filter(word -> !word.isEmpty())
                    .toList();
        }

        /** Of things that there are none of. */
        String nowhere() {
            return path.replaceAll("\\{[a-z_]+}", UUID.randomUUID().toString());
        }

        boolean hasBody() {
            return !required.isEmpty() || !other.isEmpty();
        }

        /** All that is required, as good as it gets without knowing what it means. */
        ObjectNode body() {
            ObjectNode body = Json.LENIENT.createObjectNode();
            required.forEach(name -> body.put(name, name.endsWith("_id") ? new UUID(0, 1).toString() : "x"));
            return body;
        }

        @Override
        public String toString() {
            return method + " " + path;
        }
    }

    static Stream<Described> described() throws IOException {
        try (InputStream facts = UserCallsIT.class.getResourceAsStream("user-calls.txt")) {
            return new String(facts.readAllBytes(), StandardCharsets.UTF_8)
                    .lines().filter(line -> !line.startsWith("#")).map(Described::of).toList().stream();
        }
    }

    static Stream<Described> withBodies() throws IOException {
        return described().filter(Described::hasBody);
    }

    @ParameterizedTest
    @MethodSource("described")
    void servesWhatIsDescribed(Described call) {
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
    void wantsWhatIsRequired(Described call) {
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
    void knowsTheOtherFieldsAndNoMore(Described call) {
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
    void wantsABody(Described call) {
        assertThat(rest.call(call.method(), call.nowhere(), ""))
                .returns(400, TestingRest.Answer::status)
                .extracting(TestingRest.Answer::body)
                .asString()
                .contains(" in body is required");
    }

    @ParameterizedTest
    @MethodSource("described")
    void wantsIdsThatParse(Described call) {
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
