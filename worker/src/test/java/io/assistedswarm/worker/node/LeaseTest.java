package io.assistedswarm.worker.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.assistedswarm.protocol.Presence;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class LeaseTest {
    private static final Duration LENGTH = Duration.ofSeconds(20);

    private final Lease lease = new Lease(Duration.ofSeconds(100));

    @Test
    void lastsFromTheReportOnAndNeverGetsShorter() {
        assertThat(lease.renewed(1_000, LENGTH)).isEqualTo(1_020);
        assertThat(lease.renewed(990, LENGTH)).isEqualTo(1_020);
    }

    @Test
    void isOverdueAfterAQuarterOfIt() {
        assertThat(lease.isOverdue(5_000)).as("never granted").isFalse();
        lease.renewed(1_000, LENGTH);
        assertThat(lease.isOverdue(1_005)).isFalse();
        assertThat(lease.isOverdue(1_006)).isTrue();
    }

    @Test
    void goesOnWhileNoCoordinatorRunsButNotForEver() {
        lease.renewed(1_000, LENGTH);
        assertThat(lease.goesOn(Presence.SILENT, 1_010)).isFalse();
        assertThat(lease.goesOn(Presence.LISTENS, 1_010)).isFalse();
        assertThat(lease.goesOn(Presence.ENDED, 1_010)).isTrue();
        assertThat(lease.extend(1_010)).isEqualTo(1_030);
        assertThat(lease.goesOn(Presence.ENDED, 1_030)).isTrue();
        assertThat(lease.extend(1_090)).isEqualTo(1_110);
        assertThat(lease.goesOn(Presence.ENDED, 1_109)).isTrue();
        assertThat(lease.goesOn(Presence.ENDED, 1_110)).isFalse();
        lease.renewed(1_120, LENGTH);
        assertThat(lease.goesOn(Presence.ENDED, 1_130))
                .as("another coordinator has ended")
                .isTrue();
    }

    @Test
    void isNotTakenUpAgainOnceItIsOverAsTheHostsMayHaveBeenGivenAwayBeforeTheCoordinatorEnded() {
        lease.renewed(1_000, LENGTH);
        assertThat(lease.goesOn(Presence.LISTENS, 1_015)).isFalse();
        assertThat(lease.goesOn(Presence.ENDED, 1_021)).isFalse();
        assertThat(lease.renewed(1_040, LENGTH)).isEqualTo(1_060);
        assertThat(lease.goesOn(Presence.ENDED, 1_050)).isTrue();
    }

    @Test
    void isGivenUpWhenTheCoordinatorIsThereAndDoesNotRenewIt() {
        lease.renewed(1_000, LENGTH);
        assertThat(lease.isGivenUp(Presence.LISTENS, 1_080)).isFalse();
        assertThat(lease.isGivenUp(Presence.SILENT, 1_081)).isFalse();
        assertThat(lease.isGivenUp(Presence.LISTENS, 1_081)).isTrue();
    }
}
