package io.assistedswarm.coordinator.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.assistedswarm.coordinator.api.Views.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Reports on the terminal and in files. */
class ReportCommandTest extends TestingCli {
    @Test
    void printsAReport() {
        coordinator.on("GET /swarms/night/report", 200, report(Verdict.FAILED));

        assertThat(run("report", "night")).isZero();
        assertThat(out.toString()).isEqualTo("""
                        Swarm night (runtime exec)

                        Submitted   2026-11-23T10:00:00Z
                        Ended       2026-11-23T10:05:00Z, after 5m
                        Clusters    3: 2 installed, 1 failed
                        Hosts       6: 6 installed
                        Stand-ins   4 of these hosts had a stand-in for the installer, as bootstrap: night-0-1, night-1-0, night-2-2 and others, all in summary.json
                        Rate        36.0 clusters an hour

                        Start times of the plan: seconds until clusters had their places
                                             COUNT    P50    P95    MAX
                          late                   3    8.0   10.7   11.0
                          held by the plan       1   20.0   20.0   20.0
                          due → applied          1    8.0    8.0    8.0
                          2 came more than 5 s late: 1 for workers' room, 1 for the coordinator

                        Hosts: seconds from phase to phase
                          PHASE               COUNT   MIN   MEAN   P50   P95   P99   MAX
                          known → preparing       6   1.0    2.5   2.4   4.0   5.1   5.2

                        Faults that the plan asked for; the times above are of clusters without any
                          Clusters  2: 1 installed, 1 failed
                          Hosts     3: 3 installed
                          FAULT    HOSTS   INJECTED   MISSED   WHAT THE SERVICE DID                         HOSTS NOW     CLUSTERS NOW            EXAMPLES
                          vanish   3       2          1        1 disconnected after 9.3 s, 1 nothing seen   3 installed   1 installed, 1 failed   night-0-1, night-0-2

                        Failures
                          SIDE      KIND      REASON    COUNT   EXAMPLES   MESSAGE
                          service   cluster   Timeout   1       night-2    it did not end

                        Verdict: failed
                          - 1 of 3 clusters failed
                        """);
    }

    @Test
    void saysThatAReportsFolderCannotBeMade() throws IOException {
        Path inTheWay = Files.writeString(folder.resolve("results"), "a file");
        coordinator.on("GET /swarms/night/report", 200, report(Verdict.PASSED));

        assertThat(run("report", "night", "-d", inTheWay.resolve("deep").toString()))
                .isEqualTo(1);
        assertThat(out.toString()).as("the report itself is there").contains("Verdict: passed");
        assertThat(err.toString())
                .startsWith("cannot write the report below " + inTheWay.resolve("deep") + ": ")
                .contains("Not a directory")
                .endsWith("; name another folder and run 'swarm report night -d DIR'\n")
                .hasLineCount(1);
    }

    @Test
    void saysWhichFilesOfAReportAreNotThere() {
        coordinator.on("GET /swarms/night/report", 200, report(Verdict.PASSED));

        assertThat(run("report", "night", "-d", folder.resolve("results").toString()))
                .isEqualTo(1);
        assertThat(err.toString().lines())
                .containsExactly(
                        "there are no clusters.csv, hosts.csv and plots: nothing is scripted for it",
                        "report written to " + folder.resolve("results/20261123-100100-night") + ", but for the above");
    }
}
