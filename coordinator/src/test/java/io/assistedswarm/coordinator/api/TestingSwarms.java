package io.assistedswarm.coordinator.api;

import io.assistedswarm.coordinator.api.SwarmMap.FailureGroup;
import io.assistedswarm.coordinator.api.Views.HostView;
import io.assistedswarm.coordinator.api.Views.ObstacleView;
import io.assistedswarm.coordinator.api.Views.ServiceEventView;
import io.assistedswarm.coordinator.api.Views.ServiceEventsView;
import io.assistedswarm.coordinator.api.Views.SwarmState;
import io.assistedswarm.coordinator.api.Views.SwarmView;
import io.assistedswarm.coordinator.api.Views.Verdict;
import io.assistedswarm.coordinator.api.Views.WorkerView;
import io.assistedswarm.coordinator.preflight.HubSurvey;
import io.assistedswarm.coordinator.preflight.Preflight;
import io.assistedswarm.coordinator.report.EventPage;
import io.assistedswarm.coordinator.report.Timeline;
import io.assistedswarm.coordinator.swarm.SwarmsCommand;
import io.assistedswarm.coordinator.swarm.SwarmsCommand.NotFound;
import io.assistedswarm.protocol.ApiToken;
import io.assistedswarm.protocol.ClusterPhase;
import io.assistedswarm.protocol.Description;
import io.assistedswarm.protocol.Failure;
import io.assistedswarm.protocol.HostPhase;
import io.assistedswarm.protocol.WorkerCommand.LogChunk;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.pattern.StatusReply;

/** A coordinator of made-up swarms, of any size, as the API sees it. The test moves their hosts. */
public final class TestingSwarms {
    private static final List<HostPhase> WAY = List.of(
            HostPhase.PLACED,
            HostPhase.CREATED,
            HostPhase.DOWNLOADING,
            HostPhase.BOOTED,
            HostPhase.REGISTERED,
            HostPhase.KNOWN,
            HostPhase.PREPARING,
            HostPhase.INSTALLING,
            HostPhase.REBOOTING,
            HostPhase.JOINED,
            HostPhase.INSTALLED);

    private final Random random = new Random(6);
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final Map<String, Made> swarms = new LinkedHashMap<>();
    private final Instant begun = Instant.now().minusSeconds(4000);
    private volatile int workers;

    private static final class Made {
        private final List<Integer> sizes;
        private final int[] steps;
        private final Instant submitted;
        private SwarmState state = SwarmState.RUNNING;

        private Made(List<Integer> sizes, Instant submitted) {
            this.sizes = sizes;
            this.submitted = submitted;
            this.steps = new int[sizes.stream().mapToInt(Integer::intValue).sum()];
        }
    }

    /** -1 for a host without a place, the way's length and one for one that has failed. */
    synchronized void add(String id, List<Integer> sizes, Instant submitted) {
        Made made = new Made(sizes, submitted);
        Arrays.fill(made.steps, -1);
        swarms.put(id, made);
    }

    void workers(int count) {
        workers = count;
    }

    /** Spreads the hosts over the way, the first ones furthest. */
    synchronized void spread(String id, double failing) {
        Made made = swarms.get(id);
        for (int i = 0; i < made.steps.length; i++) {
            double along = 1.25 * (1 - (double) i / made.steps.length) - 0.1 + random.nextGaussian() * 0.06;
            int step = (int) Math.floor(along * WAY.size());
            made.steps[i] = random.nextDouble() < failing ? WAY.size() : Math.clamp(step, -1, WAY.size() - 1);
        }
    }

    /** Moves so many hosts one phase on. */
    synchronized void move(String id, int count) {
        Made made = swarms.get(id);
        for (int i = 0; i < count; i++) {
            int host = random.nextInt(made.steps.length);
            if (made.steps[host] < WAY.size() - 1) {
                made.steps[host]++;
            }
        }
    }

    synchronized void state(String id, SwarmState state) {
        swarms.get(id).state = state;
    }

    /** Everything that has been asked for that changes something, as {@code pause night}. */
    List<String> asked() {
        return List.copyOf(asked);
    }

