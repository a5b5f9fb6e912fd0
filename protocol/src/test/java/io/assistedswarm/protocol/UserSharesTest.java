package io.assistedswarm.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UserSharesTest {
    private static final SwarmId SWARM = new SwarmId("night");
    private static final List<ServiceUser> USERS = List.of(user("a", 5), user("b", 3), user("c", 2));

    private static ServiceUser user(String name, int weight) {
        return new ServiceUser(name, weight, new Secret("pull-" + name), new Secret("offline-" + name));
    }

    private static List<String> names(List<ServiceUser> users, int clusters) {
        UserShares shares = new UserShares(users);
        return IntStream.range(0, clusters)
                .mapToObj(index -> shares.nameOf(new ClusterId(SWARM, index)))
                .toList();
    }

    private static long count(List<String> names, String name) {
        return names.stream().filter(name::equals).count();
    }

    @Test
    void givesEachExactlyHisShareOfAsManyClustersAsTheWeights() {
        List<String> names = names(USERS, 20);
        assertThat(List.of(count(names, "a"), count(names, "b"), count(names, "c")))
                .containsExactly(10L, 6L, 4L);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 13, 101, 999})
    void isNeverAWholeClusterFromTheShare(int clusters) {
        List<String> names = names(USERS, clusters);
        USERS.forEach(user -> assertThat((double) count(names, user.name()))
                .as(user.name())
                .isCloseTo(clusters * user.weight() / 10.0, within(1.0)));
    }

    @Test
    void doesNotChangeWhenMoreClustersCome() {
        assertThat(names(USERS, 1_000).subList(0, 37)).isEqualTo(names(List.copyOf(USERS), 37));
    }

    @Test
    void takesTurnsInsteadOfOneAfterTheOther() {
        assertThat(names(List.of(user("a", 2), user("b", 1)), 6)).containsExactly("a", "b", "a", "a", "b", "a");
        assertThat(names(List.of(user("a", 1), user("b", 1)), 4)).containsExactly("a", "b", "a", "b");
    }

    @Test
    void tellsNobodyApartWhereThereIsButOne() {
        assertThat(new UserShares(List.of()).userOf(new ClusterId(SWARM, 3))).isEmpty();
    }

    @Test
    void aClusterHasItsUsersSecretsAndNoOthers() {
        ServiceSpec service = new ServiceSpec("https://s", false, "", "", new Secret(""), "r", "4.18", "a.b", "")
                .withAuth(AuthSpec.rhsso(new Secret(""), "https://sso", "cloud-services", ""))
                .sharedBy(USERS);
        ServiceSpec second = service.of(new ClusterId(SWARM, 1));
        assertThat(second.pullSecret()).isEqualTo(new Secret("pull-b"));
        assertThat(second.auth())
                .isEqualTo(AuthSpec.rhsso(new Secret("offline-b"), "https://sso", "cloud-services", ""));
        assertThat(service.perUser())
                .extracting(each -> each.auth().offlineToken().reveal())
                .containsExactly("offline-a", "offline-b", "offline-c");
    }

    @Test
    void aRecordForOthersHasNoSecretOfAnyUser() {
        AuthSpec shared = AuthSpec.rhsso(new Secret(""), "https://sso", "c", "").sharedBy(USERS);
        assertThat(shared.withoutSecrets().users())
                .extracting(ServiceUser::name, ServiceUser::pullSecret, ServiceUser::offlineToken)
                .contains(tuple("b", new Secret(""), new Secret("")));
        assertThat(shared.toString()).contains("name=b").doesNotContain("pull-b", "offline-b");
    }

    @Test
    void whereAServiceKnowsNoUsersOneSideAsksForAll() {
        ServiceSpec service = new ServiceSpec("http://s", false, "", "", new Secret(""), "r", "4.18", "a.b", "");
        List<ServiceUser> withoutTokens = USERS.stream()
                .map(user -> new ServiceUser(user.name(), user.weight(), user.pullSecret(), new Secret("")))
                .toList();
        AuthSpec signOn = AuthSpec.rhsso(new Secret(""), "http://sso", "cloud-services", "");
        try (UserAuthorizations authorizations = new UserAuthorizations();
                UserSides sides = new UserSides(authorizations, Duration.ofSeconds(1), "test")) {
            assertThat(service.sharedBy(withoutTokens).perUser().stream()
                            .map(sides::of)
                            .distinct())
                    .hasSize(1);
            ServiceSpec saas = service.withAuth(signOn).sharedBy(USERS);
            assertThat(saas.perUser().stream().map(sides::of).distinct()).hasSize(3);
            assertThat(sides.of(saas))
                    .as("for what belongs to no cluster")
                    .isSameAs(sides.of(saas.perUser().getFirst()));
        }
    }
}
