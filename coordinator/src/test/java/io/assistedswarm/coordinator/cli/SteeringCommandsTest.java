package io.assistedswarm.coordinator.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.assistedswarm.coordinator.api.ApiJson;
import io.assistedswarm.coordinator.api.Samples;
import io.assistedswarm.coordinator.api.Views.Refusal;
import io.assistedswarm.coordinator.api.Views.SwarmState;
import io.assistedswarm.coordinator.api.Views.Verdict;
import io.assistedswarm.coordinator.api.Views.WorkerView;
import io.assistedswarm.coordinator.plan.PaceChange;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What changes a running swarm, or takes a worker out of it. */
class SteeringCommandsTest extends TestingCli {
    @Test
    void changesThePaceOfARunningSwarm() throws IOException {
        coordinator.on("POST /swarms/night/pace", 200, Samples.swarm("night", SwarmState.RUNNING, Verdict.NONE));

        assertThat(run("pace", "night", "--steps", "100/h:10m,10/m", "--max-installing", "none"))
                .isZero();
        assertThat(out.toString()).isEqualTo("swarm night has another pace\n");
        PaceChange change = ApiJson.readPaceChange(coordinator.body("POST /swarms/night/pace"));
        assertThat(change.startTimes().orElseThrow().due(17)).isGreaterThan(Duration.ofMinutes(10));
        assertThat(change.maxInstalling()).contains(Integer.MAX_VALUE);
        assertThat(change.maxPerWorker()).isEmpty();
        assertThat(change.failures()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --rate 0/h                    | swarm pace: rate: is 0/h; it is more than 0, and at most 360000/h
            --rate 5                      | swarm pace: rate: is '5' and not a rate; say per what: '5/h'
            --rate 5/h --batch 2          | swarm pace: batch: is there beside 'rate'; leave out one of the two
            --batch 2                     | swarm pace: batch: means nothing without an interval
            --ramp 1/h:2/h                | swarm pace: ramp.over: is missing
            --ramp 1/h:2/h:1m:3           | swarm pace: ramp.over: is '1m:3' and not a duration
            --steps 1/h,2/h               | swarm pace: steps: has a step 0 that never ends
            --max-installing 0            | swarm pace: maxInstalling: is 0; it is at least 1
            --max-failures 100%           | swarm pace: maxFailures: is 100.0%; it is at least 0% and less than 100%
            """)
    void anAbsurdPaceIsRefusedInThePlansWords(String flags, String said) {
        assertThat(run(("pace night " + flags).split(" "))).isEqualTo(2);
        assertThat(err.toString()).startsWith(said);
        assertThat(coordinator.requests()).isEmpty();
    }

    @Test
    void scalesAGroup() {
        coordinator.on(
                "POST /swarms/night/scale?clusters=3&group=1",
                200,
                Samples.swarm("night", SwarmState.RUNNING, Verdict.NONE));
        coordinator.on("POST /swarms/night/scale?clusters=3", 409, new Refusal(List.of("swarm night has 2 groups")));

        assertThat(run("scale", "night", "1", "--clusters", "3")).isZero();
        assertThat(out.toString()).isEqualTo("swarm night has 3 clusters, those that were taken out included\n");
        assertThat(run("scale", "night", "--clusters", "3")).isEqualTo(1);
        assertThat(err.toString()).isEqualTo("swarm night has 2 groups\n");
    }

    @Test
    void aPaceNeedsSomethingToChange() {
        assertThat(run("pace", "night")).isEqualTo(2);
        assertThat(err.toString()).startsWith("swarm pace: say what is to change");
    }

    @Test
    void drainsAWorkerAndWaitsUntilItIsEmpty() {
        coordinator.on("POST /workers/w1/drain?moveAfterSeconds=90", 200, worker("draining", 3));
        coordinator.on("GET /workers/w1", 200, worker("drained", 0));
        coordinator.on("POST /workers/w1/uncordon", 200, worker("up", 0));

        assertThat(run("drain", "w1", "--move-after", "90s", "--wait")).isZero();
        assertThat(out.toString()).isEqualTo("worker w1 is drained, 0 of 4 places taken\n");
        out.getBuffer().setLength(0);
        assertThat(run("uncordon", "w1")).isZero();
        assertThat(out.toString()).isEqualTo("worker w1 is up, 0 of 4 places taken\n");
    }

    @Test
    void saysWhatKeepsAWorkerFromBeingDrainedInTime() {
        coordinator.on("POST /workers/w1/drain", 200, worker("draining", 3));

        assertThat(run("drain", "w1", "--wait", "--timeout", "0s")).isEqualTo(4);
        assertThat(err.toString()).contains("worker w1 still has 3 hosts");
    }

    private static WorkerView worker(String state, int used) {
        return new WorkerView("w1", "pekko://w1", state, "1", 4, used, 0, 2, 1, 1, 1, 1, Instant.EPOCH);
    }
}
