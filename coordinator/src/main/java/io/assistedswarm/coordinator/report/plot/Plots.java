package io.assistedswarm.coordinator.report.plot;

import io.assistedswarm.coordinator.report.Life;
import io.assistedswarm.coordinator.report.Life.Mark;
import io.assistedswarm.coordinator.report.Lives;
import io.assistedswarm.coordinator.report.Lives.Sample;
import io.assistedswarm.coordinator.report.Report;
import io.assistedswarm.coordinator.series.KeptMetric;
import io.assistedswarm.protocol.ClusterPhase;
import io.assistedswarm.protocol.HostPhase;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What is plotted of a run. */
public final class Plots {
    private static final int[] COLOURS = {
        0x4c78a8, 0xf58518, 0x9ecae9, 0xd67195, 0x72b7b2, 0xb279a2, 0xeeca3b, 0x9d755d, 0xff9da6, 0x79706e, 0x2f9edb,
        0x8cb369, 0xc94fb3, 0x6b6ecf
    };
    private static final Map<String, Integer> OF_ENDS = Map.ofEntries(
            Map.entry("pending", 0xa6acb5),
            Map.entry("installed", 0x2da44e),
            Map.entry("discovered", 0x57ab5a),
            Map.entry("added", 0x8ddb8c),
            Map.entry("failed", 0xcf222e),
            Map.entry("stopped", 0x7d6f53),
            Map.entry("lost", 0x8250df));
    private static final List<String> INSTALLING = List.of(
            ClusterPhase.INSTALLING.label(),
            ClusterPhase.FINALIZING.label(),
            ClusterPhase.COMPLETED.label(),
            ClusterPhase.ADDING_HOSTS.label());

    /** Points of a distribution. */
    private static final int POINTS = 100;

    private static final int MOST_NODES = 8;

    /** Of a node's samples; of several that fall together the worst is shown. More would be a band without gaps. */
    private static final int MOST_SAMPLES = 300;

    private static final int RATE_WINDOWS = 24;
    private static final double LEAST_SECONDS = 0.01;

    private final Report report;
    private final Lives lives;
    private final Instant to;
    private final TimeAxis axis;
    private final double unitSeconds;
    private final String unit;

    private Plots(Report report, Lives lives, Instant now) {
        this.report = report;
        this.lives = lives;
        // What was bound after the end, or heard of late, still belongs to it.
        this.to = Stream.concat(lives.clusters().stream(), lives.hosts().stream())
                .map(life -> life.last().at())
                .reduce(report.endedAt().orElse(now), (one, other) -> one.isAfter(other) ? one : other);
        this.axis = TimeAxis.of(report.submittedAt(), to);
        this.unitSeconds = axis.unitSeconds();
        this.unit = axis.unit();
    }

    /** None of a run that has not begun; those of metrics come last. */
    public static List<Plot> of(Report report, Lives lives, List<KeptMetric> metrics, Instant now) {
        Plots plots = new Plots(report, lives, now);
        List<Plot> all = new ArrayList<>();
        if (!lives.clusters().isEmpty()) {
            StateCounts clusters = StateCounts.of(
                    lives.clusters(),
                    Stream.of(ClusterPhase.values()).map(ClusterPhase::label).toList(),
                    ClusterPhase.PENDING.label(),
                    report.clusterCount(),
                    report.submittedAt(),
                    plots.to,
                    plots.unitSeconds);
            all.add(plots.states("clusters", clusters));
            all.add(plots.installing(clusters));
            all.add(plots.throughput());
        }
        if (!lives.hosts().isEmpty()) {
            List<String> states = Stream.concat(
                            Stream.of(ClusterPhase.PENDING.label()),
                            Stream.of(HostPhase.values()).map(HostPhase::label))
                    .toList();
            all.add(plots.states(
                    "hosts",
                    StateCounts.of(
                            lives.hosts(),
                            states,
                            ClusterPhase.PENDING.label(),
                            report.hostCount(),
                            report.submittedAt(),
                            plots.to,
                            plots.unitSeconds)));
        }
        all.addAll(plots.distributions("clusters", lives.clusters()));
        all.addAll(plots.distributions("hosts", lives.hosts()));
        Stream.concat(plots.health().stream(), new MetricPlots(plots.axis, COLOURS).of(metrics).stream())
                .map(plot -> plot.until(plots.axis.end()))
                .forEach(all::add);
        return all;
    }

