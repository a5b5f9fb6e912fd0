package io.assistedswarm.coordinator.swarm;

import io.assistedswarm.coordinator.api.Views.PollsView;
import io.assistedswarm.coordinator.api.Views.SwarmState;
import io.assistedswarm.coordinator.api.Views.SwarmView;
import io.assistedswarm.coordinator.hub.Hub;
import io.assistedswarm.coordinator.record.RunRecord;
import io.assistedswarm.coordinator.swarm.Swarms.Surroundings;
import io.assistedswarm.protocol.ClusterApi;
import io.assistedswarm.protocol.SwarmId;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What a user is shown of a swarm as a whole, from where its parts stand. */
final class Overview {
    private final SwarmId swarm;
    private final Instant submittedAt;
    private final String runtime;
    private final Standing standing;
    private final Progress progress;
    private final Intake intake;
    private final Deployments deployments;
    private final Moves moves;
    private final Holds holds;
    private final SwarmDeletion deletion;
    private final Hub hub;
    private final RunRecord record;

    Overview(
            SwarmId swarm,
            Instant submittedAt,
            String runtime,
            Standing standing,
            Progress progress,
            Intake intake,
            Deployments deployments,
            Moves moves,
            Holds holds,
            SwarmDeletion deletion,
            Surroundings around) {
        this.swarm = swarm;
        this.submittedAt = submittedAt;
        this.runtime = runtime;
        this.standing = standing;
        this.progress = progress;
        this.intake = intake;
        this.deployments = deployments;
        this.moves = moves;
        this.holds = holds;
        this.deletion = deletion;
        this.hub = around.hub();
        this.record = around.record();
    }

    /** As of now. */
    SwarmView at(Instant now) {
        return new SwarmView(
                swarm.value(),
                standing.state(),
                standing.verdict(),
                submittedAt,
                standing.endedAt(),
                runtime,
                progress.clusterCount(),
                progress.hostCount(),
                progress.replaced(),
                progress.clusterCounts(),
                progress.hostCounts(),
                waiting(now),
                standing.state().isOver() ? List.of() : hub.troubles(),
                progress.endsPerHour(standing.endedAt().orElse(now)),
                standing.is(SwarmState.RUNNING) ? progress.etaSeconds(now) : Optional.empty(),
                intake.punctuality(),
                deletion.counted(),
                polls());
    }

    /** None of a swarm that was over before this coordinator started. */
    private Optional<PollsView> polls() {
        return Optional.of(hub.restRequests(swarm))
                .filter(requests -> requests > 0)
                .map(requests -> new PollsView(
                        requests,
                        progress.clusters()
                                .filter(cluster -> cluster.api() == ClusterApi.REST)
                                .count()));
    }

    private String waiting(Instant now) {
        return standing.state().isOver()
                ? waitingInState(now)
                : record.trouble().map(RunRecord.Trouble::toString).orElseGet(() -> waitingInState(now));
    }

    private String waitingInState(Instant now) {
        return switch (standing.state()) {
            case RUNNING -> firstOf(moves.waiting(), intake.waiting(now, deployments.starting()), holds.waiting());
            case PAUSED ->
                firstOf(
                        moves.waiting(),
                        intake.pendingCount() == 0
                                ? ""
                                : "paused: " + intake.pendingCount() + " clusters are not admitted");
            case CANCELLING, DELETING ->
                deployments.unconfirmedStops() == 0
                        ? ""
                        : "waits for " + deployments.unconfirmedStops() + " hosts and controllers to stop";
            default -> moves.waiting();
        };
    }

    private static String firstOf(String... reasons) {
        return Arrays.stream(reasons)
                .filter(reason -> !reason.isEmpty())
                .findFirst()
                .orElse("");
    }
}
