package io.assistedswarm.coordinator.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import io.assistedswarm.coordinator.preflight.ServiceFacts.OfUser;
import io.assistedswarm.protocol.AuthMode;
import io.assistedswarm.protocol.AuthSpec;
import io.assistedswarm.protocol.Secret;
import io.assistedswarm.protocol.ServiceSpec;
import io.assistedswarm.protocol.ServiceUser;
import io.assistedswarm.protocol.UserAuthorization;
import io.assistedswarm.protocol.UserAuthorizations;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServiceSurveyIT {
    private static final String API = "GET /api/assisted-install/v2/";

    private final ExecutorService blocking = Executors.newVirtualThreadPerTaskExecutor();
    private TestingHttp service;

    @BeforeEach
    void start() throws IOException {
        service = new TestingHttp()
                .on("GET /health", 200, "")
                .on("GET /ready", 503, "")
                .on(API + "component-versions", 401, "{\"code\":401,\"message\":\"who are you\"}")
                .on(API + "openshift-versions", 200, "{\"4.18\":{}}");
    }

    @AfterEach
    void stop() {
        service.close();
        blocking.shutdownNow();
    }

    @Test
    void asksSevenQuestions() {
        ServiceFacts facts = look(service.url() + "/", "", InstantSource.system());

        assertThat(facts.health().ok()).isTrue();
        assertThat(facts.ready().status()).isEqualTo(503);
        assertThat(facts.componentVersions().said()).isEqualTo("401 (who are you)");
        assertThat(facts.openshiftVersions().body().has("4.18")).isTrue();
        assertThat(facts.ahead().orElseThrow()).isZero();
        assertThat(facts.asNobody().said()).isEqualTo("401 (who are you)");
        assertThat(service.requests).hasSize(7);
    }

    @Test
    void asksInTheNameOfEveryUserAndAsHisAgents() {
        ServiceSpec shared = spec(service.url(), "")
                .withAuth(AuthSpec.of(AuthMode.RHSSO))
                .sharedBy(List.of(user("alice"), user("bob")));

        ServiceFacts facts = new ServiceSurvey(
                        blocking,
                        InstantSource.system(),
                        spec -> new Bringing(spec.auth().offlineToken().reveal()))
                .look(shared, Duration.ofSeconds(20))
                .orTimeout(60, TimeUnit.SECONDS)
                .join();

        assertThat(facts.users()).extracting(OfUser::name).containsExactly("alice", "bob");
        assertThat(facts.users()).allSatisfy(user -> {
            assertThat(user.asUser().said()).isEqualTo("401 (who are you)");
            assertThat(user.asAgent().status()).isEqualTo(404);
        });
        assertThat(service.tokens)
                .containsExactlyInAnyOrder("nobody", "user alice", "user bob", "agents of alice", "agents of bob");
    }

    /** Sends his offline token as it is. */
    private record Bringing(String token) implements UserAuthorization {
        @Override
        public CompletionStage<Map<String, String>> headers() {
            return CompletableFuture.completedFuture(Map.of("Authorization", token));
        }

        @Override
        public void refused(Map<String, String> headers) {}
    }

    private static ServiceUser user(String name) {
        return new ServiceUser(
                name,
                1,
                new Secret("{\"auths\":{\"cloud.openshift.com\":{\"auth\":\"agents of " + name + "\"}}}"),
                new Secret("user " + name));
    }

    @Test
    void measuresHowFarTheServicesClockIsOff() {
        InstantSource slow = () -> Instant.now().minusSeconds(600);

        assertThat(look(service.url(), "", slow).ahead().orElseThrow())
                .isBetween(Duration.ofSeconds(597), Duration.ofSeconds(600));
    }

    @ParameterizedTest
    @CsvSource({
        // Date header, before, after, seconds ahead
        "100, 100, 100, 0",
        "100, 100, 101, 0",
        "100, 101, 101, 0",
        "100, 103, 104, -2",
        "110, 103, 104, 6",
    })
    void countsNothingWithinTheAnswersOwnTime(long date, long before, long after, long ahead) {
        assertThat(ServiceSurvey.ahead(
                        Instant.ofEpochSecond(date), Instant.ofEpochSecond(before), Instant.ofEpochSecond(after)))
                .isEqualTo(Duration.ofSeconds(ahead));
    }

    @Test
    void saysThatNobodyListens() {
        service.close();

        assertThat(look(service.url(), "", InstantSource.system()).health().said())
                .isEqualTo("nobody listens there");
    }

    @Test
    void saysThatTheCaBundleOrAddressIsNone() {
        assertThat(look(service.url(), "/nowhere.pem", InstantSource.system()).trouble())
                .contains("the CA bundle '/nowhere.pem'");
        assertThat(look("http://a b", "", InstantSource.system()).trouble()).isNotEmpty();
    }

    private ServiceFacts look(String url, String caFile, InstantSource clock) {
        return new ServiceSurvey(blocking, clock, new UserAuthorizations())
                .look(spec(url, caFile), Duration.ofSeconds(20))
                .orTimeout(60, TimeUnit.SECONDS)
                .join();
    }

    private static ServiceSpec spec(String url, String caFile) {
        return new ServiceSpec(url, false, caFile, "", new Secret("{}"), "quay.io/r:4.18.1", "4.18", "a.b", "");
    }
}
