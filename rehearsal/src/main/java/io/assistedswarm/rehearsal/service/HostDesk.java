package io.assistedswarm.rehearsal.service;

import io.assistedswarm.rehearsal.service.machine.HostMachine;
import io.assistedswarm.rehearsal.service.machine.HostMachine.Registration;
import io.assistedswarm.rehearsal.service.machine.HostMachine.StageReport;
import io.assistedswarm.rehearsal.service.machine.HostSteps;
import io.assistedswarm.rehearsal.service.model.Cluster;
import io.assistedswarm.rehearsal.service.model.Host;
import io.assistedswarm.rehearsal.service.model.HostStage;
import io.assistedswarm.rehearsal.service.model.HostState;
import io.assistedswarm.rehearsal.service.model.InfraEnv;
import io.assistedswarm.rehearsal.service.model.Registry;
import io.assistedswarm.rehearsal.service.model.Upload;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;

/** What a host may ask of the service: to register, its steps, to report replies, stages and logs. */
public final class HostDesk {
    private final Registry registry;
    private final Clock clock;
    private final EventLog events;
    private final Changes changes;
    private final Evaluation evaluation;
    private final Measurements measurements;
    private final Predicate<HostStage> failing;
    private final HostMachine machine;
    private final HostSteps steps;
    private final StepReplies replies;

    /** @param failing whether a host that comes to a stage is failed there */
    public HostDesk(
            ServiceSettings settings,
            Registry registry,
            Clock clock,
            EventLog events,
            Changes changes,
            Evaluation evaluation,
            Measurements measurements,
            Predicate<HostStage> failing) {
        this.registry = registry;
        this.clock = clock;
        this.events = events;
        this.changes = changes;
        this.evaluation = evaluation;
        this.measurements = measurements;
        this.failing = failing;
        this.machine = new HostMachine(settings);
        this.steps = new HostSteps(settings);
        this.replies = new StepReplies(settings, clock, events, evaluation);
    }

    /** @param created whether this is the host's first registration, for which an Agent is needed */
    public record Registered(Host host, boolean created) {}

    public Registered register(UUID infraEnvId, UUID hostId, String agentVersion) {
        InfraEnv infraEnv = infraEnv(infraEnvId);
        return infraEnv.locked(() -> {
            Instant now = clock.instant();
            Host known = infraEnv.hosts.get(hostId);
            Host host = known == null ? firstRegistration(infraEnv, hostId, now) : known;
            host.lockedRun(() -> {
                if (known != null) {
                    registerAgain(host);
                }
                host.agentVersion = agentVersion;
                host.registeredAt = now;
                host.checkedInAt = now;
                host.updatedAt = now;
            });
            return new Registered(host, known == null);
        });
    }

    private Host firstRegistration(InfraEnv infraEnv, UUID hostId, Instant now) {
        infraEnv.cluster.filter(cluster -> !cluster.state.acceptsHosts()).ifPresent(cluster -> {
            throw Refusal.conflict(
                    "Cluster %s is in %s state, host can register only in one of [insufficient ready pending-for-input adding-hosts]"
                            .formatted(cluster.id, cluster.state.wireName()));
        });
        Host host = new Host(hostId, infraEnv, now);
        host.stateInfo = HostMachine.WAITING_FOR_HARDWARE;
        host.approved = infraEnv.autoApprove;
        infraEnv.cluster.ifPresent(host::joins);
        host.suggestedRole = host.role;
        registry.add(host);
        events.host(host, "host_registration_succeeded", "info", "Successfully registered");
        return host;
    }

    private void registerAgain(Host host) {
        switch (machine.registerAgain(host)) {
            case Registration.StartOver over -> {
                host.forgetReports();
                host.bootstrap = host.cluster().map(Cluster::singleNode).orElse(false) && !host.day2;
                evaluation.moveHost(host, over.move());
            }
            case Registration.Keep keep -> {
                if (keep.move().state() == HostState.ERROR) {
                    events.host(
                            host,
                            "host_registered_in_installation",
                            "error",
                            keep.move().info());
                }
                evaluation.moveHost(host, keep.move());
            }
            case Registration.Stay stay -> changes.hostChanged(host);
            case Registration.Refused refused -> throw Refusal.conflict(refused.reason());
        }
    }

