package io.assistedswarm.coordinator.report.plot;

import java.awt.Color;

/** For which screen, or paper, a plot is drawn: its size in points, and its colours. */
public enum Look {
    WIDE_LIGHT(900, 380, false),
    WIDE_DARK(900, 380, true),
    NARROW_LIGHT(400, 360, false),
    NARROW_DARK(400, 360, true);

    private final int width;
    private final int height;
    private final boolean dark;

    Look(int width, int height, boolean dark) {
        this.width = width;
        this.height = height;
        this.dark = dark;
    }

    int width() {
        return width;
    }

    int height() {
        return height;
    }

    boolean narrow() {
        return width < 640;
    }

    Color paper() {
        return new Color(dark ? 0x161b22 : 0xffffff);
    }

    Color ink() {
        return new Color(dark ? 0xe6edf3 : 0x1f2328);
    }

    Color grid() {
        return new Color(dark ? 0x30363d : 0xdde1e6);
    }
}
