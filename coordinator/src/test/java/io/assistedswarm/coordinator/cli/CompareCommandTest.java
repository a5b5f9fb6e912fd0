package io.assistedswarm.coordinator.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.assistedswarm.coordinator.api.ApiJson;
import io.assistedswarm.coordinator.api.Samples;
import io.assistedswarm.coordinator.api.Views.Verdict;
import io.assistedswarm.coordinator.report.Comparison;
import io.assistedswarm.coordinator.report.Report;
import io.assistedswarm.coordinator.report.Report.FailureCount;
import io.assistedswarm.coordinator.report.Report.PhaseStatistics;
import io.assistedswarm.coordinator.report.Report.StandIns;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompareCommandTest {
    private static final FailureCount REFUSED =
            new FailureCount("service", "cluster", "Refused", 2, "no", List.of("b-1"));

    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void putsTwoRunsSideBySideAndMarksWhatIsNoise() {
        assertThat(Comparison.lines(
                        report("a", 100, List.of(), new PhaseStatistics("known → preparing", 9, 1, 2, 10, 20, 30, 40)),
                        report(
                                "b",
                                104,
                                List.of(REFUSED),
                                new PhaseStatistics("known → preparing", 8, 1, 2, 10.4, 30, 15, 40),
                                new PhaseStatistics("placed → end", 8, 1, 2, 3, 4, 5, 6)),
                        0.05))
                .extracting(line -> line.replaceAll("\\s+", " ").strip())
                .containsExactly(
                        "A B CHANGE",
                        "Swarm a b -",
                        "Runtime exec exec -",
                        "Verdict passed passed -",
                        "Clusters 3 3 -",
                        "Hosts 3 3 -",
                        "Clusters an hour 100.0 104.0 ~",
                        "",
                        "Clusters: seconds from phase to phase, A, B and the change (~ is within 5.0%: noise)",
                        "PHASE COUNT B P50 B CHANGE P95 B CHANGE P99 B CHANGE",
                        "known → preparing 9 8 10.0 10.4 ~ 20.0 30.0 +50% 30.0 15.0 -50%",
                        "placed → end - 8 - 3.0 - - 4.0 - - 5.0 -",
                        "",
                        "Failures",
                        "SIDE/KIND/REASON A B",
                        "service/cluster/refused 0 2");
    }

    @Test
    void readsTheFoldersThatReportsAreWrittenTo() throws IOException {
        Files.createDirectories(folder.resolve("a"));
        Files.write(folder.resolve("a/summary.json"), ApiJson.write(report("a", 100, List.of())));
        assertThat(run("a", "a")).isZero();
        assertThat(out.toString()).contains("Failures: none in either");

        assertThat(run("a", "b")).isEqualTo(2);
        assertThat(err.toString())
                .startsWith("cannot read " + folder.resolve("b") + " as the summary.json of a report");
    }

    private int run(String first, String second) {
        Shell shell = new Shell(
                new StringReader(""),
                new PrintWriter(out, true),
                new PrintWriter(err, true),
                false,
                false,
                Map.of(),
                folder,
                Clock.systemUTC(),
                Duration.ofMillis(1));
        return Cli.run(
                shell,
                "compare",
                folder.resolve(first).toString(),
                folder.resolve(second).toString());
    }

    private static Report report(String swarm, double rate, List<FailureCount> failures, PhaseStatistics... phases) {
        return new Report(
                swarm,
                "exec",
                Samples.START,
                Optional.of(Samples.START.plusSeconds(300)),
                Verdict.PASSED,
                List.of(),
                3,
                3,
                0,
                Map.of("installed", 3),
                Map.of("installed", 3),
                List.of(phases),
                List.of(),
                failures,
                rate,
                Optional.empty(),
                Optional.empty(),
                new StandIns(0, List.of()));
    }
}