    /** Undoes a first registration whose Agent could not be created. */
    public void unregister(Host host) {
        host.lockedRun(() -> registry.remove(host));
    }

    /** @param timestamp the host's clock, Unix seconds; empty if it did not say */
    public HostSteps.Instructions poll(UUID infraEnvId, UUID hostId, String agentVersion, Optional<Long> timestamp) {
        Host host = host(infraEnvId, hostId);
        return host.locked(() -> {
            host.checkedInAt = clock.instant();
            timestamp.ifPresent(seconds -> host.timestamp = seconds);
            if (!agentVersion.isEmpty()) {
                host.agentVersion = agentVersion;
            }
            return steps.of(host);
        });
    }

    public void reply(UUID infraEnvId, UUID hostId, StepReplies.Reply reply) {
        Host host = host(infraEnvId, hostId);
        StepReplies.Parsed parsed = replies.parse(reply);
        host.lockedRun(() -> {
            if (replies.store(host, parsed)) {
                host.updatedAt = clock.instant();
                changes.hostChanged(host);
            }
        });
    }

    public void progress(UUID infraEnvId, UUID hostId, String stageName, String info) {
        Host host = host(infraEnvId, hostId);
        HostStage stage = HostStage.parse(stageName)
                .orElseThrow(() -> Refusal.invalid(
                        "current_stage in body should be one of the host stages, not '" + stageName + "'"));
        host.lockedRun(() -> {
            if (host.cluster().isEmpty()) {
                throw Refusal.badRequest("Host %s is not bound to a cluster".formatted(host.id));
            }
            Instant now = clock.instant();
            switch (machine.report(host, stage, info)) {
                case StageReport.Accepted accepted -> {
                    Instant started = host.progress
                            .filter(p -> !accepted.newStage())
                            .map(Host.Progress::startedAt)
                            .orElse(now);
                    if (accepted.newStage()) {
                        host.progress.ifPresent(
                                last -> measurements.stageEnded(last.stage(), Duration.between(last.startedAt(), now)));
                    }
                    host.progress =
                            Optional.of(new Host.Progress(accepted.stage(), info, started, now, accepted.percentage()));
                    events.host(
                            host,
                            "host_install_progress_updated",
                            "info",
                            "reached installation stage " + stage.wireName() + (info.isEmpty() ? "" : ": " + info));
                    evaluation.moveHost(host, accepted.move());
                    if (accepted.newStage() && failing.test(stage)) {
                        evaluation.moveHost(host, HostMachine.tookTooLong(stage));
                    }
                    host.cluster().ifPresent(changes::clusterChanged);
                }
                case StageReport.Failed failed -> evaluation.moveHost(host, failed.move());
                case StageReport.Refused refused -> throw Refusal.conflict(refused.reason());
            }
        });
    }

    public void logsProgress(UUID infraEnvId, UUID hostId, String state) {
        Host host = host(infraEnvId, hostId);
        host.lockedRun(() -> {
            host.logs = host.logs.reported(state, clock.instant());
            changes.hostChanged(host);
        });
    }

    public void logsUploaded(UUID infraEnvId, UUID hostId, Upload upload) {
        Host host = host(infraEnvId, hostId);
        host.lockedRun(() -> host.logs = host.logs.collected(clock.instant(), upload));
    }

    public InfraEnv infraEnv(UUID id) {
        return registry.infraEnv(id).orElseThrow(() -> Refusal.notFound("infra-env", id));
    }

    public Host host(UUID infraEnvId, UUID hostId) {
        return Optional.ofNullable(infraEnv(infraEnvId).hosts.get(hostId))
                .orElseThrow(() -> Refusal.notFound("host", hostId));
    }
}
