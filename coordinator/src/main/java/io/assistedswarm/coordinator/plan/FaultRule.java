package io.assistedswarm.coordinator.plan;

import io.assistedswarm.protocol.ClusterSpec;
import io.assistedswarm.protocol.Fault;
import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.HostPhase;
import io.assistedswarm.protocol.Role;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What some hosts do wrong. Of share and hosts there is one.
 *
 * @param share of the hosts that can have it, more than 0 and at most 1
 * @param hosts how many, at least 1
 * @param roles of the hosts that can have it; empty for any
 */
public record FaultRule(Fault fault, Optional<Double> share, Optional<Integer> hosts, Set<Role> roles) {
    /** Where an agent runs that can vanish or restart. */
    static final List<HostPhase> PHASES =
            List.of(HostPhase.REGISTERED, HostPhase.KNOWN, HostPhase.PREPARING, HostPhase.INSTALLING);

    public FaultRule {
        roles = Set.copyOf(roles);
    }

    /** Whether its phase is chosen by the plan. */
    static boolean hasPhase(Fault.Kind kind) {
        return kind == Fault.Kind.VANISH || kind == Fault.Kind.RESTART;
    }

    /** The phase of a fault that has but one. */
    static HostPhase onlyPhase(Fault.Kind kind) {
        return kind == Fault.Kind.FAIL_INSTALLER ? HostPhase.INSTALLING : HostPhase.BOOTED;
    }

    /** Whether the host comes to where it could have the fault. */
    boolean canBeOf(ClusterSpec cluster, HostId host) {
        boolean comesThere = !cluster.infraEnvOnly() || fault.phase().compareTo(HostPhase.REGISTERED) <= 0;
        return comesThere && (roles.isEmpty() || roles.contains(cluster.role(host)));
    }

    /** @param eligible number of hosts that can have it */
    long wanted(long eligible) {
        return hosts.map(Integer::longValue).orElseGet(() -> Math.max(1, Math.round(share.orElse(0.0) * eligible)));
    }
}
