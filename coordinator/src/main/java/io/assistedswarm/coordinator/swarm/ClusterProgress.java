package io.assistedswarm.coordinator.swarm;

import io.assistedswarm.coordinator.api.Views.ClusterView;
import io.assistedswarm.coordinator.api.Views.HostView;
import io.assistedswarm.protocol.Assignment;
import io.assistedswarm.protocol.ClusterId;
import io.assistedswarm.protocol.ClusterPhase;
import io.assistedswarm.protocol.ClusterSpec;
import io.assistedswarm.protocol.Download;
import io.assistedswarm.protocol.Failure;
import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.HostPhase;
import io.assistedswarm.protocol.Identity;
import io.assistedswarm.protocol.Placement;
import io.assistedswarm.protocol.Transition;
import io.assistedswarm.protocol.WorkerName;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Where one cluster and its hosts stand: the sum of their transitions. Not thread-safe: it belongs to one actor. */
final class ClusterProgress {
    private final ClusterSpec spec;
    private ClusterPhase phase = ClusterPhase.PENDING;
    private Instant since;
    private Optional<Instant> placedAt = Optional.empty();
    private int percent;
    private Optional<Assignment> assignment = Optional.empty();
    private Optional<Failure> failure = Optional.empty();
    private Optional<ClusterId> replaces = Optional.empty();
    private Optional<ClusterId> replacedBy = Optional.empty();
    private boolean takenOut;
    private final Set<Download> due = EnumSet.noneOf(Download.class);
    private final HostProgress[] hosts;

    /** @param standIn as far as was heard of its generation */
    private record HostProgress(HostPhase phase, Instant since, Optional<Failure> failure, boolean standIn) {}

    ClusterProgress(ClusterSpec spec, Instant since) {
        this.spec = spec;
        this.since = since;
        hosts = new HostProgress[spec.hostCount()];
    }

    /** Of a fresh cluster that takes the place of this one, which is lost. */
    ClusterProgress replacement(ClusterId fresh, Instant at) {
        ClusterProgress next = new ClusterProgress(spec.withId(fresh), at);
        next.replaces = Optional.of(spec.id());
        replacedBy = Optional.of(fresh);
        return next;
    }

    /** The swarm was scaled down before it was admitted. */
    boolean isTakenOut() {
        return takenOut;
    }

    /** It has come, or was given up. */
    void fetched(Download what) {
        due.remove(what);
    }

    /** Something is still to come, after its end. */
    boolean isFetched() {
        return !due.isEmpty();
    }

    boolean isReplaced() {
        return replacedBy.isPresent();
    }

    ClusterSpec spec() {
        return spec;
    }

    ClusterPhase phase() {
        return phase;
    }

    Instant since() {
        return since;
    }

    Instant since(HostId host) {
        HostProgress progress = hosts[host.index()];
        return progress == null ? since : progress.since();
    }

    /** For the first time. */
    Optional<Instant> placedAt() {
        return placedAt;
    }

    /** Of the installation, as the hub reports it. */
    void percent(int reported) {
        percent = reported;
    }

    Optional<Assignment> assignment() {
        return assignment;
    }

    void placed(Assignment next) {
        assignment = Optional.of(next);
    }

    Optional<Failure> failure() {
        return failure;
    }

    /** Empty as long as nothing was heard of it. */
    Optional<HostPhase> hostPhase(HostId host) {
        return Optional.ofNullable(hosts[host.index()]).map(HostProgress::phase);
    }

    Optional<Failure> hostFailure(HostId host) {
        return Optional.ofNullable(hosts[host.index()]).flatMap(HostProgress::failure);
    }

    /** Whether it has changed anything. */
    boolean apply(Transition.OfCluster transition) {
        if (phase.isEnd() || phase == transition.phase()) {
            return false;
        }
        if (transition.phase() == ClusterPhase.PLACED) {
            placedAt = Optional.of(transition.at());
        }
        due.addAll(Download.due(spec, phase, transition.phase()));
        phase = transition.phase();
        since = transition.at();
        failure = transition.failure();
        takenOut = phase == ClusterPhase.STOPPED && transition.detail().equals(Scaling.TAKEN_OUT);
        return true;
    }

    /** Whether it has changed anything. */
    boolean apply(Transition.OfHost transition) {
        HostProgress before = hosts[transition.host().index()];
        if (before != null && (isFinal(before.phase(), transition.phase()) || before.phase() == transition.phase())) {
            return false;
        }
        // A phase that the coordinator gives it, as when its worker is lost, does not say; a placement begins anew.
        boolean standIn =
                transition.standIn() || (before != null && before.standIn() && transition.phase() != HostPhase.PLACED);
        hosts[transition.host().index()] =
                new HostProgress(transition.phase(), transition.at(), transition.failure(), standIn);
        return true;
    }

    /** A host that was discovered may be bound by the user: then it goes on, and is never worse off than discovered. */
    private static boolean isFinal(HostPhase phase, HostPhase next) {
        boolean goesOn = phase == HostPhase.DISCOVERED && (!next.isEnd() || next.endsWell());
        return phase.isEnd() && !goesOn;
    }

    ClusterView view(String runtime, String user) {
        return new ClusterView(
                spec.id().name(),
                spec.id().swarm().value(),
                phase.label(),
                since,
                spec.hostCount(),
                (int) Arrays.stream(hosts)
                        .filter(host -> host != null && host.phase().endsWell())
                        .count(),
                phase == ClusterPhase.INSTALLED ? 100 : percent,
                assignment.map(Assignment::placements).orElse(List.of()).stream()
                        .map(placement -> placement.worker().value())
                        .distinct()
                        .toList(),
                assignment.map(Assignment::generation).orElse(0),
                failure,
                replaces.map(ClusterId::name),
                replacedBy.map(ClusterId::name),
                runtime,
                user);
    }

    HostView hostView(HostId host) {
        HostProgress progress = hosts[host.index()];
        return new HostView(
                host.name(),
                host.cluster().swarm().value(),
                host.cluster().name(),
                Identity.hostUuid(host).toString(),
                spec.role(host).wireName(),
                Identity.mac(host),
                assignment
                        .map(placed -> placed.placementOf(host))
                        .map(Placement::worker)
                        .map(WorkerName::value)
                        .orElse(""),
                progress == null
                        ? ClusterPhase.PENDING.label()
                        : progress.phase().label(),
                since(host),
                progress == null ? Optional.empty() : progress.failure(),
                progress != null && progress.standIn(),
                "");
    }
}
