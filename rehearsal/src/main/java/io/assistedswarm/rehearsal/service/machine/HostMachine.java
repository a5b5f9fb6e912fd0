package io.assistedswarm.rehearsal.service.machine;

import static io.assistedswarm.rehearsal.service.model.HostState.*;

import io.assistedswarm.rehearsal.service.ServiceSettings;
import io.assistedswarm.rehearsal.service.model.Checks;
import io.assistedswarm.rehearsal.service.model.Cluster;
import io.assistedswarm.rehearsal.service.model.ClusterState;
import io.assistedswarm.rehearsal.service.model.Host;
import io.assistedswarm.rehearsal.service.model.HostStage;
import io.assistedswarm.rehearsal.service.model.HostState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What becomes of a host when it registers, reports a stage, or is looked at by the monitor. Decides only; the row is changed by
 * whoever asked (reference, dry-run-agent.md 7.1, 7.4, 10.1).
 */
public final class HostMachine {
    public static final String WAITING_FOR_HARDWARE = "Waiting for host to send hardware details";
    static final String READY = "Host is ready to be installed";
    static final String PREPARED = "Host finished successfully to prepare for installation";
    static final String INSTALLING_NOW = "Installation is in progress";
    static final String REBOOTED_DAY_2 =
            "Host has rebooted and no further updates will be posted. Please check console for"
                    + " progress and to possibly approve pending CSRs";
    static final String SILENT = "Host has stopped communicating with the installation service";

    private final ServiceSettings settings;

    public HostMachine(ServiceSettings settings) {
        this.settings = settings;
    }

    /** A new state and its text. */
    public record Move(HostState state, String info) {}

    /** What registering again does. */
    public sealed interface Registration {
        /** Start over; reports and progress are forgotten. */
        record StartOver(Move move) implements Registration {}

        /** A new state, reports kept. */
        record Keep(Move move) implements Registration {}

        /** Answered, but nothing changes. */
        record Stay() implements Registration {}

        /** 409: the real agent then blocks for ever. */
        record Refused(String reason) implements Registration {}
    }

    public Registration registerAgain(Host host) {
        return switch (host.state) {
            case DISCOVERING,
                    INSUFFICIENT,
                    PENDING_FOR_INPUT,
                    KNOWN,
                    DISCONNECTED,
                    RESETTING_PENDING_USER_ACTION,
                    BINDING -> new Registration.StartOver(new Move(DISCOVERING, WAITING_FOR_HARDWARE));
            case DISCOVERING_UNBOUND,
                    INSUFFICIENT_UNBOUND,
                    KNOWN_UNBOUND,
                    DISCONNECTED_UNBOUND,
                    UNBINDING,
                    UNBINDING_PENDING_USER_ACTION ->
                new Registration.StartOver(new Move(DISCOVERING_UNBOUND, WAITING_FOR_HARDWARE));
            case PREPARING_FOR_INSTALLATION, PREPARING_SUCCESSFUL, PREPARING_FAILED ->
                new Registration.Keep(new Move(KNOWN, "Host registered again while it was prepared"));
            case INSTALLING, INSTALLING_IN_PROGRESS -> {
                boolean rebooting = host.progress
                        .map(progress -> progress.stage() == HostStage.REBOOTING)
                        .orElse(false);
                yield rebooting
                        ? wrongBootOrder()
                        : new Registration.Keep(
                                new Move(ERROR, "The host unexpectedly restarted during the installation"));
            }
            case ADDED_TO_EXISTING_CLUSTER -> wrongBootOrder();
            case INSTALLED -> new Registration.Refused("Host is already installed");
            case INSTALLING_PENDING_USER_ACTION, ERROR, CANCELLED -> new Registration.Stay();
        };
    }

    private static Registration wrongBootOrder() {
        return new Registration.Keep(new Move(
                INSTALLING_PENDING_USER_ACTION,
                "Expected the host to boot from disk, but it booted the installation image -"
                        + " please reboot and fix boot order to boot from disk"));
    }

    /** What a reported stage does. */
    public sealed interface StageReport {
        /** @param stage the one that is kept */
        record Accepted(Move move, HostStage stage, int percentage, boolean newStage) implements StageReport {}

        record Failed(Move move) implements StageReport {}

        record Refused(String reason) implements StageReport {}
    }

