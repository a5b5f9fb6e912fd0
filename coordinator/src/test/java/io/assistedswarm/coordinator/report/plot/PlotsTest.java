package io.assistedswarm.coordinator.report.plot;

import static io.assistedswarm.coordinator.Samples.START;
import static io.assistedswarm.coordinator.Samples.after;
import static org.assertj.core.api.Assertions.assertThat;

import io.assistedswarm.coordinator.api.Views.Verdict;
import io.assistedswarm.coordinator.report.Life;
import io.assistedswarm.coordinator.report.Life.Mark;
import io.assistedswarm.coordinator.report.Lives;
import io.assistedswarm.coordinator.report.Lives.Sample;
import io.assistedswarm.coordinator.report.Report;
import io.assistedswarm.coordinator.report.Report.StandIns;
import io.assistedswarm.coordinator.series.KeptMetric;
import io.assistedswarm.coordinator.series.Series;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Of four clusters one is never admitted, one is installed, one fails and one has not ended. */
class PlotsTest {
    private static final double END = 400;

    private static final Lives LIVES = new Lives(
            List.of(
                    life("c0", mark("placed", 10), mark("installing", 100), mark("installed", 300)),
                    life("c1", mark("placed", 20), mark("installing", 100), mark("failed", 200)),
                    life("c2", mark("placed", 30), mark("applied", 60))),
            List.of(
                    life("h0", mark("placed", 10), mark("booted", 50), mark("installed", 290)),
                    life("h1", mark("placed", 20), mark("booted", 70)),
                    life("h2", mark("placed", 30))),
            List.of(new Sample("w1", after(200), Optional.of(0.25), 1.5)));

    @Test
    void countsClustersInEachStateAtEachTime() {
        Plot states = plot("clusters-by-state", END);
        assertThat(states.kind()).isEqualTo(Plot.Kind.STACKED);
        assertThat(states.xTitle()).isEqualTo("seconds after the submission");
        assertThat(states.lines())
                .as("what is over lies at the bottom, what waits on top")
                .extracting(Line::name)
                .containsExactly("failed", "installed", "installing", "applied", "placed", "pending");
        assertThat(at(states, 0)).isEqualTo(Map.of("pending", 4.0));
        assertThat(at(states, 50)).isEqualTo(Map.of("pending", 1.0, "placed", 3.0));
        assertThat(at(states, 100)).isEqualTo(Map.of("pending", 1.0, "applied", 1.0, "installing", 2.0));
        assertThat(at(states, 400)).isEqualTo(Map.of("pending", 1.0, "applied", 1.0, "failed", 1.0, "installed", 1.0));
    }

    @Test
    void countsHostsInEachStateAtEachTime() {
        Plot states = plot("hosts-by-state", END);
        assertThat(at(states, 0)).isEqualTo(Map.of("pending", 5.0));
        assertThat(at(states, 24)).isEqualTo(Map.of("pending", 3.0, "placed", 2.0));
        assertThat(at(states, 60)).isEqualTo(Map.of("pending", 2.0, "placed", 2.0, "booted", 1.0));
        assertThat(at(states, 400)).isEqualTo(Map.of("pending", 2.0, "placed", 1.0, "booted", 1.0, "installed", 1.0));
    }

    @Test
    void countsInstallationsInProgress() {
        Plot installing = plot("installs-in-progress", END);
        assertThat(installing.lines()).hasSize(1);
        assertThat(at(installing, 98)).isEmpty();
        assertThat(at(installing, 100)).isEqualTo(Map.of("installing", 2.0));
        assertThat(at(installing, 200)).isEqualTo(Map.of("installing", 1.0));
        assertThat(at(installing, 300)).isEmpty();
    }

    /** In windows of 20 s, of which 180 are an hour. */
    @Test
    void saysHowManyAnHourWereAdmittedAndEnded() {
        Plot throughput = plot("throughput", END);
        assertThat(throughput.lines())
                .extracting(Line::name)
                .containsExactly("admitted", "ended well", "failed, lost or stopped");
        assertThat(throughput.lines())
                .allSatisfy(line -> assertThat(line.x()).hasSize(21).startsWith(0.0, 20.0, 40.0));
        assertThat(at(throughput, 0)).isEqualTo(Map.of("admitted", 180.0));
        assertThat(at(throughput, 20)).isEqualTo(Map.of("admitted", 360.0));
        assertThat(at(throughput, 200)).isEqualTo(Map.of("failed, lost or stopped", 180.0));
        assertThat(at(throughput, 300)).isEqualTo(Map.of("ended well", 180.0));
        assertThat(throughput.lines().stream()
                        .flatMap(line -> line.y().stream())
                        .mapToDouble(Double::doubleValue)
                        .sum())
                .as("each once")
                .isEqualTo(5 * 180.0);
    }