    /** 1, 2 or 5 times a power of ten, so that no more than so many steps go to the whole: marks of an axis stand at points. */
    static double roundStep(double whole, int most) {
        double least = whole / most;
        double power = Math.pow(10, Math.floor(Math.log10(least)));
        return Stream.of(1.0, 2.0, 5.0)
                .map(part -> part * power)
                .filter(step -> step >= least)
                .findFirst()
                .orElse(10 * power);
    }

    private Plot states(String what, StateCounts counts) {
        List<Line> lines = new ArrayList<>();
        // What is over lies at the bottom, what waits on top.
        for (String state : counts.states().reversed()) {
            lines.add(Line.of(state, x(counts.seconds()), counts.counts(List.of(state)), colour(state, lines.size())));
        }
        return new Plot(
                what + "-by-state",
                capital(what) + " by state",
                "how many " + what + " were in each state over time",
                unit,
                what,
                Plot.Kind.STACKED,
                lines);
    }

    private Plot installing(StateCounts counts) {
        return new Plot(
                "installs-in-progress",
                "Installations in progress",
                "how many clusters were being installed over time",
                unit,
                "clusters",
                Plot.Kind.LINES,
                List.of(Line.of("installing", x(counts.seconds()), counts.counts(INSTALLING), COLOURS[0])));
    }

    private Plot throughput() {
        double seconds = Math.max(1, Duration.between(report.submittedAt(), to).toMillis() / 1000.0);
        double window = roundStep(seconds / unitSeconds, RATE_WINDOWS) * unitSeconds;
        List<Line> lines = new ArrayList<>();
        lines.add(rate(
                "admitted", window, lives.clusters().stream().map(Life::begun).toList(), COLOURS[0]));
        lines.add(rate("ended well", window, ends(true), OF_ENDS.get("installed")));
        List<Instant> bad = ends(false);
        if (!bad.isEmpty()) {
            lines.add(rate("failed, lost or stopped", window, bad, OF_ENDS.get("failed")));
        }
        return new Plot(
                "throughput",
                "Clusters an hour",
                "how many clusters an hour were admitted and came to their ends, over time",
                unit,
                "clusters an hour",
                Plot.Kind.POINTS,
                lines);
    }

    private List<Instant> ends(boolean good) {
        return lives.clusters().stream()
                .map(Life::last)
                .filter(mark -> phase(mark).isEnd() && phase(mark).endsWell() == good)
                .map(Mark::at)
                .toList();
    }

    private static ClusterPhase phase(Mark mark) {
        return Stream.of(ClusterPhase.values())
                .filter(phase -> phase.label().equals(mark.what()))
                .findFirst()
                .orElse(ClusterPhase.PENDING);
    }

    private Line rate(String name, double window, List<Instant> events, int colour) {
        int windows = (int) (Duration.between(report.submittedAt(), to).toMillis() / 1000.0 / window) + 1;
        double[] x = new double[windows];
        double[] y = new double[windows];
        for (int i = 0; i < windows; i++) {
            x[i] = i * window / unitSeconds;
        }
        for (Instant event : events) {
            double seconds = Duration.between(report.submittedAt(), event).toMillis() / 1000.0;
            y[Math.clamp((long) (seconds / window), 0, windows - 1)] += 3600 / window;
        }
        return Line.of(name, x, y, colour);
    }

