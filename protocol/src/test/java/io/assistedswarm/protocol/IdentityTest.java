package io.assistedswarm.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdentityTest {
    private static final SwarmId SWARM = new SwarmId("quickstart-7f3a");

    @Test
    void aHostIsTheSameEachTimeItIsAskedFor() {
        HostId host = host(SWARM, 3, 5);
        HostId again = host(new SwarmId("quickstart-7f3a"), 3, 5);
        assertThat(Identity.hostUuid(host)).isEqualTo(Identity.hostUuid(again));
        assertThat(Identity.mac(host)).isEqualTo(Identity.mac(again));
        assertThat(Identity.ipv4(host)).isEqualTo(Identity.ipv4(again));
    }

    @Test
    void noTwoHostsOfASwarmShareUuidOrMac() {
        Set<UUID> uuids = new HashSet<>();
        Set<String> macs = new HashSet<>();
        for (int cluster : List.of(0, 1, 255, 256, 257, 40_000, 65_534, 65_535)) {
            for (int host : List.of(0, 1, 2, 254, 255, 256, 257, 40_000, 65_530, 65_531)) {
                HostId id = host(SWARM, cluster, host);
                assertThat(uuids.add(Identity.hostUuid(id)))
                        .as("uuid of %s", id)
                        .isTrue();
                assertThat(macs.add(Identity.mac(id))).as("mac of %s", id).isTrue();
            }
        }
    }

    @Test
    void swarmsDoNotClash() {
        Set<String> macs = new HashSet<>();
        Set<UUID> uuids = new HashSet<>();
        for (int swarm = 0; swarm < 200; swarm++) {
            SwarmId id = new SwarmId(String.format("load-%04x", swarm));
            for (int cluster = 0; cluster < 5; cluster++) {
                for (int host = 0; host < 6; host++) {
                    assertThat(macs.add(Identity.mac(host(id, cluster, host)))).isTrue();
                    assertThat(uuids.add(Identity.hostUuid(host(id, cluster, host))))
                            .isTrue();
                }
            }
        }
    }

    @Test
    void macsAreLocallyAdministeredUnicastAndWellFormed() {
        Random random = new Random(1);
        for (int i = 0; i < 5_000; i++) {
            SwarmId swarm = new SwarmId("s" + random.nextInt(100_000));
            HostId host = host(swarm, random.nextInt(Identity.MAX_CLUSTERS), random.nextInt(Identity.MAX_HOSTS));
            String mac = Identity.mac(host);
            assertThat(mac).matches("[0-9a-f]{2}(:[0-9a-f]{2}){5}");
            int firstOctet = Integer.parseInt(mac.substring(0, 2), 16);
            assertThat(firstOctet & 0b11).as("local and unicast: %s", mac).isEqualTo(0b10);
        }
    }

    @Test
    void addressesOfAClusterAreDistinctAndNeverAVip() {
        List<String> addresses = IntStream.range(0, Identity.MAX_HOSTS)
                .mapToObj(index -> Identity.ipv4(host(SWARM, 0, index)))
                .toList();
        assertThat(addresses).doesNotHaveDuplicates().doesNotContain(Identity.API_VIP, Identity.INGRESS_VIP);
        assertThat(addresses.getFirst()).isEqualTo("10.123.0.1");
        assertThat(addresses.getLast()).isEqualTo("10.123.255.252");
    }

    @Test
    void namesAreReadBackAsWhatTheyMean() {
        HostId host = host(SWARM, 12, 304);
        assertThat(host.name()).isEqualTo("quickstart-7f3a-12-304");
        assertThat(HostId.parse(host.name())).contains(host);
        assertThat(ClusterId.parse(host.cluster().name())).contains(host.cluster());
    }

    @Test
    void aSwarmWhoseNameEndsInANumberIsReadBackToo() {
        HostId host = host(new SwarmId("load-1-2"), 3, 4);
        assertThat(HostId.parse("load-1-2-3-4")).contains(host);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-",
                "quickstart",
                "quickstart-x",
                "quickstart-01",
                "quickstart-65536",
                "-1",
                "Quick-1",
                "a_b-1"
            })
    void whatIsNoClustersNameIsRefused(String name) {
        assertThat(ClusterId.parse(name)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "quickstart", "quickstart-1", "quickstart-1-65532", "quickstart-1-007", "quickstart-1-"})
    void whatIsNoHostsNameIsRefused(String name) {
        assertThat(HostId.parse(name)).isEmpty();
    }

    @Test
    void theLongestNamesFitIntoALabel() {
        SwarmId longest = new SwarmId("a".repeat(SwarmId.MAX_LENGTH));
        HostId last = host(longest, Identity.MAX_CLUSTERS - 1, Identity.MAX_HOSTS - 1);
        assertThat(last.name()).hasSizeLessThanOrEqualTo(63);
    }

    @Test
    void indexesOutOfRangeAreRefused() {
        assertThatThrownBy(() -> new ClusterId(SWARM, Identity.MAX_CLUSTERS)).hasMessageContaining("65536");
        assertThatThrownBy(() -> host(SWARM, 0, Identity.MAX_HOSTS)).hasMessageContaining("65532");
        assertThatThrownBy(() -> host(SWARM, 0, -1)).isInstanceOf(IllegalArgumentException.class);
    }

    private static HostId host(SwarmId swarm, int cluster, int host) {
        return new HostId(new ClusterId(swarm, cluster), host);
    }
}
