package io.assistedswarm.coordinator.swarm;

import io.assistedswarm.coordinator.api.Views.SwarmState;
import io.assistedswarm.coordinator.api.Views.SwarmView;
import io.assistedswarm.protocol.SwarmId;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;

/** What a user is shown of a swarm as a whole, from where its parts stand. */
final class Overview {
    private final SwarmId swarm;
    private final Instant submittedAt;
    private final Standing standing;
    private final Progress progress;
    private final Intake intake;
    private final Deployments deployments;
    private final Moves moves;
    private final Holds holds;
    private final SwarmDeletion deletion;

    Overview(
            SwarmId swarm,
            Instant submittedAt,
            Standing standing,
            Progress progress,
            Intake intake,
            Deployments deployments,
            Moves moves,
            Holds holds,
            SwarmDeletion deletion) {
        this.swarm = swarm;
        this.submittedAt = submittedAt;
        this.standing = standing;
        this.progress = progress;
        this.intake = intake;
        this.deployments = deployments;
        this.moves = moves;
        this.holds = holds;
        this.deletion = deletion;
    }

    /** As of now. */
    SwarmView at(Instant now) {
        return new SwarmView(
                swarm.value(),
                standing.state(),
                standing.verdict(),
                submittedAt,
                standing.endedAt(),
                progress.clusterCount(),
                progress.hostCount(),
                progress.clusterCounts(),
                progress.hostCounts(),
                waiting(now),
                progress.endsPerHour(standing.endedAt().orElse(now)),
                standing.is(SwarmState.RUNNING) ? progress.etaSeconds(now) : Optional.empty(),
                intake.punctuality(),
                deletion.counted());
    }

    private String waiting(Instant now) {
        return switch (standing.state()) {
            case RUNNING -> firstOf(moves.waiting(), intake.waiting(now), holds.waiting());
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