    public StageReport report(Host host, HostStage stage, String info) {
        if (!host.state.takesProgress()) {
            return new StageReport.Refused("Can't set progress <%s> to host in status <%s>"
                    .formatted(stage.wireName(), host.state.wireName()));
        }
        if (stage == HostStage.FAILED) {
            return new StageReport.Failed(new Move(ERROR, info.isEmpty() ? "Failed" : "Failed - " + info));
        }
        List<HostStage> stages = Stages.of(host);
        int reached = stages.indexOf(stage);
        int current =
                host.progress.map(progress -> stages.indexOf(progress.stage())).orElse(-1);
        if (reached < 0) {
            return new StageReport.Refused("Stages %s isn't available for host role %s bootstrap %s"
                    .formatted(stage.wireName(), host.effectiveRole().wireName(), host.bootstrap));
        }
        if (reached < current) {
            return new StageReport.Refused("Can't assign lower stage \"%s\" after host has been in stage \"%s\""
                    .formatted(stage.wireName(), stages.get(current).wireName()));
        }
        if (stage == HostStage.REBOOTING && Stages.endAtReboot(host)) {
            return new StageReport.Accepted(
                    new Move(ADDED_TO_EXISTING_CLUSTER, REBOOTED_DAY_2), HostStage.DONE, 100, reached > current);
        }
        HostState next = stage == HostStage.DONE ? INSTALLED : INSTALLING_IN_PROGRESS;
        return new StageReport.Accepted(
                new Move(next, stage.wireName()), stage, Stages.percentage(stages, stage), reached > current);
    }

    /** What the monitor makes of a host whose checks are up to date; empty to leave it as it is. */
    public Optional<Move> refresh(Host host, Instant now) {
        Optional<Move> next = next(host, now);
        return next.filter(move -> move.state() != host.state || !move.info().equals(host.stateInfo));
    }

    private Optional<Move> next(Host host, Instant now) {
        Optional<Cluster> cluster = host.cluster();
        if (cluster.isPresent() && !host.day2 && !host.state.ended()) {
            if (cluster.get().state == ClusterState.CANCELLED && host.state.underInstallation()) {
                return Optional.of(new Move(CANCELLED, "Installation cancelled"));
            }
            if (cluster.get().state == ClusterState.ERROR && host.state.takesProgress()) {
                return Optional.of(new Move(ERROR, "Host is part of a cluster that failed to install"));
            }
        }
        return switch (host.state) {
            case DISCOVERING, INSUFFICIENT, PENDING_FOR_INPUT, KNOWN, DISCONNECTED -> beforeInstallation(host, now);
            case DISCOVERING_UNBOUND, INSUFFICIENT_UNBOUND, KNOWN_UNBOUND, DISCONNECTED_UNBOUND -> inPool(host, now);
            case PREPARING_FOR_INSTALLATION -> preparing(host, now);
            case PREPARING_SUCCESSFUL -> prepared(host, now);
            case PREPARING_FAILED -> backFromPreparation(host);
            case INSTALLING, INSTALLING_IN_PROGRESS, INSTALLING_PENDING_USER_ACTION -> installing(host, now);
            case INSTALLED,
                    ADDED_TO_EXISTING_CLUSTER,
                    RESETTING_PENDING_USER_ACTION,
                    ERROR,
                    CANCELLED,
                    BINDING,
                    UNBINDING,
                    UNBINDING_PENDING_USER_ACTION -> Optional.empty();
        };
    }

    private Optional<Move> beforeInstallation(Host host, Instant now) {
        if (!connected(host, now)) {
            return Optional.of(new Move(DISCONNECTED, SILENT));
        }
        if (host.inventory.isEmpty()) {
            return Optional.of(new Move(DISCOVERING, WAITING_FOR_HARDWARE));
        }
        Checks checks = relevant(host);
        if (!checks.passed(HostChecks.HARDWARE)) {
            return Optional.of(new Move(INSUFFICIENT, failing(host)));
        }
        if (!checks.passed(HostChecks.USER_INPUT)) {
            return Optional.of(new Move(PENDING_FOR_INPUT, "Waiting for user input: " + host.checks.failures(" ; ")));
        }
        if (!checks.passed(HostChecks.BLOCKING)) {
            return Optional.of(new Move(INSUFFICIENT, failing(host)));
        }
        boolean clusterPrepares = host.cluster()
                .map(cluster -> cluster.state == ClusterState.PREPARING_FOR_INSTALLATION)
                .orElse(false);
        return Optional.of(
                host.state == KNOWN && clusterPrepares && !host.day2
                        ? new Move(PREPARING_FOR_INSTALLATION, PREPARED)
                        : new Move(KNOWN, READY));
    }

    private Optional<Move> inPool(Host host, Instant now) {
        if (!connected(host, now)) {
            return Optional.of(new Move(DISCONNECTED_UNBOUND, SILENT));
        }
        if (host.inventory.isEmpty()) {
            return Optional.of(new Move(DISCOVERING_UNBOUND, WAITING_FOR_HARDWARE));
        }
        return Optional.of(
                host.checks.passed(HostChecks.POOL)
                        ? new Move(KNOWN_UNBOUND, "Host is ready to be bound to a cluster")
                        : new Move(
                                INSUFFICIENT_UNBOUND,
                                "Host cannot be bound due to following failing validation(s): "
                                        + host.checks.failures(" ; ")));
    }

