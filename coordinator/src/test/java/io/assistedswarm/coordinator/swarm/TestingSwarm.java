package io.assistedswarm.coordinator.swarm;

import static io.assistedswarm.coordinator.Samples.START;
import static io.assistedswarm.coordinator.Samples.cluster;
import static io.assistedswarm.coordinator.Samples.plan;
import static io.assistedswarm.coordinator.Samples.reached;
import static io.assistedswarm.coordinator.Samples.spec;
import static org.assertj.core.api.Assertions.assertThat;

import io.assistedswarm.coordinator.api.Views.SwarmState;
import io.assistedswarm.coordinator.api.Views.SwarmView;
import io.assistedswarm.coordinator.placement.Admission.Request;
import io.assistedswarm.coordinator.placement.Workers;
import io.assistedswarm.coordinator.placement.Workers.Moored;
import io.assistedswarm.coordinator.plan.SwarmPlan;
import io.assistedswarm.coordinator.record.Change;
import io.assistedswarm.coordinator.record.Recorder;
import io.assistedswarm.coordinator.record.RunRecord;
import io.assistedswarm.coordinator.record.RunRecord.Numbered;
import io.assistedswarm.coordinator.swarm.TestingFleet.Told;
import io.assistedswarm.protocol.BerthId;
import io.assistedswarm.protocol.ClusterId;
import io.assistedswarm.protocol.ClusterPhase;
import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.HostPhase;
import io.assistedswarm.protocol.Placement;
import io.assistedswarm.protocol.Transition;
import io.assistedswarm.protocol.WorkerName;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.apache.pekko.actor.AddressFromURIString;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.FishingOutcomes;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.pattern.StatusReply;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A swarm's actor, with all that surrounds it played by the test. */
class TestingSwarm {
    static final WorkerName A = new WorkerName("a");
    static final WorkerName B = new WorkerName("b");

    @TempDir
    private Path data;

    final ActorTestKit testKit;
    final AtomicReference<Instant> clock = new AtomicReference<>(START);
    final TestProbe<Workers.Command> workers;
    final TestProbe<Recorder.Command> recorder;
    final TestingFleet fleet;
    final TestingHub hub = new TestingHub();
    final TestingHubMetrics metrics = new TestingHubMetrics();
    final Map<WorkerName, Moored> moored;
    final Map<Integer, Workers.Reserve> reservations = new HashMap<>();
    RunRecord record;
    ActorRef<SwarmActor.Command> swarm;

    /** @param testKit whose time the test turns */
    TestingSwarm(ActorTestKit testKit) {
        this.testKit = testKit;
        workers = testKit.createTestProbe();
        recorder = testKit.createTestProbe();
        fleet = new TestingFleet(testKit);
        moored = Map.of(A, moored(A), B, moored(B));
    }

    @BeforeEach
    void openRecord() {
        record = RunRecord.open(data);
    }

    @AfterEach
    void stop() {
        testKit.stop(swarm);
        record.close();
    }

    void submit(SwarmPlan plan) {
        swarm = testKit.spawn(SwarmActor.create(spec(), new Change.SwarmAdded(spec(), plan, START), surroundings()));
    }

    /** As an earlier coordinator left it. */
    void resume(SwarmPlan plan, List<Change> changes, Transition... transitions) {
        List<Change> all = new ArrayList<>(List.of(new Change.SwarmAdded(spec(), plan, START)));
        all.addAll(changes);
        List<Numbered> numbered = new ArrayList<>();
        for (Transition transition : transitions) {
            numbered.add(new Numbered("a", "i", numbered.size() + 1, transition));
        }
        record.write(all, numbered);
        swarm = testKit.spawn(SwarmActor.restore(record.memory().swarms().getFirst(), surroundings()));
    }

    private Swarms.Surroundings surroundings() {
        return new Swarms.Surroundings(
                workers.ref(),
                TestingRecorder.create(testKit, recorder, record),
                record,
                fleet,
                hub,
                metrics,
                clock::get,
                Runnable::run);
    }

    void grant(int index) {
        grant(cluster(index), new Placement(new BerthId("a-" + (index + 1)), A, 0, hostsOf(index)));
    }

    void grant(ClusterId cluster, Placement... placements) {
        int hosts = Arrays.stream(placements).mapToInt(Placement::hostCount).sum();
        reply(new Workers.Granted(new Request(cluster, hosts, false), List.of(placements), moored));
    }

