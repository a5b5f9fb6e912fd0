package io.assistedswarm.coordinator.placement;

import static org.assertj.core.api.Assertions.assertThat;

import io.assistedswarm.coordinator.placement.Placer.Share;
import io.assistedswarm.protocol.WorkerName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class PlacerTest {
    @Test
    void putsAWholeClusterOnTheWorkerWithMostRoom() {
        assertThat(Placer.place(3, List.of(room("a", 5, 0), room("b", 9, 2), room("c", 8, 4))))
                .contains(List.of(share("b", 3)));
    }

    @Test
    void spreadsWhatFitsNowhereAsAWhole() {
        assertThat(Placer.place(10, List.of(room("a", 4, 0), room("b", 9, 2), room("c", 1, 0))))
                .contains(List.of(share("b", 7), share("a", 3)));
    }

    @Test
    void placesNothingWhenOneHostWouldBeLeftOver() {
        assertThat(Placer.place(5, List.of(room("a", 2, 0), room("b", 2, 0)))).isEmpty();
    }

    @Test
    void placesNothingOnNoWorkers() {
        assertThat(Placer.place(1, List.of())).isEmpty();
    }

    @Test
    void aWorkerThatHoldsMoreThanItsCapacityHasNoRoom() {
        assertThat(Placer.place(1, List.of(room("a", 2, 5)))).isEmpty();
    }

    @Test
    void placesEveryHostOnceAndNeverMoreThanThereIsRoomFor() {
        Random random = new Random(7);
        for (int round = 0; round < 20_000; round++) {
            List<Room> rooms = new ArrayList<>();
            for (int worker = random.nextInt(6); worker > 0; worker--) {
                rooms.add(room("w" + worker, random.nextInt(30), random.nextInt(30)));
            }
            int hosts = 1 + random.nextInt(40);
            Optional<List<Share>> placed = Placer.place(hosts, rooms);
            int free = rooms.stream().mapToInt(Room::free).sum();
            assertThat(placed.isPresent()).as("%s hosts on %s", hosts, rooms).isEqualTo(hosts <= free);
            placed.ifPresent(shares -> {
                assertThat(shares.stream().mapToInt(Share::hosts).sum()).isEqualTo(hosts);
                assertThat(shares).extracting(Share::worker).doesNotHaveDuplicates();
                assertThat(shares)
                        .allSatisfy(share -> assertThat(share.hosts()).isBetween(1, freeOf(share.worker(), rooms)));
                boolean fitsOnOne = rooms.stream().anyMatch(room -> room.free() >= hosts);
                assertThat(shares.size() == 1).isEqualTo(fitsOnOne);
            });
        }
    }

    private static int freeOf(WorkerName worker, List<Room> rooms) {
        return rooms.stream()
                .collect(Collectors.toMap(Room::worker, Room::free))
                .get(worker);
    }

    private static Room room(String name, int capacity, int used) {
        return new Room(new WorkerName(name), capacity, used, 0);
    }

    private static Share share(String worker, int hosts) {
        return new Share(new WorkerName(worker), hosts);
    }
}
