package io.assistedswarm.coordinator.preflight;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.assistedswarm.coordinator.api.Views.WorkerView;
import io.assistedswarm.coordinator.preflight.ServiceInstallation.Setting;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Settings of the service that make a dry run impossible or slow, each with its value. */
final class SettingChecks {
    private static final String CHECK = "service settings";
    private static final long MANY_HOSTS = 100;
    private static final int LONGEST_VALUE = 40;

    /** cpu_cores and ram_mib without HW_VALIDATOR_REQUIREMENTS (assisted-service, data/default_hw_requirements.json). */
    private static final String USUAL_REQUIREMENTS = """
            [{"version": "default",
              "master": {"cpu_cores": 4, "ram_mib": 16384},
              "worker": {"cpu_cores": 2, "ram_mib": 8192},
              "sno": {"cpu_cores": 8, "ram_mib": 16384}}]""";

    private SettingChecks() {}

    static List<Finding> of(ServiceInstallation service, PreflightRequest request, List<WorkerView> workers) {
        if (!service.readable()) {
            return List.of(Finding.warning(
                    CHECK,
                    "cannot be read: " + service.trouble(),
                    "see to it that the service has ENABLE_SKIP_MCO_REBOOT=false and DUMMY_IGNITION=true"));
        }
        List<Finding> findings = Stream.of(
                        kubeApi(service),
                        metal3(service),
                        skipMcoReboot(service, request),
                        virtualInterfaces(service, request),
                        dummyIgnition(service, request),
                        reconciles(service, request),
                        requirements(service, request, workers))
                .flatMap(Optional::stream)
                .collect(Collectors.toCollection(ArrayList::new));
        if (findings.isEmpty()) {
            findings.add(Finding.ok(CHECK, "those of " + service.where() + " suit a dry run: " + listed(service)));
        }
        return findings;
    }

    private static Optional<Finding> kubeApi(ServiceInstallation service) {
        return service.flag(Setting.ENABLE_KUBE_API, true)
                ? Optional.empty()
                : Optional.of(Finding.failure(
                        CHECK,
                        shown(service, Setting.ENABLE_KUBE_API, "") + ": it does not look at the hub's objects",
                        "set ENABLE_KUBE_API=true"));
    }

    private static Optional<Finding> metal3(ServiceInstallation service) {
        return service.flag(Setting.ENABLE_METAL3, true)
                ? Optional.empty()
                : Optional.of(Finding.failure(
                        CHECK,
                        shown(service, Setting.ENABLE_METAL3, "") + ": it does not look at BareMetalHosts",
                        "set ENABLE_METAL3=true"));
    }

    private static Optional<Finding> skipMcoReboot(ServiceInstallation service, PreflightRequest request) {
        return request.mayInstall() && service.flag(Setting.ENABLE_SKIP_MCO_REBOOT, true)
                ? Optional.of(Finding.warning(
                        CHECK,
                        shown(service, Setting.ENABLE_SKIP_MCO_REBOOT, "true")
                                + ": dry installers stay at 100 % of their image for up to 20 minutes",
                        "set ENABLE_SKIP_MCO_REBOOT=false"))
                : Optional.empty();
    }

    /** In dry mode the agent keeps the first interface with an IPv4 address, which is lo, and the service drops that one. */
    private static Optional<Finding> virtualInterfaces(ServiceInstallation service, PreflightRequest request) {
        RuntimeTraits traits = request.traits();
        if (!traits.realAgent() || traits.ownInterfaces()) {
            return Optional.empty();
        }
        boolean enabled = service.flag(Setting.ENABLE_VIRTUAL_INTERFACES, false);
        if (!enabled) {
            return Optional.of(Finding.warning(
                    CHECK,
                    shown(service, Setting.ENABLE_VIRTUAL_INTERFACES, "false")
                            + ": real agents show lo only, which it drops, so that no host is approved",
                    "set ENABLE_VIRTUAL_INTERFACES=true, or use a runtime that gives hosts an interface"));
        }
        return request.mayHave(group -> !group.infraEnvOnly() && group.hostsPerCluster() > 1)
                ? Optional.of(Finding.warning(
                        CHECK,
                        shown(service, Setting.ENABLE_VIRTUAL_INTERFACES, "")
                                + ": hosts on one machine share ::1, so that clusters of several stay insufficient",
                        "use a runtime that gives hosts an interface of their own"))
                : Optional.empty();
    }

    private static Optional<Finding> dummyIgnition(ServiceInstallation service, PreflightRequest request) {
        return request.mayInstall() && !service.flag(Setting.DUMMY_IGNITION, false)
                ? Optional.of(Finding.warning(
                        CHECK,
                        shown(service, Setting.DUMMY_IGNITION, "false")
                                + ": for each cluster it runs openshift-install on the real release, which takes time",
                        "set DUMMY_IGNITION=true unless that is what you measure"))
                : Optional.empty();
    }