    /**
     * An API that asks this one.
     *
     * @param hub is not asked
     */
    HttpApi.Binding bind(ActorTestKit kit, KubernetesClient hub, Optional<ApiToken> token) throws Exception {
        ActorRef<SwarmsCommand> swarms = kit.spawn(behavior());
        return HttpApi.bind(
                        kit.system(),
                        swarms,
                        new Preflight(new HubSurvey(hub), swarms, kit.scheduler(), Samples.BLOCKING),
                        Samples.metrics(),
                        "127.0.0.1",
                        0,
                        new Access(token, Optional.empty()))
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS);
    }

    private Behavior<SwarmsCommand> behavior() {
        return Behaviors.receiveMessage(command -> {
            answer(command);
            return Behaviors.same();
        });
    }

    private synchronized void answer(SwarmsCommand command) {
        switch (command) {
            case SwarmsCommand.GetSwarms get ->
                get.replyTo().tell(swarms.keySet().stream().map(this::view).toList());
            case SwarmsCommand.GetWorkers get -> get.replyTo().tell(workerViews());
            case SwarmsCommand.GetMap get ->
                reply(get.replyTo(), get.swarm().value(), () -> map(get.swarm().value()));
            case SwarmsCommand.GetClusters get ->
                get.replyTo().tell(StatusReply.success(List.of(Samples.cluster("night-0", "night", "installing"))));
            case SwarmsCommand.GetHosts get -> get.replyTo().tell(StatusReply.success(hosts(get)));
            case SwarmsCommand.DescribeCluster get ->
                get.replyTo().tell(StatusReply.success(description(get.cluster().name())));
            case SwarmsCommand.DescribeHost get ->
                get.replyTo().tell(StatusReply.success(description(get.host().name())));
            case SwarmsCommand.GetTimeline get ->
                get.replyTo()
                        .tell(StatusReply.success(new Timeline(
                                get.cluster().name(),
                                List.of(
                                        new Timeline.Entry(Samples.START, "submitted", "", Optional.of(1.5)),
                                        new Timeline.Entry(
                                                Samples.START.plusMillis(1500),
                                                "placed",
                                                "it has its place",
                                                Optional.empty())),
                                "")));
            case SwarmsCommand.GetObstacles get ->
                get.replyTo()
                        .tell(StatusReply.success(List.of(new ObstacleView(
                                "host",
                                "Agent",
                                "Validated",
                                "ValidationsFailing",
                                "The agent's validations are failing: Host couldn't synchronize with any NTP server",
                                Optional.of(Samples.START),
                                412,
                                List.of("night-0-0", "night-1-0", "night-3-2"),
                                412))));
            case SwarmsCommand.GetServiceEvents get ->
                get.replyTo()
                        .tell(StatusReply.success(new ServiceEventsView(
                                Optional.of(12.0),
                                List.of(new ServiceEventView(
                                        Samples.START,
                                        "warning",
                                        "host_status_updated",
                                        "Host <b>night</b>: insufficient")))));
            case SwarmsCommand.GetEvents get ->
                get.replyTo()
                        .tell(StatusReply.success(new EventPage(
                                asked.stream()
                                        .map(order -> new EventPage.Event(
                                                Samples.START, "order", order, "told to " + order, "", "", "user"))
                                        .toList(),
                                "0-0-" + asked.size())));
            case SwarmsCommand.ReadLog read -> read.replyTo().tell(StatusReply.success(log(read)));
            case SwarmsCommand.Pause pause ->
                change(pause.swarm().value(), "pause", SwarmState.PAUSED, pause.replyTo());
            case SwarmsCommand.Resume resume ->
                change(resume.swarm().value(), "resume", SwarmState.RUNNING, resume.replyTo());
            case SwarmsCommand.Cancel cancel ->
                change(cancel.swarm().value(), "cancel", SwarmState.CANCELLING, cancel.replyTo());
            case SwarmsCommand.DrainWorker drain -> {
                asked.add("drain " + drain.worker()
                        + drain.moveAfter().map(after -> " " + after).orElse(""));
                drain.replyTo().tell(StatusReply.success(Optional.of(worker(0))));
            }
            default -> throw new IllegalArgumentException("not made up: " + command);
        }
    }

    private <T> void reply(ActorRef<StatusReply<T>> replyTo, String swarm, Supplier<T> value) {
        replyTo.tell(
                swarms.containsKey(swarm)
                        ? StatusReply.success(value.get())
                        : StatusReply.error(new NotFound("there is no swarm " + swarm)));
    }

    private void change(String id, String verb, SwarmState next, ActorRef<StatusReply<SwarmView>> replyTo) {
        asked.add(verb + " " + id);
        swarms.get(id).state = next;
        replyTo.tell(StatusReply.success(view(id)));
    }

    private SwarmView view(String id) {
        Made made = swarms.get(id);
        Map<String, Integer> hosts = new LinkedHashMap<>();
        for (int step : made.steps) {
            hosts.merge(step < 0 ? "pending" : phase(step).label(), 1, Integer::sum);
        }
        Map<String, Integer> clusters = new LinkedHashMap<>();
        clusterPhases(made).forEach(phase -> clusters.merge(phase.label(), 1, Integer::sum));
        return new SwarmView(
                id,
                made.state,
                made.state == SwarmState.DONE ? Verdict.FAILED : Verdict.NONE,
                made.submitted,
                Optional.empty(),
                "hollow",
                made.sizes.size(),
                made.steps.length,
                0,
                clusters,
                hosts,
                made.state == SwarmState.PAUSED ? "paused: 3 clusters are not admitted" : "",
                List.of(),
                412.5,
                Optional.of(1830L),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    private static HostPhase phase(int step) {
        return step >= WAY.size() ? HostPhase.FAILED : WAY.get(step);
    }

    private static List<ClusterPhase> clusterPhases(Made made) {
        List<ClusterPhase> phases = new ArrayList<>();
        int at = 0;
        for (int size : made.sizes) {
            int least = Arrays.stream(made.steps, at, at + size).min().orElse(-1);
            int most = Arrays.stream(made.steps, at, at + size).max().orElse(-1);
            at += size;
            phases.add(
                    most >= WAY.size()
                            ? ClusterPhase.FAILED
                            : least < 0
                                    ? ClusterPhase.PENDING
                                    : least < 5
                                            ? ClusterPhase.IMAGE_READY
                                            : least < WAY.size() - 1
                                                    ? ClusterPhase.INSTALLING
                                                    : ClusterPhase.INSTALLED);
        }
        return phases;
    }

    private SwarmMap map(String id) {
        Made made = swarms.get(id);
        StringBuilder hosts = new StringBuilder();
        for (int step : made.steps) {
            hosts.append(step < 0 ? SwarmMap.NO_PLACE : SwarmMap.letter(phase(step)));
        }
        StringBuilder clusters = new StringBuilder();
        clusterPhases(made).forEach(phase -> clusters.append(SwarmMap.letter(phase)));
        int failed = (int)
                Arrays.stream(made.steps).filter(step -> step >= WAY.size()).count();
        return new SwarmMap(
                id,
                made.sizes,
                clusters.toString(),
                hosts.toString(),
                failed == 0
                        ? List.of()
                        : List.of(
                                new FailureGroup(
                                        "host",
                                        Failure.Side.SERVICE,
                                        "HostError",
                                        failed,
                                        "Host failed to install: <img src=x onerror=\"document.title='owned'\"> failed with exit code 1",
                                        List.of(id + "-0-0", id + "-1-0")),
                                new FailureGroup(
                                        "cluster",
                                        Failure.Side.GENERATOR,
                                        "WorkerLost",
                                        1,
                                        "worker w9 is lost",
                                        List.of(id + "-2"))));
    }

    private List<HostView> hosts(SwarmsCommand.GetHosts get) {
        String cluster = get.cluster().orElseThrow().name();
        return List.of(
                Samples.host(cluster + "-0", "night", cluster),
                Samples.host(cluster + "-1", "night", cluster),
                Samples.host(cluster + "-10", "night", cluster));
    }

    private static Description description(String name) {
        return new Description(
                name,
                "booted",
                Samples.START,
                1,
                "its Agent <b>CR</b>",
                Optional.empty(),
                Optional.of(new Description.LastError(Samples.START, 3, "Connection refused")),
                Optional.of(new Description.ProcessState(4711, Samples.START, 1, "agent.log")),
                List.of());
    }

    private static LogChunk log(SwarmsCommand.ReadLog read) {
        String whole = "level=info msg=\"Start agent of " + read.host().name()
                + "\"\n<script>document.title='owned'</script>\n";
        int from = read.offset() < 0 ? 0 : (int) Math.min(read.offset(), whole.length());
        return new LogChunk(whole.substring(from), whole.getBytes(StandardCharsets.UTF_8).length);
    }

    private List<WorkerView> workerViews() {
        List<WorkerView> views = new ArrayList<>();
        for (int i = 0; i < workers; i++) {
            views.add(worker(i));
        }
        return views;
    }

    private WorkerView worker(int i) {
        int held = swarms.values().stream().mapToInt(made -> made.steps.length).sum() / Math.max(1, workers);
        return new WorkerView(
                "w" + (i + 1),
                "pekko://swarm@127.0.0.1:" + (25521 + i),
                i == 2 ? "draining" : "up",
                "0.1",
                Math.max(50, held * 5 / 4),
                held,
                0,
                16,
                64L << 30,
                (i + 1L) << 28,
                180,
                4711L * (i + 1),
                begun);
    }
}
