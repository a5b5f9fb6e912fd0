package io.assistedswarm.coordinator.cli;

import io.assistedswarm.coordinator.api.Samples;
import io.assistedswarm.coordinator.api.Views.SwarmState;
import io.assistedswarm.coordinator.api.Views.Verdict;
import io.assistedswarm.coordinator.preflight.PreflightReport;
import io.assistedswarm.coordinator.report.FaultReport;
import io.assistedswarm.coordinator.report.Report;
import io.assistedswarm.coordinator.report.Report.FailureCount;
import io.assistedswarm.coordinator.report.Report.PhaseStatistics;
import io.assistedswarm.coordinator.report.Report.StandIns;
import io.assistedswarm.protocol.BareMetalFlow;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** The command line without its process, and a coordinator that answers what a test has it answer. */
abstract class TestingCli {
    String typed = "";

    final StringWriter out = new StringWriter();

    final StringWriter err = new StringWriter();

    final Map<String, String> environment = new HashMap<>();

    @TempDir
    Path folder;

    TestingCoordinator coordinator;

    @BeforeEach
    void start() throws IOException {
        coordinator = new TestingCoordinator()
                .on("POST /preflight", 200, new PreflightReport(List.of(), BareMetalFlow.IMAGE));
        environment.put("SWARM_COORDINATOR", coordinator.url());
    }

    @AfterEach
    void stop() {
        coordinator.close();
    }

    int run(String... arguments) {
        return run(false, arguments);
    }

    int run(boolean terminal, String... arguments) {
        Shell shell = new Shell(
                new StringReader(typed),
                new PrintWriter(out, true),
                new PrintWriter(err, true),
                terminal,
                terminal,
                environment,
                folder,
                Clock.fixed(Samples.START.plusSeconds(60), ZoneOffset.UTC),
                Duration.ofMillis(1));
        return Cli.run(shell, arguments);
    }

    static Report report(Verdict verdict) {
        return new Report(
                "night",
                "exec",
                Samples.START,
                Optional.of(Samples.START.plusSeconds(300)),
                verdict,
                verdict == Verdict.FAILED ? List.of("1 of 3 clusters failed") : List.of(),
                3,
                6,
                0,
                Map.of("failed", 1, "installed", 2),
                Map.of("installed", 6),
                List.of(),
                List.of(new PhaseStatistics("known → preparing", 6, 1, 2.5, 2.4, 4, 5.1, 5.2)),
                List.of(new FailureCount("SERVICE", "CLUSTER", "Timeout", 1, "it did\nnot end", List.of("night-2"))),
                36,
                Optional.of(new FaultReport(
                        2,
                        3,
                        Map.of("installed", 1, "failed", 1),
                        Map.of("installed", 3),
                        List.of(new FaultReport.OfKind(
                                "vanish",
                                3,
                                2,
                                1,
                                List.of(new FaultReport.Answer("disconnected", 1, 9, 9.25, 9.5)),
                                Map.of("installed", 3),
                                Map.of("installed", 1, "failed", 1),
                                List.of("night-0-1", "night-0-2"))))),
                Samples.swarm("night", SwarmState.DONE, verdict).punctuality(),
                new StandIns(4, List.of("night-0-1", "night-1-0", "night-2-2", "night-3-1")));
    }
}
