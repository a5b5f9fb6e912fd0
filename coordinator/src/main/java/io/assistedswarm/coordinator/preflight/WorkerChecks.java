package io.assistedswarm.coordinator.preflight;

import io.assistedswarm.protocol.MachineReport;
import io.assistedswarm.protocol.MachineReport.Limit;
import io.assistedswarm.protocol.MachineReport.Resource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Whether a worker's machine can hold the hosts that may come to it. */
final class WorkerChecks {
    /** The service's limits for a host's clock (assisted-service, the validation time-synced-between-host-and-service). */
    private static final Duration MOST_AHEAD_OF_SERVICE = Duration.ofHours(1);

    private static final Duration MOST_BEHIND_SERVICE = Duration.ofMinutes(20);

    /** Between hosts of a cluster, which may be on several workers (HW_VALIDATOR_MAX_TIME_DIFF_MINUTES). */
    private static final Duration MOST_BETWEEN_HOSTS = Duration.ofMinutes(4);

    /** More than this spoils the durations in the report. */
    private static final Duration NOTICEABLE = Duration.ofSeconds(2);

    private WorkerChecks() {}

    static List<Finding> of(List<WorkerFacts> workers, PreflightRequest request, Optional<Duration> serviceAhead) {
        if (workers.isEmpty()) {
            return List.of(Finding.warning(
                    "workers",
                    "there are none, so that a swarm would wait",
                    "start one: swarm worker --join HOST:PORT"));
        }
        return workers.stream()
                .flatMap(worker -> of(worker, request, serviceAhead).stream())
                .toList();
    }

    static List<Finding> of(WorkerFacts facts, PreflightRequest request, Optional<Duration> serviceAhead) {
        String check = "worker " + facts.worker().name();
        if (facts.machine().isEmpty()) {
            return List.of(Finding.warning(
                    check,
                    "is " + facts.worker().state() + " and does not say how its machine is: " + facts.trouble(),
                    "look at its log, or start it again"));
        }
        MachineReport machine = facts.machine().get();
        boolean podman = request.traits().podman();
        long hosts = hosts(facts, request);
        List<Finding> findings = new ArrayList<>();
        List<String> enough = new ArrayList<>();
        for (Resource resource : Resource.values()) {
            MachineNeeds needs = MachineNeeds.of(resource, request.traits().processes());
            Optional<Limit> tightest = tightest(machine, resource);
            if (tightest.isPresent() && (podman || !needs.onlyWithPodman())) {
                Optional<Finding> lack = lack(check, needs, tightest.get(), hosts);
                lack.ifPresentOrElse(findings::add, () -> enough.add(needs.free(tightest.get())));
            }
        }
        if (podman && !machine.podmanTrouble().isEmpty()) {
            findings.add(Finding.failure(
                    check, machine.podmanTrouble(), "install podman 4 or later there, or choose another runtime"));
        }
        clock(check, facts.ahead(), serviceAhead).ifPresent(findings::add);
        if (findings.isEmpty()) {
            String version = machine.podman().isEmpty() ? "" : ", podman " + machine.podman();
            return List.of(Finding.ok(
                    check,
                    "room for " + hosts + " more hosts: " + enough.stream().collect(Collectors.joining(", ")) + " left"
                            + version));
        }
        return findings;
    }

    /** The one that leaves least. */
    private static Optional<Limit> tightest(MachineReport machine, Resource resource) {
        return machine.limits().stream()
                .filter(limit -> limit.resource() == resource)
                .min(Comparator.comparingLong(Limit::free));
    }

    static Optional<Finding> lack(String check, MachineNeeds needs, Limit limit, long hosts) {
        long usual = hosts * needs.usual();
        if (limit.free() >= usual) {
            return Optional.empty();
        }
        String found = needs.free(limit) + " left (" + limit.source() + "), " + hosts + " hosts usually take "
                + needs.amount(usual);
        return Optional.of(
                limit.free() < hosts * needs.least()
                        ? Finding.failure(check, found, needs.remedy())
                        : Finding.warning(check, found, needs.remedy()));
    }

    static Optional<Finding> clock(String check, Duration ahead, Optional<Duration> serviceAhead) {
        Duration ofService = ahead.minus(serviceAhead.orElse(ahead));
        String remedy = "synchronise it: 'chronyc makestep', or start chronyd";
        if (ofService.compareTo(MOST_AHEAD_OF_SERVICE) > 0
                || ofService.negated().compareTo(MOST_BEHIND_SERVICE) > 0) {
            return Optional.of(Finding.failure(
                    check,
                    "its clock is " + off(ofService) + " the service's, which refuses such hosts (time-synced)",
                    remedy));
        }
        if (ahead.abs().compareTo(MOST_BETWEEN_HOSTS) > 0) {
            return Optional.of(Finding.failure(
                    check,
                    "its clock is " + off(ahead) + " the coordinator's; hosts of one cluster may differ by 4 minutes",
                    remedy));
        }
        return ahead.abs().compareTo(NOTICEABLE) > 0
                ? Optional.of(Finding.warning(
                        check,
                        "its clock is " + off(ahead) + " the coordinator's, and so are the times in the report",
                        remedy))
                : Optional.empty();
    }

    /** As many as it has places for, but no more than there are in the plan. */
    private static long hosts(WorkerFacts facts, PreflightRequest request) {
        long free = Math.max(0, facts.worker().capacity() - facts.worker().used());
        return request.plan().map(plan -> Math.min(free, plan.hostCount())).orElse(free);
    }

    static String off(Duration ahead) {
        return String.format(Locale.ROOT, "%.1f s ", ahead.abs().toMillis() / 1000.0)
                + (ahead.isNegative() ? "behind" : "ahead of");
    }
}
