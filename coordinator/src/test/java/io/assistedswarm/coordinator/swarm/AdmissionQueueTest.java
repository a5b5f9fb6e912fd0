package io.assistedswarm.coordinator.swarm;

import static io.assistedswarm.coordinator.Samples.START;
import static io.assistedswarm.coordinator.Samples.SWARM;
import static io.assistedswarm.coordinator.Samples.cluster;
import static io.assistedswarm.coordinator.Samples.clusters;
import static io.assistedswarm.coordinator.Samples.plan;
import static org.assertj.core.api.Assertions.assertThat;

import io.assistedswarm.coordinator.placement.Admission.Request;
import io.assistedswarm.coordinator.plan.Pace;
import io.assistedswarm.coordinator.plan.PaceChange;
import io.assistedswarm.coordinator.record.Arrival;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AdmissionQueueTest {
    private static final Pace EVERY_TEN_SECONDS = new Pace(1, Duration.ofSeconds(10), 2, 9);
    private final AdmissionQueue queue = queue(EVERY_TEN_SECONDS);

    @Test
    void startsClustersAtTheirTimesHoweverItWentWithThoseBefore() {
        assertThat(next(0, 0)).containsExactly(0);
        assertThat(next(9, 0)).isEmpty();
        assertThat(queue.nextDue()).contains(at(10));
        assertThat(next(10, 0)).as("the first one still waits for its places").containsExactly(1);
        assertThat(next(45, 0)).as("two are installing or will be").isEmpty();
    }

    @Test
    void isPunctualWhenThePlacesAreThere() {
        next(0, 0);
        assertThat(arrival(0, 0)).isEqualTo(new Arrival(cluster(0), at(0), at(0), Duration.ZERO, Duration.ZERO));
        assertThat(next(10, 1)).containsExactly(1);
        assertThat(arrival(1, 11).late()).isEqualTo(Duration.ofSeconds(1));
        assertThat(arrival(1, 11, false)).isEmpty();
    }

    @Test
    void tellsThePlansOwnBoundFromLateness() {
        next(0, 0);
        arrival(0, 0);
        next(10, 1);
        arrival(1, 10);
        assertThat(next(20, 2)).isEmpty();
        assertThat(queue.waiting(at(20), 2, 0))
                .isEqualTo("waits for the pace: 2 clusters are installing (maxInstalling 2)");
        assertThat(next(50, 1)).containsExactly(2);
        Arrival held = arrival(2, 51);
        assertThat(held.held()).isEqualTo(Duration.ofSeconds(30));
        assertThat(held.late()).isEqualTo(Duration.ofSeconds(1));
        assertThat(held.mostlyForRoom()).isFalse();
    }

    @Test
    void saysHowLongTheWorkersHadNoRoom() {
        next(0, 0);
        queue.waits(cluster(0), "waits for places", false, at(0));
        Arrival late = arrival(0, 40);
        assertThat(late.late()).isEqualTo(Duration.ofSeconds(40));
        assertThat(late.forRoom()).isEqualTo(Duration.ofSeconds(40));
        assertThat(late.mostlyForRoom()).isTrue();
    }

    @Test
    void countsAWaitForABoundPerWorkerAsThePlans() {
        next(0, 0);
        queue.waits(cluster(0), "maxPerWorker", true, at(0));
        queue.waits(cluster(0), "waits for places", false, at(30));
        Arrival late = arrival(0, 40);
        assertThat(late.held()).isEqualTo(Duration.ofSeconds(30));
        assertThat(late.forRoom()).isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void isLateByItselfWhenNobodyHasLookedForAWhile() {
        next(0, 0);
        arrival(0, 0);
        assertThat(next(25, 1)).containsExactly(1);
        Arrival late = arrival(1, 25);
        assertThat(late.late()).isEqualTo(Duration.ofSeconds(15));
        assertThat(late.mostlyForRoom()).isFalse();
    }

    @Test
    void countsWhatABoundWouldHaveKeptWhileNobodyLooked() {
        next(0, 0);
        arrival(0, 0);
        next(10, 1);
        arrival(1, 10);
        assertThat(next(100, 2)).isEmpty();
        assertThat(next(110, 1)).containsExactly(2);
        assertThat(arrival(2, 110).late()).isZero();
    }

    @Test
    void doesNotCountAPause() {
        next(0, 0);
        queue.waits(cluster(0), "waits for places", false, at(0));
        queue.pause(at(5));
        queue.resume(at(105));
        assertThat(next(105, 0)).as("the first one again").containsExactly(0);
        Arrival late = arrival(0, 106);
        assertThat(late.due()).isEqualTo(at(100));
        assertThat(late.late()).isEqualTo(Duration.ofSeconds(6));
        assertThat(late.forRoom()).isEqualTo(Duration.ofSeconds(5));
        assertThat(next(109, 1)).isEmpty();
        assertThat(next(110, 1)).containsExactly(1);
    }

    @Test
    void goesOnAtAChangedPaceFromNow() {
        next(0, 0);
        queue.change(
                new PaceChange(
                        Optional.of(new Pace(1, Duration.ofSeconds(100), 9, 9)),
                        Optional.of(9),
                        Optional.empty(),
                        Optional.empty()),
                at(5));
        assertThat(next(5, 1)).containsExactly(1);
        assertThat(next(104, 2)).isEmpty();
        assertThat(next(105, 2)).containsExactly(2);
    }

    @Test
    void doesNotCallClustersDuringAPauseInWhichThePaceChanges() {
        next(0, 0);
        queue.pause(at(5));
        queue.change(
                new PaceChange(
                        Optional.of(new Pace(1, Duration.ofSeconds(100), 9, 9)),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty()),
                at(60));
        queue.resume(at(100));
        assertThat(next(100, 0)).containsExactly(0, 1);
        assertThat(next(199, 0)).isEmpty();
        assertThat(queue.nextDue()).contains(at(200));
    }

    @Test
    void measuresNothingWhereThePlanSaysNotWhen() {
        AdmissionQueue unpaced = queue(Pace.UNLIMITED);
        assertThat(unpaced.next(at(0), 0, 0)).hasSize(5);
        assertThat(unpaced.nextDue()).isEmpty();
        assertThat(unpaced.granted(cluster(0), at(60)).orElseThrow().arrival()).isEmpty();
    }

    @Test
    void startsNoMoreAtATimeThanAreAnsweredInTime() {
        AdmissionQueue unpaced = queue(Pace.UNLIMITED);
        assertThat(unpaced.next(at(0), 0, 200)).isEmpty();
        assertThat(unpaced.waiting(at(0), 0, 200)).isEqualTo("waits for 200 clusters and hosts to be started");
        assertThat(unpaced.next(at(1), 0, 198)).hasSize(2);
        assertThat(unpaced.next(at(2), 0, 0)).hasSize(3);
    }

    private List<Integer> next(int second, int installing) {
        return queue.next(at(second), installing, 0).stream()
                .map(Request::cluster)
                .map(id -> id.index())
                .toList();
    }

    private Arrival arrival(int index, int second) {
        return arrival(index, second, true).orElseThrow();
    }

    private Optional<Arrival> arrival(int index, int second, boolean queues) {
        Optional<AdmissionQueue.Admitted> admitted = queue.granted(cluster(index), at(second));
        assertThat(admitted.isPresent()).isEqualTo(queues);
        return admitted.flatMap(AdmissionQueue.Admitted::arrival);
    }

    private static AdmissionQueue queue(Pace pace) {
        AdmissionQueue queue = new AdmissionQueue(
                new PaceGate(pace), plan(pace, clusters(5, 1, 0)).expand(SWARM));
        queue.begin(START);
        return queue;
    }

    private static Instant at(int second) {
        return START.plusSeconds(second);
    }
}
