package io.assistedswarm.rehearsal.service.machine;

import static io.assistedswarm.rehearsal.service.TestingRows.NOW;
import static io.assistedswarm.rehearsal.service.TestingRows.SETTINGS;
import static org.assertj.core.api.Assertions.assertThat;

import io.assistedswarm.rehearsal.service.TestingRows;
import io.assistedswarm.rehearsal.service.model.Check;
import io.assistedswarm.rehearsal.service.model.Cluster;
import io.assistedswarm.rehearsal.service.model.Host;
import io.assistedswarm.rehearsal.service.model.HostState;
import io.assistedswarm.rehearsal.service.model.Replies;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostChecksTest {
    private final Cluster cluster = TestingRows.cluster(3, 1);
    private final List<Host> hosts = TestingRows.hosts(cluster, HostState.KNOWN);
    private final Host host = hosts.getFirst();

    @Test
    void passesAllForAGoodHost() {
        assertThat(new HostChecks(SETTINGS)
                        .of(host, Optional.of(ClusterView.of(cluster)), true, NOW)
                        .anyFailed())
                .isFalse();
    }

    @Test
    void findsAnAddressThatTwoHostsHave() {
        TestingRows.give(
                host,
                TestingRows.inventory("c-0", 0).replace("\"ipv6_addresses\": []", "\"ipv6_addresses\": [\"::1/128\"]"));
        TestingRows.give(
                hosts.get(1),
                TestingRows.inventory("c-1", 1).replace("\"ipv6_addresses\": []", "\"ipv6_addresses\": [\"::1/128\"]"));

        assertThat(check("no-ip-collisions-in-network").message()).contains("::1");
        assertThat(check("no-ip-collisions-in-network").failed()).isTrue();
    }

    @Test
    void needsBothDirectionsForTheMajority() {
        // The others reach it, but it reaches nobody.
        host.connectivity = Optional.of(new Replies.Connectivity(List.of()));

        assertThat(check("belongs-to-majority-group").failed()).isTrue();
    }

    @Test
    void needsAnInterface() {
        TestingRows.give(
                host,
                TestingRows.inventory("c-0", 0)
                        .replaceAll("(?s)\"interfaces\": \\[\\{.*?\\}\\]", "\"interfaces\": []"));

        assertThat(check("belongs-to-machine-cidr").failed()).isTrue();
    }

    @Test
    void needsAHostnameOfItsOwn() {
        TestingRows.give(host, TestingRows.inventory("c-1", 0));

        assertThat(check("hostname-unique").failed()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"localhost,false", "Upper,false", "good-1.example,true", "-bad,false"})
    void needsAValidHostname(String hostname, boolean valid) {
        TestingRows.give(host, TestingRows.inventory(hostname, 0));

        assertThat(check("hostname-valid").passed()).isEqualTo(valid);
    }

    @ParameterizedTest
    @CsvSource({
        "'\"count\": 8','\"count\": 3',has-cpu-cores-for-role",
        "68719476736,8589934592,has-memory-for-role",
        "274877906944,50000000000,has-min-valid-disks",
        "'\"eligible\": true','\"eligible\": false',has-min-valid-disks",
        "'\"gateway\": \"10.123.0.254\", ','',has-default-route",
    })
    void needsTheHardwareOfItsRole(String good, String bad, String id) {
        TestingRows.give(host, TestingRows.inventory("c-0", 0).replace(good, bad));

        assertThat(check(id).failed()).isTrue();
    }

    @Test
    void waitsForTheWildcardAnswerAndFailsOnAWildcard() {
        host.domains = Optional.empty();
        assertThat(check("dns-wildcard-not-configured").status()).isEqualTo(Check.Status.PENDING);

        host.domains = Optional.of(new Replies.Domains(List.of(
                new Replies.Resolution("validateNoWildcardDNS.c.example.com", List.of("10.0.0.1"), List.of()),
                new Replies.Resolution("validateNoWildcardDNS.c.example.com.", List.of("10.0.0.1"), List.of()))));
        assertThat(check("dns-wildcard-not-configured").failed()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"3500,true", "3700,false", "-1190,true", "-1300,false"})
    void comparesTheHostsClock(long ahead, boolean synced) {
        host.timestamp = NOW.getEpochSecond() + ahead;

        assertThat(check("time-synced-between-host-and-service").passed()).isEqualTo(synced);
    }

    private Check check(String id) {
        return new HostChecks(SETTINGS)
                .of(host, Optional.of(ClusterView.of(cluster)), true, NOW)
                .check(id)
                .orElseThrow();
    }
}
