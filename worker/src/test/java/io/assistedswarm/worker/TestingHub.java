package io.assistedswarm.worker;

import io.assistedswarm.protocol.ClusterId;
import io.assistedswarm.protocol.ClusterSpec;
import io.assistedswarm.protocol.Download;
import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.Secret;
import io.assistedswarm.protocol.ServiceSpec;
import io.assistedswarm.protocol.SwarmSpec;
import io.assistedswarm.worker.hub.Fetched;
import io.assistedswarm.worker.hub.Hub;
import io.assistedswarm.worker.hub.Hubs;
import io.assistedswarm.worker.hub.MachineState;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;

/** A hub that does what it is asked, but for the failures that a test has put before. */
public final class TestingHub implements Hub, Hubs {
    private final List<String> calls = new ArrayList<>();
    private final Deque<RuntimeException> failures = new ArrayDeque<>();
    private CompletionStage<Optional<String>> toAgents = CompletableFuture.completedFuture(Optional.empty());

    /** The next call that has no such failure before it fails so. */
    public synchronized void fail(RuntimeException failure) {
        failures.add(failure);
    }

    /** Everything it was asked for, for example {@code ready quickstart-7f3a-0-0}. */
    public synchronized List<String> calls() {
        return List.copyOf(calls);
    }

    @Override
    public Hub of(SwarmSpec swarm, ClusterSpec cluster) {
        return this;
    }

    /** Agents are not let in from now on. */
    public synchronized void refuseAgents(String why) {
        askedAsAgent(CompletableFuture.completedFuture(Optional.of(why)));
    }

    /** From now on this is the answer to whether agents are let in. */
    public synchronized void askedAsAgent(CompletionStage<Optional<String>> answer) {
        toAgents = answer;
    }

    @Override
    public synchronized CompletionStage<Optional<String>> refusalOfAgent(ServiceSpec service, Secret token) {
        calls.add("as agent");
        return toAgents;
    }

    @Override
    public CompletionStage<Done> createCluster(SwarmSpec swarm, ClusterSpec cluster, int generation) {
        return answer("cluster " + cluster.id());
    }

    @Override
    public CompletionStage<Done> createHost(SwarmSpec swarm, ClusterSpec cluster, HostId host) {
        return answer("host " + host);
    }

    @Override
    public CompletionStage<Done> requestImage(HostId host) {
        return answer("image " + host);
    }

    @Override
    public CompletionStage<Done> mark(HostId host, MachineState state, String imageUrl) {
        return answer((state.wireName() + " " + host + " " + imageUrl).strip());
    }

    @Override
    public CompletionStage<Done> confirmReboot(HostId host) {
        return answer("rebooted " + host);
    }

    @Override
    public CompletionStage<Done> bindHost(ClusterSpec cluster, HostId host) {
        return answer("bind " + host);
    }

    @Override
    public CompletionStage<Done> installHost(HostId host) {
        return answer("install " + host);
    }

    @Override
    public CompletionStage<Done> release(ClusterId cluster) {
        return answer("release " + cluster);
    }

    @Override
    public CompletionStage<Fetched> fetch(ClusterId cluster, Download what) {
        return answer("fetch " + what.label() + " " + cluster)
                .thenApply(done -> new Fetched(1234, Duration.ofMillis(56)));
    }

    @Override
    public synchronized long requests() {
        return calls.size();
    }

    @Override
    public void close() {
        // Nothing to let go of.
    }

    private synchronized CompletionStage<Done> answer(String call) {
        calls.add(call);
        return failures.isEmpty()
                ? CompletableFuture.completedFuture(Done.getInstance())
                : CompletableFuture.failedFuture(failures.remove());
    }
}