    private static Optional<Finding> reconciles(ServiceInstallation service, PreflightRequest request) {
        long hosts = request.plan().map(plan -> plan.hostCount()).orElse(0L);
        boolean one = service.value(Setting.BMAC_MAX_CONCURRENT_RECONCILES)
                .orElse("1")
                .equals("1");
        return one && hosts > MANY_HOSTS
                ? Optional.of(Finding.warning(
                        CHECK,
                        shown(service, Setting.BMAC_MAX_CONCURRENT_RECONCILES, "1")
                                + ": it takes one BareMetalHost after the other, and the plan has " + hosts,
                        "set BMAC_MAX_CONCURRENT_RECONCILES=10"))
                : Optional.empty();
    }

    /** A real agent reports the machine that it runs on, unless it is told another size. */
    private static Optional<Finding> requirements(
            ServiceInstallation service, PreflightRequest request, List<WorkerView> workers) {
        RuntimeTraits traits = request.traits();
        if (!traits.realAgent() || !request.mayInstall() || workers.isEmpty()) {
            return Optional.empty();
        }
        Optional<String> set = service.value(Setting.HW_VALIDATOR_REQUIREMENTS);
        JsonNode requirements;
        try {
            requirements =
                    new JsonMapper().readTree(set.orElse(USUAL_REQUIREMENTS)).path(0);
        } catch (JsonProcessingException e) {
            return Optional.of(Finding.warning(
                    CHECK,
                    "HW_VALIDATOR_REQUIREMENTS is not JSON",
                    "set it to a list with master, arbiter, worker, sno and edge-worker"));
        }
        List<String> tooSmall = new ArrayList<>();
        for (String role : roles(request)) {
            JsonNode least = requirements.path(role);
            workers.stream()
                    .filter(worker -> cores(worker, traits)
                                    < least.path("cpu_cores").asInt()
                            || memoryMib(worker, traits) < least.path("ram_mib").asLong())
                    .findFirst()
                    .ifPresent(worker -> tooSmall.add("%s needs %d cores and %d MiB, hosts of worker %s say %d and %d"
                            .formatted(
                                    role,
                                    least.path("cpu_cores").asInt(),
                                    least.path("ram_mib").asLong(),
                                    worker.name(),
                                    cores(worker, traits),
                                    memoryMib(worker, traits))));
        }
        return tooSmall.isEmpty()
                ? Optional.empty()
                : Optional.of(Finding.failure(
                        CHECK,
                        shown(service, Setting.HW_VALIDATOR_REQUIREMENTS, "the default") + ": "
                                + String.join("; ", tooSmall),
                        "lower HW_VALIDATOR_REQUIREMENTS (each of master, arbiter, worker, sno, edge-worker), or have"
                                + " hosts say that they are larger"));
    }

    private static int cores(WorkerView worker, RuntimeTraits traits) {
        return traits.machine().cores() > 0 ? traits.machine().cores() : worker.cores();
    }

    private static long memoryMib(WorkerView worker, RuntimeTraits traits) {
        return traits.machine().memoryGib() > 0 ? traits.machine().memoryGib() * 1024L : worker.memoryBytes() >> 20;
    }

    private static List<String> roles(PreflightRequest request) {
        List<String> roles = new ArrayList<>();
        if (request.mayHave(group -> !group.infraEnvOnly() && group.controlPlanes() == 1)) {
            roles.add("sno");
        }
        if (request.mayInstallSeveralControlPlanes()) {
            roles.add("master");
        }
        if (request.mayHave(group -> group.traits().arbiters() > 0)) {
            roles.add("arbiter");
        }
        if (request.mayHave(group ->
                !group.infraEnvOnly() && group.workers() + group.traits().day2Workers() > 0)) {
            roles.add("worker");
        }
        return roles;
    }

    private static String shown(ServiceInstallation service, Setting setting, String otherwise) {
        return service.value(setting)
                .map(value -> setting + "=" + shortened(value))
                .orElse(setting + " is not set (" + otherwise + ")");
    }

    private static String listed(ServiceInstallation service) {
        return service.settings().entrySet().stream()
                .sorted(java.util.Map.Entry.comparingByKey())
                .map(entry -> entry.getKey() + "=" + shortened(entry.getValue()))
                .collect(Collectors.joining(" "));
    }

    private static String shortened(String value) {
        String line = value.replaceAll("\\s+", " ");
        return line.length() > LONGEST_VALUE ? line.substring(0, LONGEST_VALUE) + "…" : line;
    }
}
