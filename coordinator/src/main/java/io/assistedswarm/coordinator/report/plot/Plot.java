package io.assistedswarm.coordinator.report.plot;

import java.util.List;
import java.util.Optional;

/**
 * A plot, whichever way it is drawn.
 *
 * @param id names its file
 * @param caption what it shows, for who cannot see it
 * @param lines of a stacked plot the lowest first
 * @param until where the axis to the right ends that then begins at 0; empty to have it as wide as the lines
 */
public record Plot(
        String id,
        String title,
        String caption,
        String xTitle,
        String yTitle,
        Kind kind,
        List<Line> lines,
        Optional<Double> until) {
    public Plot {
        lines = List.copyOf(lines);
    }

    /** As wide as its lines. */
    public Plot(String id, String title, String caption, String xTitle, String yTitle, Kind kind, List<Line> lines) {
        this(id, title, caption, xTitle, yTitle, kind, lines, Optional.empty());
    }

    /** The same from 0 on, however far its lines go. */
    Plot until(double x) {
        return new Plot(id, title, caption, xTitle, yTitle, kind, lines, Optional.of(x));
    }

    /** How the lines are shown. */
    public enum Kind {
        LINES,
        /** Lines, and the axis to the right is logarithmic. */
        LOGARITHMIC,
        /** Areas, one on top of the other. */
        STACKED,
        /** Points, joined by lines. */
        POINTS
    }
}
