package io.assistedswarm.coordinator.placement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.assistedswarm.coordinator.placement.Admission.Decision;
import io.assistedswarm.coordinator.placement.Admission.Grant;
import io.assistedswarm.coordinator.placement.Admission.Request;
import io.assistedswarm.protocol.ClusterId;
import io.assistedswarm.protocol.SwarmId;
import io.assistedswarm.protocol.WorkerName;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AdmissionTest {
    private static final SwarmId SWARM = new SwarmId("load-1");
    private static final Admission.Hosts NOBODY = (swarm, worker) -> 0;

    @Test
    void grantsInTheOrderOfAsking() {
        Decision decision = Admission.decide(requests(3, 2, 1), List.of(room("a", 6, 0, 0)), NOBODY);
        assertThat(decision.grants())
                .extracting(grant -> grant.request().cluster().index())
                .containsExactly(0, 1, 2);
        assertThat(decision.waiting()).isEmpty();
    }

    @Test
    void keepsWhatIsFreeForTheFirstThatWillFit() {
        Decision decision = Admission.decide(requests(5, 1), List.of(room("a", 6, 3, 0)), NOBODY);
        assertThat(decision.grants()).isEmpty();
        assertThat(decision.waiting())
                .containsEntry(
                        new Request(cluster(0), 5, false),
                        "waits for places: load-1-0, which needs 5 places; 3 of 6 are free")
                .containsEntry(
                        new Request(cluster(1), 1, false),
                        "waits behind load-1-0, which needs 5 places; 3 of 6 are free");
    }

    @Test
    void keepsASwarmToItsHostsPerWorkerAndLetsOthersPass() {
        SwarmId other = new SwarmId("load-2");
        Request bounded = new Request(cluster(0), 0, 3, false, false, Optional.of(4));
        Request smaller = new Request(cluster(1), 0, 1, false, false, Optional.of(4));
        Request unbounded = new Request(new ClusterId(other, 0), 3, false);
        Decision decision = Admission.decide(
                List.of(bounded, smaller, unbounded),
                List.of(room("a", 9, 2, 0)),
                (swarm, worker) -> swarm.equals(SWARM) ? 2 : 0);
        assertThat(decision.grants()).extracting(Grant::request).containsExactly(unbounded);
        assertThat(decision.held()).containsExactlyInAnyOrder(bounded, smaller);
        assertThat(decision.waiting().get(bounded))
                .isEqualTo(
                        "waits for the pace: workers with room have as many hosts of the swarm as they may (maxPerWorker 4)");
    }

    @Test
    void countsWhatItHasJustGrantedToASwarm() {
        Request first = new Request(cluster(0), 0, 3, false, false, Optional.of(4));
        Request second = new Request(cluster(1), 0, 3, false, false, Optional.of(4));
        Decision decision =
                Admission.decide(List.of(first, second), List.of(room("a", 9, 0, 0), room("b", 9, 7, 0)), NOBODY);
        assertThat(decision.grants()).extracting(Grant::request).containsExactly(first, second);
        assertThat(decision.grants().getLast().shares())
                .extracting(share -> share.worker().value(), Placer.Share::hosts)
                .containsExactlyInAnyOrder(tuple("b", 2), tuple("a", 1));
    }

    @Test
    void passesOverWhatCannotFitEvenWhenAllHaveEnded() {
        Decision decision = Admission.decide(requests(9, 2), List.of(room("a", 6, 0, 0)), NOBODY);
        assertThat(decision.grants())
                .extracting(grant -> grant.request().cluster())
                .containsExactly(cluster(1));
        assertThat(decision.waiting().get(new Request(cluster(0), 9, false)))
                .isEqualTo(
                        "waits for more workers: load-1-0 needs 9 places, 1 workers have 6 that are not held by InfraEnvs without a cluster");
    }

    @Test
    void passesOverWhatHeldPlacesKeepOutForGood() {
        Decision decision = Admission.decide(requests(4, 2), List.of(room("a", 6, 3, 3)), NOBODY);
        assertThat(decision.grants())
                .extracting(grant -> grant.request().cluster())
                .containsExactly(cluster(1));
    }

    @Test
    void saysHowManyPlacesAreNeededWhenThereIsNoWorker() {
        assertThat(Admission.decide(requests(4), List.of(), NOBODY).waiting())
                .containsEntry(
                        new Request(cluster(0), 4, false), "waits for workers: load-1-0 needs 4 places, 0 workers");
    }

    /** Clusters of all sizes come, run for a while and end; some hold their places, workers come and go. */
    @Test
    void neverHalfAdmitsNeverOvercommitsAndLetsEveryClusterThatCanFitHaveItsTurn() {
        for (int seed = 0; seed < 400; seed++) {
            Random random = new Random(seed);
            int[] capacities = IntStream.range(0, 1 + random.nextInt(4))
                    .map(i -> 1 + random.nextInt(20))
                    .toArray();
            new Simulation(random, capacities).run(seed);
        }
    }

    private static final class Simulation {
        private final Random random;
        private final Map<WorkerName, Room> rooms = new HashMap<>();
        private final List<Request> queue = new ArrayList<>();
        private final List<Grant> running = new ArrayList<>();
        private int held;

        private Simulation(Random random, int[] capacities) {
            this.random = random;
            for (int i = 0; i < capacities.length; i++) {
                Room room = room("w" + i, capacities[i], 0, 0);
                rooms.put(room.worker(), room);
            }
            int total = Arrays.stream(capacities).sum();
            for (int i = 0; i < 40; i++) {
                boolean holds = random.nextInt(10) == 0;
                queue.add(new Request(cluster(i), 1 + random.nextInt(holds ? 2 : total + 2), holds));
            }
        }

        private void run(int seed) {
            for (int round = 0; round < 1_000 && !queue.isEmpty(); round++) {
                Decision decision = Admission.decide(List.copyOf(queue), rooms.values(), NOBODY);
                decision.grants().forEach(this::admit);
                assertThat(decision.waiting().keySet())
                        .as("whoever waits is told why")
                        .containsExactlyInAnyOrderElementsOf(queue);
                if (running.isEmpty() && decision.grants().isEmpty()) {
                    break;
                }
                if (!running.isEmpty()) {
                    end(running.remove(random.nextInt(running.size())));
                }
            }
            int obtainable = Admission.obtainable(rooms.values());
            assertThat(queue)
                    .as("seed %s: what is left could not fit any more: %s places are held", seed, held)
                    .allSatisfy(request -> assertThat(request.hosts()).isGreaterThan(obtainable));
        }

        private void admit(Grant grant) {
            assertThat(grant.shares().stream().mapToInt(Placer.Share::hosts).sum())
                    .isEqualTo(grant.request().hosts());
            grant.shares().forEach(share -> {
                Room taken = rooms.computeIfPresent(
                        share.worker(),
                        (name, room) ->
                                room.taking(share.hosts(), grant.request().holds()));
                assertThat(taken.used()).isLessThanOrEqualTo(taken.capacity());
            });
            queue.remove(grant.request());
            if (grant.request().holds()) {
                held += grant.request().hosts();
            } else {
                running.add(grant);
            }
        }

        private void end(Grant grant) {
            grant.shares()
                    .forEach(share ->
                            rooms.computeIfPresent(share.worker(), (name, room) -> room.taking(-share.hosts(), false)));
        }
    }

    private static List<Request> requests(int... hosts) {
        return IntStream.range(0, hosts.length)
                .mapToObj(i -> new Request(cluster(i), hosts[i], false))
                .toList();
    }

    private static ClusterId cluster(int index) {
        return new ClusterId(SWARM, index);
    }

    private static Room room(String name, int capacity, int used, int held) {
        return new Room(new WorkerName(name), capacity, used, held);
    }
}
