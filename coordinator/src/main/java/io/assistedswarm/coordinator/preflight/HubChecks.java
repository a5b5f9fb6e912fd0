package io.assistedswarm.coordinator.preflight;

import io.assistedswarm.coordinator.hub.Kinds;
import io.assistedswarm.protocol.BareMetalFlow;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Whether the hub can be used at all: it answers, it has the kinds, and we may do what a swarm does. */
final class HubChecks {
    /** What a client assumes that found neither a kube config nor a pod's service account. */
    private static final String NO_KUBECONFIG = "kubernetes.default.svc";

    private static final String WHICH_KUBECONFIG =
            "the coordinator finds its kube config as kubectl does, or by its flag --kubeconfig";

    private HubChecks() {}

    static List<Finding> of(HubFacts hub, BareMetalFlow flow) {
        List<Finding> findings = new ArrayList<>();
        Finding reached = reached(hub);
        findings.add(reached);
        if (reached.outcome() == Finding.Outcome.FAILURE) {
            return findings;
        }
        findings.addAll(kinds(hub, flow));
        findings.add(rights(hub.rights(), flow));
        return findings;
    }

    static Finding reached(HubFacts hub) {
        String check = "hub";
        Answer version = hub.version();
        if (!version.given() && NO_KUBECONFIG.equals(URI.create(hub.address()).getHost())) {
            return Finding.failure(
                    check,
                    "there is no kube config",
                    "set KUBECONFIG and start the coordinator again; " + WHICH_KUBECONFIG);
        }
        if (!version.given()) {
            return Finding.failure(
                    check,
                    "the Kubernetes API at " + hub.address() + " cannot be reached: " + version.said(),
                    "is it running, and is it the right kube config? " + WHICH_KUBECONFIG);
        }
        Answer refusal = version.refused() ? version : hub.groups();
        if (refusal.refused()) {
            return Finding.failure(
                    check,
                    "the Kubernetes API at " + hub.address() + " refuses us: " + refusal.said(),
                    "log in again (oc login) and start the coordinator again; " + WHICH_KUBECONFIG);
        }
        if (!version.ok() || version.body().path("gitVersion").isMissingNode()) {
            return Finding.failure(
                    check,
                    hub.address() + " does not answer like a Kubernetes API: GET /version is " + version.said(),
                    "correct the kube config's server; " + WHICH_KUBECONFIG);
        }
        return Finding.ok(
                check, "Kubernetes " + version.body().path("gitVersion").asText() + " at " + hub.address());
    }

    static List<Finding> kinds(HubFacts hub, BareMetalFlow flow) {
        String check = "kinds";
        List<Finding> missing = new ArrayList<>();
        Map<String, List<String>> served = new TreeMap<>();
        for (Kinds kind : Kinds.of(flow)) {
            if (kind.group().isEmpty()) {
                continue;
            }
            if (hub.serves(kind.apiVersion(), kind.plural())) {
                served.computeIfAbsent(kind.apiVersion(), group -> new ArrayList<>())
                        .add(kind.kind());
                continue;
            }
            Answer answer = hub.resources().get(kind.apiVersion());
            List<String> versions = hub.versions(kind.group());
            if (answer != null && !answer.ok() && !answer.absent()) {
                missing.add(Finding.failure(
                        check,
                        "cannot look for " + kind.kind() + ": " + answer.said(),
                        "try again when the hub answers"));
            } else if (versions.isEmpty() || (answer != null && answer.ok())) {
                missing.add(Finding.failure(
                        check,
                        "the CRD " + kind.kubectlName() + " is missing",
                        "install assisted-service with its CRDs on the hub, or hive for "
                                + "hive.openshift.io, or name another hub"));
            } else {
                missing.add(Finding.failure(
                        check,
                        "the CRD " + kind.kubectlName() + " is not served in "
                                + kind.apiVersion().replaceAll(".*/", "") + ", only in " + String.join(", ", versions),
                        "install a version of assisted-service that serves it"));
            }
        }
        return missing.isEmpty()
                ? List.of(Finding.ok(
                        check,
                        served.entrySet().stream()
                                .map(entry -> entry.getKey() + " " + String.join(" ", entry.getValue()))
                                .collect(Collectors.joining(", "))))
                : missing;
    }

    static Finding rights(HubFacts.Rights rights, BareMetalFlow flow) {
        String check = "rights";
        if (!rights.trouble().isEmpty()) {
            return Finding.warning(
                    check,
                    "cannot find out what we may do: " + rights.trouble(),
                    "'kubectl auth can-i --list' shows it");
        }
        Set<Right> needed = Set.copyOf(Right.needed(flow));
        List<Right> missing = rights.denied().stream().filter(needed::contains).toList();
        if (missing.isEmpty()) {
            return Finding.ok(check, "we may create, patch, delete and watch all that a swarm is made of");
        }
        Map<String, Set<String>> byTarget = new TreeMap<>();
        missing.forEach(right -> byTarget.computeIfAbsent(right.target(), target -> new TreeSet<>())
                .add(right.verb()));
        String denied = byTarget.entrySet().stream()
                .map(entry -> String.join(",", entry.getValue()) + " " + entry.getKey())
                .collect(Collectors.joining("; "));
        return Finding.failure(
                check,
                "we may not: " + denied,
                "have it granted in all namespaces by a ClusterRole and a ClusterRoleBinding (" + needed(flow)
                        + "), or use cluster-admin");
    }

    private static String needed(BareMetalFlow flow) {
        return Kinds.of(flow).stream().map(Kinds::plural).collect(Collectors.joining(", ")) + ", baremetalhosts/status";
    }
}
