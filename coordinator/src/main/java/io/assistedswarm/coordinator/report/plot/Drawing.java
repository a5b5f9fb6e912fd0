package io.assistedswarm.coordinator.report.plot;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.imageio.ImageIO;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import org.knowm.xchart.style.Styler.LegendLayout;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.XYStyler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Draws plots as PNG, two pixels a point. */
public final class Drawing {
    private static final int PIXELS_PER_POINT = 2;
    private static final Font TEXT = new Font(Font.SANS_SERIF, Font.PLAIN, 12);
    private static final Font HEADING = new Font(Font.SANS_SERIF, Font.BOLD, 14);
    /** The highest value is not drawn on the edge, and its axis has a label. */
    private static final double HEADROOM = 1.05;

    /** Marks are sums of steps. */
    private static final double NEAR = 1e-6;

    private static final int FEW_LINES = 4;
    private static final int LEGEND_LINE = 20;
    private static final String HEADLESS = "java.awt.headless";

    private Drawing() {}

    /**
     * The bytes of the file.
     *
     * @throws IOException when this Java cannot draw, as without fonts
     */
    public static byte[] png(Plot plot, Look look) throws IOException {
        if (System.getProperty(HEADLESS) == null) {
            System.setProperty(HEADLESS, "true");
        }
        try {
            int height = height(plot, look);
            XYChart chart = chart(plot, look, height);
            BufferedImage image = new BufferedImage(
                    look.width() * PIXELS_PER_POINT, height * PIXELS_PER_POINT, BufferedImage.TYPE_INT_RGB);
            Graphics2D graphics = image.createGraphics();
            graphics.scale(PIXELS_PER_POINT, PIXELS_PER_POINT);
            chart.paint(graphics, look.width(), height);
            graphics.dispose();
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            ImageIO.write(Palette.reduced(image), "png", bytes);
            return bytes.toByteArray();
        } catch (LinkageError | IllegalStateException | NullPointerException e) {
            // A Java without fontconfig and fonts fails in one of these ways.
            throw new IOException("this Java cannot draw (" + e + "); install fontconfig and a font", e);
        }
    }

    private static XYChart chart(Plot plot, Look look, int height) {
        XYChart chart = new XYChartBuilder()
                .width(look.width())
                .height(height)
                .title(plot.title())
                .xAxisTitle(plot.xTitle())
                .yAxisTitle(plot.yTitle())
                .build();
        style(chart.getStyler(), plot, look);
        plot.until().ifPresent(end -> chart.getStyler().setXAxisMin(0.0).setXAxisMax(end));
        boolean stacked = plot.kind() == Plot.Kind.STACKED;
        if (plot.kind() == Plot.Kind.LINES || plot.kind() == Plot.Kind.POINTS) {
            chart.getStyler().setYAxisMax(HEADROOM * highest(plot));
        }
        for (Line line : stacked ? stacked(plot.lines()) : plot.lines()) {
            XYSeries series = chart.addSeries(line.name(), uneven(line.x()), uneven(line.y()));
            Color colour = new Color(line.colour());
            series.setLineColor(colour);
            series.setFillColor(colour);
            series.setMarkerColor(colour);
            series.setMarker(plot.kind() == Plot.Kind.POINTS ? SeriesMarkers.CIRCLE : SeriesMarkers.NONE);
            series.setXYSeriesRenderStyle(stacked ? XYSeriesRenderStyle.Area : XYSeriesRenderStyle.Line);
            series.setLineStyle(new BasicStroke(stacked ? 3 : 1.8f));
        }
        return chart;
    }

    /** 1 where all is 0, so that the axis has a length. */
    private static double highest(Plot plot) {
        double highest = plot.lines().stream()
                .flatMap(line -> line.y().stream())
                .mapToDouble(Double::doubleValue)
                .max()
                .orElse(0);
        return highest > 0 ? highest : 1;
    }

    /**
     * With a point more, which is on the line: where values have all the same distance XChart has marks at every so many of them, such as 12,
     * 24, 36, and otherwise at round numbers.
     */
    private static List<Double> uneven(List<Double> values) {
        List<Double> uneven = new ArrayList<>(values);
        if (values.size() > 1) {
            uneven.add(1, values.get(0) + (values.get(1) - values.get(0)) / 1000);
        }
        return uneven;
    }

