package io.assistedswarm.coordinator.preflight;

import io.assistedswarm.coordinator.preflight.Finding.Outcome;
import java.util.List;

/** All that was found, in the order of looking: hub, service, workers, plan. */
public record PreflightReport(List<Finding> findings) {
    public PreflightReport {
        findings = List.copyOf(findings);
    }

    public List<Finding> with(Outcome outcome) {
        return findings.stream().filter(finding -> finding.outcome() == outcome).toList();
    }
}
