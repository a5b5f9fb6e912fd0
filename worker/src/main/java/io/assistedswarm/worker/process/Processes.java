package io.assistedswarm.worker.process;

import io.assistedswarm.protocol.WorkerCommand.SwarmClosed;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;

/** The child processes of this worker. No call blocks; answers come on another thread. */
public interface Processes {
    /**
     * Variables by which what descends from a child is found and ended with it, even where it has left its group. Whoever starts
     * something in its name with a new environment hands them on.
     */
    List<String> MARKS = List.of(Watchdog.INCARNATION, OsProcesses.CHILD);

    /**
     * Variable by which the processes of one worker are known on its machine, whatever JVM started them: two workers may have the same
     * name and swarms of the same id, but never the same data folder.
     */
    String DATA_FOLDER = "SWARM_WORKSPACE";

    /** Fails with {@link ProcessFailed} when the process cannot be started. */
    CompletionStage<Running> start(ProcessSpec spec);

    /** Child processes now, grandchildren not counted. */
    int count();

    /** Refuses new processes from now on and ends all there are; completes when none is left, of their descendants neither. */
    CompletionStage<Done> close();

    /** A process that has been started. */
    interface Running {
        /** Also the id of its process group; 0 when it is no process of its own. */
        long pid();

        /** What it is, for whoever reads of it: {@code process 4711}. */
        default String label() {
            return "process " + pid();
        }

        /**
         * What of each kind it has had so far on this machine, itself among it; may be more when it has ended.
         *
         * @return by {@link SwarmClosed#KINDS}
         */
        default Map<String, Long> had() {
            return Map.of(SwarmClosed.PROCESS, 1L);
        }

        Instant startedAt();

        /** Absolute path of the file that gets its output. */
        Path logFile();

        /** Completes when the process itself has ended. What it left behind in its group is killed then. */
        CompletionStage<Exit> exit();

        /**
         * TERM to the whole group, KILL after the grace; completes when nothing of it is alive any more, at once if that is so already.
         * May be called again.
         */
        CompletionStage<Done> stop();

        /** As {@link #stop}, without the TERM and the grace: as if the machine had lost its power. */
        CompletionStage<Done> kill();

        /**
         * Makes the process and all that comes from it stand still; completes when nothing of it moves any more, or when it is gone.
         * A stop or kill in between is carried out.
         */
        CompletionStage<Done> suspend();

        /** Lets go on what {@link #suspend} has made stand still. */
        CompletionStage<Done> resume();

        /**
         * Kills what comes from the process and runs one of these programs.
         *
         * @param programs file names, as they stand in a command line
         * @return how many there were
         */
        CompletionStage<Integer> killDescendants(Set<String> programs);
    }

    /**
     * @param status exit status, 128 + the signal's number if a signal ended it
     * @param requested {@link Running#stop} had been called before
     */
    record Exit(int status, boolean requested) {}

    /** A process could not be started; the message says why, and what to do. */
    final class ProcessFailed extends RuntimeException {
        private static final long serialVersionUID = 1L;

        public ProcessFailed(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