    private static boolean isOfWholes(Plot plot) {
        return plot.lines().stream().flatMap(line -> line.y().stream()).allMatch(y -> y.isNaN() || y == Math.rint(y));
    }

    /** There are no halves of a cluster: a mark between two of them has no label. */
    static String whole(double value) {
        double nearest = Math.rint(value);
        return Math.abs(value - nearest) < NEAR ? String.format(Locale.ROOT, "%,.0f", Math.abs(nearest)) : "";
    }

    private static boolean hasManyLines(Plot plot) {
        return plot.lines().size() > FEW_LINES;
    }

    /** On a narrow one a long legend stands below the plot, a line each. */
    private static int height(Plot plot, Look look) {
        boolean below = look.narrow() && hasLegend(plot);
        return look.height() + (below ? plot.lines().size() * LEGEND_LINE : 0);
    }

    private static boolean hasLegend(Plot plot) {
        return plot.lines().size() > 1;
    }

    /** Each on the sum of those below it; the highest is drawn first, so that the others cover it. */
    private static List<Line> stacked(List<Line> lines) {
        List<Line> sums = new ArrayList<>();
        for (Line line : lines) {
            List<Double> sum = new ArrayList<>();
            for (int i = 0; i < line.y().size(); i++) {
                sum.add(line.y().get(i)
                        + (sums.isEmpty() ? 0 : sums.getFirst().y().get(i)));
            }
            sums.addFirst(new Line(line.name(), line.x(), sum, line.colour()));
        }
        return sums.stream().map(Drawing::withoutNothing).toList();
    }

    /** Where there is none of it and of those below, it would be drawn as a line on the axis. */
    private static Line withoutNothing(Line line) {
        List<Double> some = new ArrayList<>();
        for (int i = 0; i < line.y().size(); i++) {
            boolean nothing = line
                    .y()
                    .subList(Math.max(0, i - 1), Math.min(line.y().size(), i + 2))
                    .stream()
                    .allMatch(y -> y == 0);
            some.add(nothing ? Double.NaN : line.y().get(i));
        }
        return new Line(line.name(), line.x(), some, line.colour());
    }

    private static void style(XYStyler styler, Plot plot, Look look) {
        styler.setBaseFont(TEXT)
                .setChartTitleFont(HEADING)
                .setLegendFont(TEXT)
                .setChartBackgroundColor(look.paper())
                .setPlotBackgroundColor(look.paper())
                .setLegendBackgroundColor(look.paper())
                .setLegendBorderColor(look.paper())
                .setPlotBorderColor(look.grid())
                .setChartFontColor(look.ink())
                .setChartTitleFontColor(look.ink())
                .setXAxisTitleColor(look.ink())
                .setYAxisTitleColor(look.ink())
                .setChartTitleBoxVisible(false)
                // Where it would be cut off, it stands above the picture.
                .setChartTitleVisible(!look.narrow())
                .setLegendPosition(
                        look.narrow() || !hasManyLines(plot) ? LegendPosition.OutsideS : LegendPosition.OutsideE)
                .setLegendLayout(look.narrow() || hasManyLines(plot) ? LegendLayout.Vertical : LegendLayout.Horizontal)
                .setLegendVisible(hasLegend(plot))
                .setMarkerSize(5)
                .setLocale(Locale.ROOT)
                .setPlotContentSize(1)
                .setAntiAlias(true);
        styler.setAxisTitleFont(TEXT)
                .setAxisTickLabelsFont(TEXT)
                .setAxisTickLabelsColor(look.ink())
                .setAxisTickMarksColor(look.grid())
                .setPlotGridLinesColor(look.grid())
                .setPlotGridLinesStroke(new BasicStroke(0.7f))
                .setXAxisLogarithmic(LogarithmicLabels.suit(plot))
                .setXAxisLogarithmicDecadeOnly(false)
                .setXAxisTickLabelsFormattingFunction(
                        LogarithmicLabels.suit(plot) ? LogarithmicLabels.of(plot, look) : null)
                .setXAxisTickMarkSpacingHint(look.narrow() ? 60 : 74)
                .setXAxisDecimalPattern("#,##0.###")
                .setYAxisDecimalPattern("#,##0.###")
                .setYAxisTickLabelsFormattingFunction(isOfWholes(plot) ? Drawing::whole : null)
                .setYAxisMin(0.0);
    }
}
