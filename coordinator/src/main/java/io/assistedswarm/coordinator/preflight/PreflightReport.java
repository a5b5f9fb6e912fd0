package io.assistedswarm.coordinator.preflight;

import io.assistedswarm.coordinator.preflight.Finding.Outcome;
import io.assistedswarm.protocol.BareMetalFlow;
import java.util.List;

/**
 * All that was found, in the order of looking: hub, service, workers, plan.
 *
 * @param flow that bare metal goes by: as the service config says, else as the hub shows
 */
public record PreflightReport(List<Finding> findings, BareMetalFlow flow) {
    public PreflightReport {
        findings = List.copyOf(findings);
    }

    public List<Finding> with(Outcome outcome) {
        return findings.stream().filter(finding -> finding.outcome() == outcome).toList();
    }
}