    /** Where a host has a fault the others of its cluster wait for it: such clusters are left out. */
    private List<Plot> distributions(String what, List<Life> all) {
        Map<String, List<Double>> bySteps = new LinkedHashMap<>();
        all.stream().filter(life -> !life.faulted()).forEach(life -> {
            for (int i = 0; i + 1 < life.marks().size(); i++) {
                Mark mark = life.marks().get(i);
                Mark next = life.marks().get(i + 1);
                bySteps.computeIfAbsent(mark.what() + " → " + next.what(), step -> new ArrayList<>())
                        .add(Duration.between(mark.at(), next.at()).toNanos() / 1e9);
            }
        });
        List<Line> lines = new ArrayList<>();
        bySteps.entrySet().stream()
                .sorted(Comparator.comparingInt((Map.Entry<String, List<Double>> step) ->
                        -step.getValue().size()))
                .limit(COLOURS.length)
                .forEach(step -> lines.add(distribution(step.getKey(), step.getValue(), COLOURS[lines.size()])));
        return lines.isEmpty()
                ? List.of()
                : List.of(new Plot(
                        what + "-latency",
                        "Time that " + what + " spent in each phase",
                        "which share of the " + what + " took at most so many seconds from one phase to the next",
                        "seconds, at most",
                        "% of the " + what,
                        Plot.Kind.LOGARITHMIC,
                        lines));
    }

    private static Line distribution(String name, List<Double> values, int colour) {
        double[] sorted =
                values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        int points = Math.min(POINTS, sorted.length) + 1;
        double[] x = new double[points];
        double[] y = new double[points];
        for (int i = 0; i < points; i++) {
            // The least of which it is so: of two values half took at most the first.
            int upTo = Math.ceilDiv(i * sorted.length, points - 1);
            x[i] = Math.max(LEAST_SECONDS, sorted[Math.max(0, upTo - 1)]);
            y[i] = 100.0 * i / (points - 1);
        }
        return Line.of(name, x, y, colour);
    }

    private List<Plot> health() {
        if (lives.samples().isEmpty()) {
            return List.of();
        }
        return List.of(
                new Plot(
                        "generator-cpu-wait",
                        "The generator: time in which something waited for a processor",
                        "share of time in which something on each node's machine waited for a processor; of a long run the worst of each stretch",
                        unit,
                        "% of the time",
                        Plot.Kind.LINES,
                        ofNodes(sample -> sample.cpuWait().orElse(0.0) * 100)),
                new Plot(
                        "generator-stalls",
                        "The generator: time by which timers came late",
                        "the longest time by which a timer of each node came late",
                        unit,
                        "seconds",
                        Plot.Kind.LINES,
                        ofNodes(Sample::stallSeconds)));
    }

    /** Of the nodes that were worst, when there are many. */
    private List<Line> ofNodes(ToDoubleFunction<Sample> value) {
        Map<String, List<Sample>> byNode = lives.samples().stream()
                .collect(Collectors.groupingBy(Sample::node, TreeMap::new, Collectors.toList()));
        List<Line> lines = new ArrayList<>();
        byNode.entrySet().stream()
                .sorted(Comparator.comparingDouble((Map.Entry<String, List<Sample>> node) ->
                        -node.getValue().stream().mapToDouble(value).max().orElse(0)))
                .limit(MOST_NODES)
                .sorted(Map.Entry.comparingByKey())
                .forEach(node -> {
                    List<List<Sample>> stretches = stretches(node.getValue());
                    lines.add(Line.of(
                            node.getKey(),
                            x(stretches.stream()
                                    .mapToDouble(stretch -> Duration.between(
                                                            report.submittedAt(),
                                                            stretch.getFirst().at())
                                                    .toMillis()
                                            / 1000.0)
                                    .toArray()),
                            stretches.stream()
                                    .mapToDouble(stretch -> stretch.stream()
                                            .mapToDouble(value)
                                            .max()
                                            .orElseThrow())
                                    .toArray(),
                            COLOURS[lines.size()]));
                });
        return lines;
    }

    private static List<List<Sample>> stretches(List<Sample> samples) {
        int length = (samples.size() + MOST_SAMPLES - 1) / MOST_SAMPLES;
        return IntStream.iterate(0, from -> from < samples.size(), from -> from + length)
                .mapToObj(from -> samples.subList(from, Math.min(samples.size(), from + length)))
                .toList();
    }

    private double[] x(double[] seconds) {
        double[] x = new double[seconds.length];
        for (int i = 0; i < x.length; i++) {
            x[i] = seconds[i] / unitSeconds;
        }
        return x;
    }

    private static int colour(String state, int index) {
        return OF_ENDS.getOrDefault(state, COLOURS[index % COLOURS.length]);
    }

    private static String capital(String word) {
        return word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1);
    }
}