    void loseB() {
        reply(new Workers.Lost(cluster(0), B));
    }

    int hostsOf(int index) {
        // The reservation says it, and is looked at here so that what follows finds the next one.
        return reservations
                .computeIfAbsent(index, unused -> reserve(index))
                .request()
                .hosts();
    }

    Workers.Reserve reserve(int index) {
        Workers.Reserve reserve = workersAsked(Workers.Reserve.class);
        assertThat(reserve.request().cluster()).isEqualTo(cluster(index));
        return reserve;
    }

    ClusterId queued() {
        Workers.Reserve reserve = workersAsked(Workers.Reserve.class);
        reservations.put(reserve.request().cluster().index(), reserve);
        return reserve.request().cluster();
    }

    void reply(Workers.Reply reply) {
        reservations.values().stream().findFirst().orElseThrow().replyTo().tell(reply);
    }

    /** What is confirmed is looked at a little later. */
    ClusterId released() {
        pass(Duration.ofSeconds(1));
        return workersAsked(Workers.Release.class).cluster();
    }

    <T extends Workers.Command> T workersAsked(Class<T> type) {
        return type.cast(workers.fishForMessage(
                        Duration.ofSeconds(3),
                        message -> type.isInstance(message)
                                ? FishingOutcomes.complete()
                                : FishingOutcomes.continueAndIgnore())
                .getLast());
    }

    Told told(String to) {
        Told next = fleet.told.receiveMessage();
        assertThat(next.to()).isEqualTo(to);
        return next;
    }

    void end(int index, ClusterPhase clusterPhase, HostPhase hostPhase) {
        tell(reached(host(index, 0), hostPhase, 1), reached(cluster(index), clusterPhase, 1));
    }

    void tell(Transition... transitions) {
        swarm.tell(new SwarmActor.Reached(List.of(transitions)));
    }

    SwarmView view() {
        TestProbe<SwarmView> answer = testKit.createTestProbe();
        swarm.tell(new SwarmActor.ViewWanted(answer.ref()));
        return answer.receiveMessage();
    }

    SwarmView ask(Function<ActorRef<StatusReply<SwarmView>>, SwarmsCommand> question) {
        TestProbe<StatusReply<SwarmView>> answer = testKit.createTestProbe();
        swarm.tell(new SwarmActor.Asked(question.apply(answer.ref())));
        return answer.receiveMessage().getValue();
    }

    SwarmView awaitState(SwarmState state) {
        return workers.awaitAssert(() -> {
            SwarmView view = view();
            assertThat(view.state()).isEqualTo(state);
            return view;
        });
    }

    /** As time passes. */
    void passUntil(BooleanSupplier reached) {
        for (int i = 0; i < 20 && !reached.getAsBoolean(); i++) {
            pass(Duration.ofMillis(500));
        }
        assertThat(reached.getAsBoolean()).isTrue();
    }

    /** The next one that is recorded. */
    <T extends Change> T saved(Class<T> type) {
        List<Recorder.Command> saves = recorder.fishForMessage(
                Duration.ofSeconds(3),
                message -> message instanceof Recorder.Save save && type.isInstance(save.change())
                        ? FishingOutcomes.complete()
                        : FishingOutcomes.continueAndIgnore());
        return type.cast(((Recorder.Save) saves.getLast()).change());
    }

    Change.SwarmReached reachedState() {
        return saved(Change.SwarmReached.class);
    }

    void pass(Duration duration) {
        pass(duration, Duration.ofMillis(500));
    }

    /** In steps, as the actor compares the clock with what it has set a timer for. */
    void pass(Duration duration, Duration step) {
        for (Duration passed = Duration.ZERO; passed.compareTo(duration) < 0; passed = passed.plus(step)) {
            fleet.awaitAnswered();
            clock.updateAndGet(now -> now.plus(step));
            ManualTime.get(testKit.system()).timePasses(step);
            view();
        }
    }

    HostId host(int cluster, int index) {
        return new HostId(cluster(cluster), index);
    }

    Moored moored(WorkerName name) {
        return new Moored(AddressFromURIString.parse("pekko://assisted-swarm@127.0.0.1:1"), fleet.worker(name));
    }
}
