package io.assistedswarm.coordinator.preflight;

import io.assistedswarm.coordinator.api.Views.WorkerView;
import io.assistedswarm.protocol.MachineReport;
import java.time.Duration;
import java.util.Optional;

/**
 * A worker and its machine.
 *
 * @param machine empty when it did not answer
 * @param trouble why it did not; empty when it did
 * @param ahead how far its clock is ahead of the coordinator's, nothing within the time that the answer took
 */
record WorkerFacts(WorkerView worker, Optional<MachineReport> machine, String trouble, Duration ahead) {}