    @Test
    void saysWhichShareTookAtMostSoLong() {
        Plot latency = plot("clusters-latency", END);
        assertThat(latency.kind()).isEqualTo(Plot.Kind.LOGARITHMIC);
        assertThat(latency.lines())
                .extracting(Line::name)
                .containsExactlyInAnyOrder(
                        "placed → installing", "installing → installed", "installing → failed", "placed → applied");
        Line placed = latency.lines().getFirst();
        assertThat(placed.name()).isEqualTo("placed → installing");
        assertThat(placed.y()).containsExactly(0.0, 50.0, 100.0);
        assertThat(placed.x()).as("half took at most 80 s").containsExactly(80.0, 80.0, 90.0);
    }

    @Test
    void leavesClustersWithFaultsOutOfTheTimes() {
        Life faulted = new Life(
                "c0", "w1", List.of(mark("placed", 10), mark("applied", 399)), List.of(), Optional.empty(), true, "");
        Lives lives = new Lives(List.of(faulted), List.of(), List.of());
        assertThat(Plots.of(report(END), lives, List.of(), after(END)))
                .extracting(Plot::id)
                .containsExactly("clusters-by-state", "installs-in-progress", "throughput");
    }

    @Test
    void showsMetricsOfTheServiceAndTheGeneratorsHealthOnTheSameTimeAxis() {
        for (double end : new double[] {END, 7200}) {
            double unit = end == END ? 1 : 60;
            Plot states = plot("clusters-by-state", end);
            Plot metric = plot("metric-load", end);
            Plot health = plot("generator-stalls", end);
            assertThat(metric.xTitle())
                    .isEqualTo(states.xTitle())
                    .isEqualTo(health.xTitle())
                    .startsWith(unit == 1 ? "seconds" : "minutes");
            assertThat(metric.lines().getFirst().x()).containsExactly(0.0, 100 / unit, 200 / unit);
            assertThat(health.lines().getFirst().x()).containsExactly(200 / unit);
            assertThat(states.lines().getFirst().x()).startsWith(0.0).endsWith(end / unit);
            assertThat(metric.until()).contains(end / unit);
            assertThat(health.until()).contains(end / unit);
        }
    }

    /** What is there at that time, without what is 0. */
    private static Map<String, Double> at(Plot plot, double x) {
        Map<String, Double> values = new LinkedHashMap<>();
        for (Line line : plot.lines()) {
            int index = line.x().indexOf(x);
            assertThat(index).as("%s at %s", line.x(), x).isNotNegative();
            if (line.y().get(index) != 0) {
                values.put(line.name(), line.y().get(index));
            }
        }
        return values;
    }

    private static Plot plot(String id, double end) {
        double begun = START.getEpochSecond();
        KeptMetric load = new KeptMetric(
                "load",
                "load1",
                false,
                List.of(new Series(Map.of(), List.of(begun, begun + 100, begun + 200), List.of(1.0, 2.0, 3.0))),
                0,
                Optional.empty());
        return Plots.of(report(end), LIVES, List.of(load), after(end)).stream()
                .filter(plot -> plot.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private static Life life(String name, Mark... marks) {
        return new Life(name, "w1", Arrays.asList(marks), List.of(), Optional.empty(), false, "");
    }

    private static Mark mark(String what, double second) {
        return new Mark(what, after(second));
    }

    private static Report report(double end) {
        return new Report(
                "night",
                "hollow",
                START,
                Optional.of(after(end)),
                Verdict.FAILED,
                List.of(),
                4,
                5,
                0,
                Map.of(),
                Map.of(),
                List.of(),
                List.of(),
                List.of(),
                0,
                Optional.empty(),
                Optional.empty(),
                new StandIns(0, List.of()));
    }
}
