package io.assistedswarm.coordinator.placement;

import static org.assertj.core.api.Assertions.assertThat;

import io.assistedswarm.coordinator.placement.Admission.Grant;
import io.assistedswarm.coordinator.placement.Admission.Request;
import io.assistedswarm.coordinator.placement.Placer.Share;
import io.assistedswarm.protocol.BerthId;
import io.assistedswarm.protocol.ClusterId;
import io.assistedswarm.protocol.Placement;
import io.assistedswarm.protocol.SwarmId;
import io.assistedswarm.protocol.WorkerName;
import java.util.List;
import org.junit.jupiter.api.Test;

class WorkerBookTest {
    private static final WorkerName A = new WorkerName("host-a:25521");
    private static final WorkerName B = new WorkerName("host-b:25521");
    private final WorkerBook book = new WorkerBook();

    @Test
    void givesEachShareABerthOfItsWorkerAndItsHostsInOrder() {
        book.reported(A, 4, 7);
        book.reported(B, 4, 8);
        List<Placement> placements = book.take(grant(0, false, new Share(A, 4), new Share(B, 2)));
        assertThat(placements)
                .containsExactly(
                        new Placement(new BerthId("host-a-25521-7-1"), A, 0, 4, 1, 7),
                        new Placement(new BerthId("host-b-25521-8-1"), B, 4, 2, 1, 8));
        assertThat(book.used(A)).isEqualTo(4);
        assertThat(book.used(B)).isEqualTo(2);
    }

    @Test
    void givesPlacesAgainOnceTheirClusterHasEndedAndNoBerthTwice() {
        book.reported(A, 4, 7);
        BerthId first = berth(0);
        BerthId second = berth(1);
        book.release(cluster(0));
        assertThat(berth(2)).isNotIn(first, second);
        assertThat(book.used(A)).isEqualTo(2);
    }

    @Test
    void givesAllBerthsOfOneStartOfAWorkerOneShard() {
        book.reported(A, 4, -7);
        String shard = berth(0).shard();
        assertThat(berth(1).shard()).isEqualTo(shard);
        book.lost(A);
        book.reported(A, 4, 9);
        assertThat(berth(2).shard()).isNotEqualTo(shard);
    }

    @Test
    void neverGivesAReturningWorkerABerthThatItHadBefore() {
        book.reported(A, 4, 7);
        BerthId before = berth(0);
        assertThat(book.lost(A)).containsExactly(cluster(0));
        book.reported(A, 4, 9);
        assertThat(book.take(grant(1, false, new Share(A, 2))))
                .extracting(Placement::incarnation)
                .containsExactly(9);
        assertThat(berth(2)).isNotEqualTo(before);
    }

    @Test
    void keepsTheBerthsOfWorkersApartWhoseNamesLookAlike() {
        WorkerName alike = new WorkerName("host-a-25521");
        book.reported(A, 4, 7);
        book.reported(alike, 4, 8);
        BerthId one = book.take(grant(0, false, new Share(A, 1))).getFirst().berth();
        BerthId other =
                book.take(grant(1, false, new Share(alike, 1))).getFirst().berth();
        assertThat(one).isNotEqualTo(other);
    }

    @Test
    void countsHeldPlacesApart() {
        book.reported(A, 4, 7);
        book.take(grant(0, true, new Share(A, 3)));
        book.take(grant(1, false, new Share(A, 1)));
        assertThat(book.rooms()).containsExactly(new Room(A, 4, 4, 3));
    }

    @Test
    void offersNothingOfAWorkerThatIsOutOfReach() {
        book.reported(A, 4, 7);
        book.open(A, false);
        assertThat(book.rooms()).isEmpty();
        book.reported(A, 4, 7);
        assertThat(book.rooms())
                .as("a report that was on its way proves nothing")
                .isEmpty();
        book.open(A, true);
        assertThat(book.rooms()).hasSize(1);
    }

    private BerthId berth(int index) {
        return book.take(grant(index, false, new Share(A, 1))).getFirst().berth();
    }

    private static Grant grant(int index, boolean holds, Share... shares) {
        int hosts = List.of(shares).stream().mapToInt(Share::hosts).sum();
        return new Grant(new Request(cluster(index), hosts, holds), List.of(shares));
    }

    private static ClusterId cluster(int index) {
        return new ClusterId(new SwarmId("load-1"), index);
    }
}
