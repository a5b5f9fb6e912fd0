package io.assistedswarm.worker.runtime.hollow;

import static org.assertj.core.api.Assertions.assertThat;

import io.assistedswarm.agent.Hardware;
import io.assistedswarm.protocol.HostId;
import io.assistedswarm.worker.Samples;
import java.util.List;
import org.junit.jupiter.api.Test;

class HollowHardwareTest {
    private static final List<HostId> HOSTS = Samples.cluster(3, 200).hosts();

    private static List<Hardware> all(long seed) {
        return HOSTS.stream().map(host -> HollowHardware.of(seed, host)).toList();
    }

    @Test
    void isTheSameForTheSameSeedAndAnotherForAnother() {
        assertThat(all(7)).isEqualTo(all(7)).isNotEqualTo(all(8));
    }

    @Test
    void variesFromHostToHost() {
        assertThat(all(1)).extracting(Hardware::cores).contains(8, 16, 24, 32, 48, 64, 96);
        assertThat(all(1)).extracting(hardware -> hardware.disksGib().size()).contains(1, 2, 3, 4);
        assertThat(all(1)).extracting(Hardware::serialNumber).doesNotHaveDuplicates();
    }

    @Test
    void passesTheServicesDefaultRequirementsForEveryRole() {
        assertThat(all(1)).allSatisfy(hardware -> {
            assertThat(hardware.cores()).isGreaterThanOrEqualTo(8);
            assertThat(hardware.memoryGib()).isGreaterThan(16);
            assertThat(hardware.disksGib()).allMatch(gib -> gib >= 100);
        });
    }

    @Test
    void isAllTheSameWithoutASeed() {
        assertThat(all(0)).containsOnly(Hardware.STANDARD);
    }
}
