package io.assistedswarm.rehearsal.service;

import io.assistedswarm.rehearsal.service.machine.HostMachine;
import io.assistedswarm.rehearsal.service.model.Cluster;
import io.assistedswarm.rehearsal.service.model.Host;
import io.assistedswarm.rehearsal.service.model.HostState;
import io.assistedswarm.rehearsal.service.model.Registry;
import java.util.Optional;

/** Moves hosts of a pool to a cluster and back (reference, cr-lifecycle.md 8). Their agents are told to leave and register again. */
public final class BindingDesk {
    private final Registry registry;
    private final Changes changes;
    private final Evaluation evaluation;

    public BindingDesk(Registry registry, Changes changes, Evaluation evaluation) {
        this.registry = registry;
        this.changes = changes;
        this.evaluation = evaluation;
    }

    /** 409 unless the host waits in its pool and the cluster takes hosts; nothing if it belongs to the cluster already. */
    public void bind(Host host, Cluster cluster) {
        host.infraEnv.lockedRun(() -> {
            if (host.cluster().filter(owner -> owner == cluster).isPresent()) {
                return;
            }
            requireLateBound(host);
            if (host.state != HostState.KNOWN_UNBOUND) {
                throw Refusal.conflict("Host %s is in %s state, it can be bound only in known-unbound"
                        .formatted(host.id, host.state.wireName()));
            }
            cluster.lockedRun(() -> {
                if (!cluster.state.acceptsHosts()) {
                    throw Refusal.conflict("Cluster %s is in %s state, no host can be bound to it"
                            .formatted(cluster.id, cluster.state.wireName()));
                }
                registry.bind(host, Optional.of(cluster));
                host.joins(cluster);
                host.suggestedRole = host.role;
                move(host, HostState.BINDING, "Host is waiting to be bound to the cluster");
                changes.clusterChanged(cluster);
            });
        });
    }

    /** 409 in the middle of an installation; nothing if the host belongs to no cluster. */
    public void unbind(Host host) {
        host.infraEnv.lockedRun(() -> host.cluster().ifPresent(cluster -> {
            requireLateBound(host);
            cluster.lockedRun(() -> {
                if (host.state.underInstallation()) {
                    throw Refusal.conflict(
                            "Host %s is in %s state, it cannot be unbound".formatted(host.id, host.state.wireName()));
                }
                release(host);
            });
        }));
    }

    /** Whatever it is doing, for its cluster goes. */
    public void release(Host host) {
        host.infraEnv.lockedRun(() -> host.cluster().ifPresent(cluster -> {
            requireLateBound(host);
            cluster.lockedRun(() -> {
                // What was installed, or nearly, does not boot into the discovery image by itself.
                boolean installed = host.state.ended() || host.state.underInstallation();
                registry.bind(host, Optional.empty());
                host.leaves();
                move(
                        host,
                        installed ? HostState.UNBINDING_PENDING_USER_ACTION : HostState.UNBINDING,
                        "Host is waiting to be unbound from the cluster");
                changes.clusterChanged(cluster);
            });
        }));
    }

    private void move(Host host, HostState state, String info) {
        evaluation.moveHost(host, new HostMachine.Move(state, info));
    }

    private static void requireLateBound(Host host) {
        if (!host.lateBound()) {
            throw Refusal.conflict(
                    "Host %s belongs to the cluster of its infra-env, which cannot be changed".formatted(host.id));
        }
    }
}
