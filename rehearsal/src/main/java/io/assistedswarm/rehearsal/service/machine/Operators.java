package io.assistedswarm.rehearsal.service.machine;

import io.assistedswarm.rehearsal.service.model.Check;
import java.util.List;

/** The operators that the service knows; none is installed in a rehearsal, but each has its validation. */
final class Operators {
    private static final List<String> NAMES = List.of(
            "amd-gpu",
            "authorino",
            "cluster-observability",
            "cnv",
            "fence-agents-remediation",
            "kmm",
            "kube-descheduler",
            "loki",
            "lso",
            "lvm",
            "mce",
            "metallb",
            "mtv",
            "nmstate",
            "node-feature-discovery",
            "node-healthcheck",
            "node-maintenance",
            "numaresources",
            "nvidia-gpu",
            "oadp",
            "odf",
            "openshift-ai",
            "openshift-logging",
            "osc",
            "pipelines",
            "self-node-remediation",
            "serverless",
            "servicemesh");

    static final List<Check> DISABLED = NAMES.stream()
            .map(name -> Check.passed(
                    (name.equals("numaresources") ? "numa-resources" : name) + "-requirements-satisfied",
                    name + " is disabled"))
            .toList();

    private Operators() {}
}