    private Optional<Move> preparing(Host host, Instant now) {
        if (!connected(host, now)) {
            return Optional.of(new Move(DISCONNECTED, SILENT));
        }
        Checks checks = relevant(host);
        if (checks.failed("sufficient-installation-disk-speed") || checks.failed("container-images-available")) {
            return Optional.of(new Move(
                    PREPARING_FAILED,
                    "Host failed to prepare for installation due to following failing validation(s): "
                            + host.checks.failures(" ; ")));
        }
        if (!clusterPrepares(host)) {
            return Optional.of(new Move(KNOWN, READY));
        }
        if (HostChecks.diskMeasured(host) && HostChecks.imagesPulled(host, settings.images())) {
            return Optional.of(new Move(PREPARING_SUCCESSFUL, PREPARED));
        }
        return past(host.stateSince, settings.timeouts().hostPreparation(), now)
                ? Optional.of(new Move(
                        PREPARING_FAILED,
                        "Host failed to prepare for installation due to following failing validation(s): timed out"))
                : Optional.empty();
    }

    private Optional<Move> prepared(Host host, Instant now) {
        if (!connected(host, now)) {
            return Optional.of(new Move(DISCONNECTED, SILENT));
        }
        ClusterState cluster = host.cluster().orElseThrow().state;
        return switch (cluster) {
            case INSTALLING, FINALIZING -> Optional.of(new Move(HostState.INSTALLING, INSTALLING_NOW));
            case PREPARING_FOR_INSTALLATION -> Optional.empty();
            default -> Optional.of(new Move(KNOWN, READY));
        };
    }

    private Optional<Move> backFromPreparation(Host host) {
        return clusterPrepares(host) ? Optional.empty() : Optional.of(new Move(KNOWN, READY));
    }

    private Optional<Move> installing(Host host, Instant now) {
        if (!Stages.rebooted(host) && !connected(host, now)) {
            return timedOut(
                    host, "Host failed to install due to timeout while being connected to the service: " + SILENT);
        }
        if (host.progress.isEmpty()) {
            return past(host.stateSince, settings.timeouts().installationStart(), now)
                    ? timedOut(
                            host, "Host failed to install because its installation took longer than expected to start")
                    : Optional.empty();
        }
        Host.Progress progress = host.progress.get();
        // Nobody can tell how a day-2 host goes on: its fake cluster has no API (cr-lifecycle.md 8).
        if (host.day2 && progress.stage() == HostStage.REBOOTING) {
            return Optional.empty();
        }
        boolean singleNode = host.cluster().map(Cluster::singleNode).orElse(false);
        return past(progress.updatedAt(), progress.stage().limit(singleNode), now)
                ? timedOut(host, tookTooLong(progress.stage()).info())
                : Optional.empty();
    }

    /** In the words of a host that stayed in a stage for too long. */
    public static Move tookTooLong(HostStage stage) {
        return new Move(
                ERROR,
                "Host failed to install because its installation stage %s took longer than expected"
                        .formatted(stage.wireName()));
    }

    /** With soft time-outs the state stays and only its text tells. */
    private Optional<Move> timedOut(Host host, String text) {
        return Optional.of(settings.softTimeouts() ? new Move(host.state, text) : new Move(ERROR, text));
    }

    /** Polled within the limit; a bootstrap host, busy with more, is given longer. */
    public boolean connected(Host host, Instant now) {
        Duration limit = settings.timeouts().disconnection();
        return !past(
                host.checkedInAt,
                host.bootstrap ? limit.plus(settings.timeouts().bootstrapGrace()) : limit,
                now);
    }

    private boolean past(Instant since, Duration realLimit, Instant now) {
        return Duration.between(since, now).compareTo(settings.scale().of(realLimit)) > 0;
    }

    /** The checks that may stand in the way. */
    private static Checks relevant(Host host) {
        return host.checks.without(host.cluster()
                .map(cluster -> cluster.wishes.ignoredHostValidations())
                .orElse(Set.of()));
    }

    private static boolean clusterPrepares(Host host) {
        return host.cluster()
                .map(cluster -> cluster.state == ClusterState.PREPARING_FOR_INSTALLATION)
                .orElse(false);
    }

    private static String failing(Host host) {
        return "Host cannot be installed due to following failing validation(s): " + host.checks.failures(" ; ");
    }
}
