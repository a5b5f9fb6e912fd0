package io.assistedswarm.coordinator.report.plot;

import java.util.List;

/**
 * A plot, whichever way it is drawn.
 *
 * @param id names its file
 * @param caption what it shows, for who cannot see it
 * @param lines of a stacked plot the lowest first
 */
public record Plot(String id, String title, String caption, String xTitle, String yTitle, Kind kind, List<Line> lines) {
    public Plot {
        lines = List.copyOf(lines);
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
