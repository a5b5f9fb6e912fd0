package io.assistedswarm.worker.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.assistedswarm.protocol.SwarmId;
import io.assistedswarm.protocol.WorkerCommand.SwarmClosed;
import io.assistedswarm.worker.Samples;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BelongingsTest {
    private static final SwarmId SWARM = new SwarmId("quickstart-7f3a");

    @TempDir
    private Path folder;

    @TempDir
    private Path elsewhere;

    @Test
    void seesWhatAnEarlierJvmOfTheSameWorkerLeft() throws IOException, InterruptedException {
        // Its incarnation is not in it: that of the JVM that looks would differ anyway.
        Process left = start(folder, SWARM);
        try {
            assertThat(new Belongings(Samples.WORKER, new Workspace(folder), swarm -> 0)
                            .look(SWARM)
                            .left()
                            .get(SwarmClosed.PROCESS))
                    .isEqualTo(1);
        } finally {
            left.destroyForcibly().waitFor();
        }
        assertThat(new Belongings(Samples.WORKER, new Workspace(folder), swarm -> 0)
                        .look(SWARM)
                        .left()
                        .get(SwarmClosed.PROCESS))
                .isZero();
    }

    @Test
    void doesNotCountWhatAWorkerOfTheSameNameAndASwarmOfTheSameIdHaveElsewhere()
            throws IOException, InterruptedException {
        Process other = start(elsewhere, SWARM);
        Process otherSwarm = start(folder, new SwarmId("quickstart-0000"));
        try {
            assertThat(new Belongings(Samples.WORKER, new Workspace(folder), swarm -> 0)
                            .look(SWARM)
                            .left()
                            .get(SwarmClosed.PROCESS))
                    .isZero();
        } finally {
            other.destroyForcibly().waitFor();
            otherSwarm.destroyForcibly().waitFor();
        }
    }

    private static Process start(Path workspace, SwarmId swarm) throws IOException {
        ProcessBuilder builder = new ProcessBuilder("sleep", "60");
        builder.environment().put("SWARM_ID", swarm.value());
        builder.environment().put("SWARM_WORKER", Samples.WORKER.value());
        builder.environment().put(Processes.DATA_FOLDER, workspace.toString());
        return builder.start();
    }
}
