package io.assistedswarm.coordinator.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import io.assistedswarm.protocol.Secret;
import io.assistedswarm.protocol.ServiceSpec;
import io.assistedswarm.protocol.UserAuthorizations;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
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
        ServiceSpec spec =
                new ServiceSpec(url, false, caFile, "", new Secret("{}"), "quay.io/r:4.18.1", "4.18", "a.b", "");
        return new ServiceSurvey(blocking, clock, new UserAuthorizations())
                .look(spec, Duration.ofSeconds(20))
                .orTimeout(60, TimeUnit.SECONDS)
                .join();
    }
}
