package io.assistedswarm.coordinator.report.files;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.assistedswarm.coordinator.report.Lives;
import io.assistedswarm.coordinator.report.Report;
import io.assistedswarm.coordinator.report.ReportText;
import io.assistedswarm.coordinator.report.plot.Drawing;
import io.assistedswarm.coordinator.report.plot.Look;
import io.assistedswarm.coordinator.report.plot.Plot;
import io.assistedswarm.coordinator.report.plot.Plots;
import io.assistedswarm.coordinator.series.KeptMetric;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Writes a report's files into its folder, each by itself: what cannot be written is named, and the others are there. */
public final class ReportFiles {
    /** A page with more plots would be of no use on a phone. */
    private static final int ON_PAGE = 36;

    private static final Look OF_FILES = Look.WIDE_LIGHT;

    private final Path folder;
    private final List<String> troubles = new ArrayList<>();

    private ReportFiles(Path folder) {
        this.folder = folder;
    }

    /** Makes the bytes of a file. */
    private interface Content {
        byte[] bytes() throws IOException;
    }

    /**
     * Writes them.
     *
     * @param summary the report as the coordinator sent it
     * @param lives empty when they could not be had: then what is made of them is not written
     * @param metrics of the hub that are kept with the run
     * @return one line for each file that could not be written
     */
    public static List<String> write(
            Path folder,
            JsonNode summary,
            Report report,
            Optional<Lives> lives,
            List<KeptMetric> metrics,
            Instant now) {
        ReportFiles files = new ReportFiles(folder);
        files.write(
                "summary.json",
                () -> new JsonMapper().writerWithDefaultPrettyPrinter().writeValueAsBytes(summary));
        files.text("report.txt", ReportText.of(report, now));
        files.write("junit.xml", () -> JunitFile.xml(report, now));
        files.text("clusters.stats", StatsFile.text("clusters", report.clusterPhases()));
        files.text("hosts.stats", StatsFile.text("hosts", report.hostPhases()));
        if (lives.isPresent()) {
            files.write(
                    "clusters.csv", () -> LivesCsv.of(lives.get().clusters()).getBytes(StandardCharsets.UTF_8));
            files.write("hosts.csv", () -> LivesCsv.of(lives.get().hosts()).getBytes(StandardCharsets.UTF_8));
        }
        List<HtmlPage.Picture> pictures = files.draw(
                lives.map(known -> Plots.of(report, known, metrics, now)).orElse(List.of()));
        // What is large and of less use comes last: it takes no room from the others where there is little.
        files.write(
                "report.html",
                () -> HtmlPage.of(report, lives, pictures.subList(0, Math.min(ON_PAGE, pictures.size())), now)
                        .getBytes(StandardCharsets.UTF_8));
        pictures.forEach(picture -> files.write(
                "plots/" + picture.plot().id() + ".png", () -> picture.drawn().get(OF_FILES)));
        MetricFile.named(metrics)
                .forEach((name, metric) -> files.write(name, () -> MetricFile.json(metric, report.swarm())));
        return files.troubles;
    }

    private List<HtmlPage.Picture> draw(List<Plot> plots) {
        List<HtmlPage.Picture> pictures = new ArrayList<>();
        try {
            for (Plot plot : plots) {
                Map<Look, byte[]> drawn = new EnumMap<>(Look.class);
                for (Look look : pictures.size() < ON_PAGE ? List.of(Look.values()) : List.of(OF_FILES)) {
                    drawn.put(look, Drawing.png(plot, look));
                }
                pictures.add(new HtmlPage.Picture(plot, drawn));
            }
        } catch (IOException e) {
            troubles.add("there are no plots: " + e.getMessage());
            return List.of();
        }
        return pictures;
    }

    private void text(String name, String text) {
        write(name, () -> text.getBytes(StandardCharsets.UTF_8));
    }

    /** Whole or not at all. */
    private void write(String name, Content content) {
        Path file = folder.resolve(name);
        Path part = folder.resolve(name + ".part");
        try {
            Files.createDirectories(file.getParent());
            try {
                Files.write(part, content.bytes());
                Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(part);
            }
        } catch (IOException e) {
            troubles.add("cannot write " + file + ": " + e.getMessage());
        }
    }
}
