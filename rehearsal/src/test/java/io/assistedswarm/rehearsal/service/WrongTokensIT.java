package io.assistedswarm.rehearsal.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.assistedswarm.protocol.AuthMode;
import io.assistedswarm.protocol.AuthSpec;
import io.assistedswarm.protocol.ClusterApi;
import io.assistedswarm.protocol.ClusterId;
import io.assistedswarm.protocol.ClusterSpec;
import io.assistedswarm.protocol.Deadlines;
import io.assistedswarm.protocol.Failure;
import io.assistedswarm.protocol.Manifests;
import io.assistedswarm.protocol.RuntimeSpec;
import io.assistedswarm.protocol.Secret;
import io.assistedswarm.protocol.ServiceSpec;
import io.assistedswarm.protocol.ServiceUser;
import io.assistedswarm.protocol.SwarmId;
import io.assistedswarm.protocol.SwarmSpec;
import io.assistedswarm.protocol.UserAuthorizations;
import io.assistedswarm.protocol.UserSide;
import io.assistedswarm.rehearsal.service.auth.SchemeTokens;
import io.assistedswarm.rehearsal.service.auth.SsoTokens;
import io.assistedswarm.worker.hub.HubRefusal;
import io.assistedswarm.worker.hub.HubSettings;
import io.assistedswarm.worker.hub.HubsByApi;
import io.assistedswarm.worker.hub.RequestTimes;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What our side of a service makes of tokens that are wrong, expired, or somebody else's; and what a good one costs. */
class WrongTokensIT {
    private static final int CALLS = 200;
    private static final int UNANSWERED = 64;
    private static final String TOKEN = "/auth/realms/redhat-external/protocol/openid-connect/token";
    private static TestingHub saas;
    private static TestingHub elsewhere;
    private static TestingHub appliance;
    private static TestingHub operators;

    @BeforeAll
    static void startHubs() throws IOException {
        saas = TestingHub.start(Map.of("AUTH_TYPE", "rhsso", "ENABLE_KUBE_API", "false"));
        elsewhere = TestingHub.start(Map.of("AUTH_TYPE", "rhsso", "ENABLE_KUBE_API", "false"));
        appliance = TestingHub.start(Map.of("AUTH_TYPE", "agent-installer-local", "ENABLE_KUBE_API", "false"));
        operators = TestingHub.start(Map.of("AUTH_TYPE", "local"));
    }

    @AfterAll
    static void stopHubs() {
        Stream.of(saas, elsewhere, appliance, operators).forEach(TestingHub::close);
    }

    /**
     * One place where something is wrong.
     *
     * @param reason of every call's failure; or its answer's status
     * @param requests at most to the service for all calls
     * @param signOns at most to the sign-on
     */
    record Wrong(
            String what,
            TestingHub hub,
            TestingHub signOn,
            Supplier<AuthSpec> auth,
            String reason,
            int requests,
            int signOns) {
        @Override
        public String toString() {
            return what;
        }
    }

    static Stream<Wrong> wrong() {
        return Stream.of(
                new Wrong(
                        "an offline token that nobody has",
                        saas,
                        saas,
                        () -> signOn(saas, "0123456789abcdef", "cloud-services"),
                        "answered with 400 invalid_grant",
                        0,
                        1),
                new Wrong(
                        "another client's offline token",
                        saas,
                        saas,
                        () -> signOn(saas, offlineToken(saas), "others"),
                        "answered with 401 invalid_client",
                        0,
                        1),
                new Wrong(
                        "a sign-on that the service does not know",
                        saas,
                        elsewhere,
                        () -> signOn(elsewhere, offlineToken(elsewhere), "cloud-services"),
                        "does not accept the access token that was just got (401)",
                        // All calls that were sent before the first was answered.
                        CALLS,
                        2),
                new Wrong(
                        "no sign-on at all",
                        saas,
                        saas,
                        () -> AuthSpec.rhsso(
                                new Secret(offlineToken(saas)), saas.url + "/nothing", "cloud-services", ""),
                        "/nothing answered with 404",
                        0,
                        0),
                new Wrong(
                        "a user token of another appliance",
                        appliance,
                        saas,
                        () -> ready(new SchemeTokens(appliance.clock, Optional.empty()).token(SchemeTokens.Role.USER)),
                        "does not accept the token of userTokenFile (401)",
                        CALLS,
                        0),
                new Wrong(
                        "a user token that has expired",
                        appliance,
                        saas,
                        WrongTokensIT::expired,
                        "does not accept the token of userTokenFile (401)",
                        CALLS,
                        0),
                new Wrong(
                        "an agents' token for a user's",
                        appliance,
                        saas,
                        () -> ready(((SchemeTokens) appliance.credentials).token(SchemeTokens.Role.AGENT)),
                        "403 {\"code\":403,\"message\":\"authClaim agentAuth is unauthorized to access\"}",
                        CALLS * 2,
                        0),
                new Wrong(
                        "a user where there are none",
                        operators,
                        saas,
                        () -> AuthSpec.of(AuthMode.LOCAL),
                        "the service has AUTH_TYPE=local, which knows no users",
                        0,
                        0),
                new Wrong(
                        "nothing where something is wanted",
                        saas,
                        saas,
                        () -> AuthSpec.UNSAID,
                        "401 {\"code\":401,\"message\":\"unauthenticated for invalid credentials\"}",
                        CALLS * 2,
                        0));
    }

