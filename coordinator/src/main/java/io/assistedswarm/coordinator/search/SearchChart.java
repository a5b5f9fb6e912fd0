package io.assistedswarm.coordinator.search;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The plot of a search as an SVG: the load to the right, the time that clusters took upwards, and by shape and colour whether the limits were met.
 * A step without a time stands on the axis.
 */
public final class SearchChart {
    private static final int WIDTH = 720;
    private static final int HEIGHT = 420;
    private static final int LEFT = 70;
    private static final int RIGHT = 30;
    private static final int TOP = 50;
    private static final int BOTTOM = 60;
    private static final int TICKS = 5;

    private final SearchedKey key;
    private final List<Step> steps;
    private final double mostLoad;
    private final double mostSeconds;
    private final List<String> lines = new ArrayList<>();

    private SearchChart(SearchReport report) {
        this.key = report.key();
        this.steps = report.steps().stream()
                .sorted(Comparator.comparingDouble(Step::load))
                .toList();
        this.mostLoad = steps.stream().mapToDouble(Step::load).max().orElse(1);
        this.mostSeconds = Math.max(
                1,
                steps.stream()
                        .flatMap(step -> step.p95Seconds().stream())
                        .max(Double::compare)
                        .orElse(1.0));
    }

    /** The text of the file. */
    public static String svg(SearchReport report) {
        SearchChart chart = new SearchChart(report);
        chart.draw(report.conclusion());
        return String.join("\n", chart.lines) + "\n";
    }

    private void draw(String conclusion) {
        lines.add("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" + WIDTH + "\" height=\"" + HEIGHT
                + "\" viewBox=\"0 0 " + WIDTH + " " + HEIGHT
                + "\" font-family=\"sans-serif\" font-size=\"12\" fill=\"#333\">");
        lines.add("<title>" + escaped(conclusion) + "</title>");
        lines.add("<rect width=\"" + WIDTH + "\" height=\"" + HEIGHT + "\" fill=\"#fff\"/>");
        text(LEFT, 20, "start", conclusion);
        axes();
        line();
        steps.forEach(
                step -> mark(step.outcome(), x(step.load()), y(step.p95Seconds().orElse(0.0)), key.text(step.load())));
        legend();
        lines.add("</svg>");
    }

    private void axes() {
        for (int i = 0; i <= TICKS; i++) {
            double y = y(mostSeconds * i / TICKS);
            path("M" + LEFT + " " + number(y) + "H" + (WIDTH - RIGHT), "#ddd", 1);
            text(LEFT - 8, y + 4, "end", Math.round(mostSeconds * i / TICKS) + " s");
            text(x(mostLoad * i / TICKS), HEIGHT - BOTTOM + 20, "middle", key.text(Math.rint(mostLoad * i / TICKS)));
        }
        path("M" + LEFT + " " + TOP + "V" + (HEIGHT - BOTTOM) + "H" + (WIDTH - RIGHT), "#333", 1);
        text((LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 20, "middle", key.path());
        text(LEFT, TOP - 12, "start", "P95 of a cluster's time to its end");
    }

    private void line() {
        String points = steps.stream()
                .filter(step ->
                        step.outcome() != Outcome.NOT_VALID && step.p95Seconds().isPresent())
                .map(step -> number(x(step.load())) + " "
                        + number(y(step.p95Seconds().get())))
                .collect(Collectors.joining("L", "M", ""));
        if (points.length() > 1) {
            path(points, "#999", 1);
        }
    }

    private void legend() {
        double x = WIDTH - RIGHT - 300;
        for (Outcome outcome : Outcome.values()) {
            mark(outcome, x, TOP - 16, outcome.label());
            text(x + 10, TOP - 12, "start", outcome.label());
            x += 100;
        }
    }

    /** Told apart without colours, too. */
    private void mark(Outcome outcome, double x, double y, String title) {
        lines.add("<g><title>" + escaped(title) + "</title>");
        String middle = "M" + number(x) + " " + number(y);
        switch (outcome) {
            case MET -> path(middle + "m-4 0l3 4l6 -8", "#2e7d32", 3);
            case NOT_MET -> path(middle + "m-5 -5l10 10m0 -10l-10 10", "#c62828", 3);
            case NOT_VALID -> path(middle + "m-5 -5h10v10h-10z", "#777", 2);
        }
        lines.add("</g>");
    }

    private void path(String way, String colour, int width) {
        lines.add("<path d=\"" + way + "\" fill=\"none\" stroke=\"" + colour + "\" stroke-width=\"" + width + "\"/>");
    }

    private void text(double x, double y, String anchor, String words) {
        lines.add("<text x=\"" + number(x) + "\" y=\"" + number(y) + "\" text-anchor=\"" + anchor + "\">"
                + escaped(words) + "</text>");
    }

    private double x(double load) {
        return LEFT + (WIDTH - LEFT - RIGHT) * load / mostLoad;
    }

    private double y(double seconds) {
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * seconds / mostSeconds;
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