    private static String offlineToken(TestingHub hub) {
        return ((SsoTokens) hub.credentials).accounts().getFirst().offlineToken();
    }

    private static AuthSpec signOn(TestingHub hub, String offlineToken, String client) {
        return AuthSpec.rhsso(new Secret(offlineToken), hub.url + TOKEN, client, "");
    }

    private static AuthSpec ready(String userToken) {
        return AuthSpec.agentInstallerLocal(new Secret(userToken), new Secret("agent"), new Secret(""));
    }

    private static AuthSpec expired() {
        return ready(((SchemeTokens) appliance.credentials)
                .token(SchemeTokens.Role.USER, Optional.of(Duration.ofMinutes(-1))));
    }

    private static ServiceSpec service(TestingHub hub, AuthSpec auth) {
        return new ServiceSpec(hub.url, false, "", "", new Secret("{}"), "quay.io/r:4.18.52", "4.18", "a.b", "agent")
                .withAuth(auth);
    }

    private static long asked(TestingHub signOn) {
        JsonNode counted = new TestingRest(signOn.url)
                .call("GET", signOn.url + "/rehearsal/sign-on", "")
                .json();
        return counted.path("given").asLong() + counted.path("refused").asLong();
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void saysWhatIsWrongAndMakesNoStorm(Wrong wrong) {
        AuthSpec auth = wrong.auth().get();
        long before = asked(wrong.signOn());
        try (UserAuthorizations users = new UserAuthorizations();
                UserSide side = side(service(wrong.hub(), auth), users)) {
            List<CompletableFuture<String>> calls = new ArrayList<>();
            for (int i = 0; i < CALLS; i++) {
                calls.add(said(side));
            }
            calls.forEach(CompletableFuture::join);
            // When all is known.
            for (int i = 0; i < CALLS; i++) {
                assertThat(said(side).join())
                        .contains(wrong.reason())
                        .doesNotContain(
                                auth.userToken().reveal().isEmpty()
                                        ? "no token"
                                        : auth.userToken().reveal())
                        .doesNotContain(
                                auth.offlineToken().reveal().isEmpty()
                                        ? "no token"
                                        : auth.offlineToken().reveal());
            }
            assertThat(side.requests()).as("requests to the service").isLessThanOrEqualTo(wrong.requests());
        }
        assertThat(asked(wrong.signOn()) - before).as("requests to the sign-on").isLessThanOrEqualTo(wrong.signOns());
    }

    /** How a call ended, whatever came of it. */
    private static CompletableFuture<String> said(UserSide side) {
        return side.send("GET", "/clusters", "").toCompletableFuture().handle((answer, failure) -> {
            Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
            return cause == null ? answer.status() + " " + answer.body() : String.valueOf(cause.getMessage());
        });
    }

    private static UserSide side(ServiceSpec service, UserAuthorizations users) {
        return new UserSide(service, users.apply(service), Duration.ofSeconds(20), "test");
    }

    /** What workers do for a swarm of two users, of whom one has an offline token of another sign-on; and do again and again. */
    @Test
    void onlyTheClustersOfAWrongUserFail() {
        List<SsoTokens.Account> accounts = ((SsoTokens) saas.credentials).accounts();
        String foreign = offlineToken(elsewhere);
        ServiceSpec shared = service(saas, signOn(saas, offlineToken(saas), "cloud-services"))
                .sharedBy(List.of(
                        user("alice", accounts.getFirst(), accounts.getFirst().offlineToken()),
                        user("bob", accounts.get(1), foreign)));
        SwarmSpec swarm = new SwarmSpec(
                new SwarmId("wrong-7f3a"),
                shared,
                new RuntimeSpec.Exec(List.of(), Map.of(), List.of(), Map.of()),
                new Manifests(List.of(), List.of(), List.of(), List.of()),
                Deadlines.DEFAULT,
                Set.of(ClusterApi.REST));
        long before = asked(saas);
        try (UserAuthorizations users = new UserAuthorizations();
                HubsByApi hubs = new HubsByApi(
                        Optional.empty(),
                        users,
                        new HubSettings(1000, 1000, UNANSWERED, Duration.ofSeconds(20)),
                        RequestTimes.IGNORED,
                        "test")) {
            for (int attempt = 1; attempt <= 3; attempt++) {
                for (int i = 0; i < 20; i++) {
                    ClusterSpec cluster = new ClusterSpec(new ClusterId(swarm.id(), i), 1, 0, false, false, Map.of())
                            .withApi(ClusterApi.REST);
                    SwarmSpec his = swarm.withService(shared.of(cluster.id()));
                    CompletableFuture<?> created =
                            hubs.of(his, cluster).createCluster(his, cluster, 1).toCompletableFuture();
                    if (shared.shares().nameOf(cluster.id()).equals("alice")) {
                        assertThat(created).succeedsWithin(Duration.ofSeconds(20));
                    } else {
                        assertThat(created)
                                .failsWithin(Duration.ofSeconds(20))
                                .withThrowableOfType(ExecutionException.class)
                                .satisfies(failure -> assertThat(((HubRefusal) failure.getCause()).failure())
                                        .returns(Failure.Side.PLAN, Failure::side)
                                        .returns("Unauthorized", Failure::reason)
                                        .extracting(Failure::message)
                                        .asString()
                                        .contains("answered with 400 invalid_grant")
                                        .doesNotContain(foreign));
                    }
                }
            }
            assertThat(hubs.requests())
                    .as("a cluster and an infra-env of each of alice's, and the lists where they are looked up again")
                    .isLessThanOrEqualTo(10 * 2 + 2 * 10 * 2);
        }
        assertThat(asked(saas) - before).as("once for alice, once for bob").isEqualTo(2);
    }

    private static ServiceUser user(String name, SsoTokens.Account account, String offlineToken) {
        return new ServiceUser(
                name,
                1,
                new Secret("{\"auths\":{\"cloud.openshift.com\":{\"auth\":\"" + account.agentAuth() + "\"}}}"),
                new Secret(offlineToken));
    }

    /** Three calls for each host: all ask for their token at the same time, and as many are under way as a worker lets. */
    @ParameterizedTest
    @ValueSource(ints = {10, 100, 1_000})
    void asksTheSignOnOnceHoweverManyHostsThereAre(int hosts) {
        AuthSpec auth = signOn(saas, offlineToken(saas), "cloud-services");
        long before = asked(saas);
        try (UserAuthorizations users = new UserAuthorizations()) {
            // Swarms of one worker that bring the same.
            try (UserSide one = side(service(saas, auth), users);
                    UserSide two = side(service(saas, auth).withAgentImage("other"), users)) {
                List<CompletableFuture<?>> tokens = new ArrayList<>();
                for (int i = 0; i < 3 * hosts; i++) {
                    tokens.add(users.apply(service(saas, auth)).headers().toCompletableFuture());
                }
                Semaphore unanswered = new Semaphore(UNANSWERED);
                List<CompletableFuture<String>> calls = new ArrayList<>();
                for (int i = 0; i < 3 * hosts; i++) {
                    unanswered.acquireUninterruptibly();
                    calls.add(said(i % 2 == 0 ? one : two).whenComplete((said, failure) -> unanswered.release()));
                }
                assertThat(calls).allSatisfy(call -> assertThat(call.join()).startsWith("200 "));
                assertThat(tokens).allSatisfy(token -> assertThat(token).isCompleted());
            }
        }
        assertThat(asked(saas) - before).isEqualTo(1);
    }

    @Test
    void goesOnWithAnotherTokenWhenAllAreRevoked() {
        AuthSpec auth = signOn(saas, offlineToken(saas), "cloud-services");
        long before = asked(saas);
        try (UserAuthorizations users = new UserAuthorizations();
                UserSide side = side(service(saas, auth), users)) {
            assertThat(said(side).join()).startsWith("200 ");
            ((SsoTokens) saas.credentials).expire();
            await().atMost(Duration.ofSeconds(10))
                    .untilAsserted(() -> assertThat(said(side).join()).startsWith("200 "));
        }
        assertThat(asked(saas) - before).isEqualTo(2);
    }
}
