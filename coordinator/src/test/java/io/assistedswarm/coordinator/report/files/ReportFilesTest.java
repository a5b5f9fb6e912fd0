package io.assistedswarm.coordinator.report.files;

import static io.assistedswarm.coordinator.Samples.after;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.assistedswarm.coordinator.api.ApiJson;
import io.assistedswarm.coordinator.report.FaultReport;
import io.assistedswarm.coordinator.report.Lives;
import io.assistedswarm.coordinator.report.Lives.Sample;
import io.assistedswarm.coordinator.report.Report;
import io.assistedswarm.coordinator.report.files.TestingRun.Outcome;
import io.assistedswarm.coordinator.report.plot.Line;
import io.assistedswarm.coordinator.report.plot.Plots;
import io.assistedswarm.coordinator.series.KeptMetric;
import io.assistedswarm.coordinator.series.Series;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Element;
import org.xml.sax.SAXException;

class ReportFilesTest {
    /** So many hosts, for who wants to look at a big one; and where to leave it: {@code -Dswarm.report.folder=DIR}. */
    private static final int HOSTS = Integer.getInteger("swarm.report.hosts", 37);

    @TempDir
    private Path data;

    @TempDir
    private Path results;

    @Test
    void writesEveryFileOfARun() throws IOException, ParserConfigurationException, SAXException {
        Path folder = Path.of(System.getProperty("swarm.report.folder", results.toString()));
        assertThat(write(folder, TestingRun.of(data, HOSTS))).isEmpty();
        assertThat(names(folder))
                .contains(
                        "summary.json",
                        "report.txt",
                        "report.html",
                        "junit.xml",
                        "clusters.stats",
                        "hosts.stats",
                        "clusters.csv",
                        "hosts.csv",
                        "plots/clusters-by-state.png",
                        "plots/hosts-by-state.png",
                        "plots/installs-in-progress.png",
                        "plots/throughput.png",
                        "plots/clusters-latency.png",
                        "plots/hosts-latency.png",
                        "plots/generator-cpu-wait.png",
                        "plots/generator-stalls.png")
                .noneMatch(name -> name.endsWith(".part"));
        assertThat(ImageIO.read(folder.resolve("plots/hosts-by-state.png").toFile())
                        .getWidth())
                .isEqualTo(1800);
        JsonNode summary =
                ApiJson.mapper().readTree(folder.resolve("summary.json").toFile());
        assertThat(summary.at("/setup/plan/limits/success").asDouble()).isEqualTo(0.95);
        assertThat(summary.at("/setup/version").asText()).isNotEmpty();
        assertThat(summary.at("/verdict").asText()).isNotEmpty();
        Element suite = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(folder.resolve("junit.xml").toFile())
                .getDocumentElement();
        assertThat(suite.getElementsByTagName("testcase").getLength())
                .isEqualTo(summary.at("/limits").size())
                .isGreaterThan(4);
        assertThat(Files.readAllLines(folder.resolve("hosts.csv")).getFirst())
                .startsWith(
                        "name,worker,end,seconds,faulted,failure side,failure reason,failure message,user,placed,created,")
                .contains("stage Writing image to disk");
        assertThat(Files.readString(folder.resolve("hosts.stats")))
                .contains("Stats on hosts: known → preparing (seconds)\nCount: ")
                .contains("95 percentile: ");
    }

    @Test
    void drawsOfALongRunTheWorstOfEachStretchOfTheGeneratorsHealth() {
        Outcome run = TestingRun.of(data, 7);
        List<Sample> samples = IntStream.range(0, 4_000)
                .mapToObj(i -> new Sample("w0", after(10.0 * i), Optional.of(0.1), i == 3_210 ? 9 : 0.01))
                .toList();
        Lives lives = new Lives(run.lives().clusters(), run.lives().hosts(), samples);
        Line stalls = Plots.of(run.report(), lives, List.of(), after(40_000)).stream()
                .filter(plot -> plot.id().equals("generator-stalls"))
                .findFirst()
                .orElseThrow()
                .lines()
                .getFirst();
        assertThat(stalls.y()).hasSizeBetween(200, 300).containsOnlyOnce(9.0);
        assertThat(stalls.x()).hasSameSizeAs(stalls.y()).isSorted();
    }

    @Test
    void showsWhatBecameOfEachUsersClusters() throws IOException {
        Outcome run = TestingRun.of(data, 37);
        write(results, run);
        assertThat(run.report().users())
                .extracting(user -> user.name() + " " + user.phases())
                .containsExactly("alice {installed=4, failed=1}", "bob {installed=2}");
        assertThat(Files.readString(results.resolve("report.html")).replaceAll("</t[dr]>|\\s+", " "))
                .contains("Users, whose clusters they are")
                .containsPattern("alice <td[^>]*>2 <td[^>]*>5 <td[^>]*>25 <td[^>]*>4 installed, 1 failed ")
                .containsPattern("bob <td[^>]*>1 <td[^>]*>2 <td[^>]*>12 <td[^>]*>2 installed ");
        assertThat(ApiJson.mapper()
                        .readTree(results.resolve("summary.json").toFile())
                        .path("users"))
                .extracting(user -> user.path("name").asText() + " " + user.path("phases"))
                .containsExactly("alice {\"installed\":4,\"failed\":1}", "bob {\"installed\":2}");
        for (String name : List.of("report.html", "summary.json", "report.txt", "clusters.csv", "hosts.csv")) {
            assertThat(Files.readString(results.resolve(name))).doesNotContain("offline-token-of");
        }
    }

    @Test
    void showsFaultsOfThePlanInAPartOfTheirOwn() throws IOException {
        Outcome run = TestingRun.of(data, 37);
        FaultReport faults = new FaultReport(
                2,
                4,
                Map.of("failed", 2),
                Map.of("installed", 3, "failed", 1),
                List.of(
                        new FaultReport.OfKind(
                                "failInstaller",
                                1,
                                1,
                                0,
                                List.of(new FaultReport.Answer("error", 1, 4, 4, 4)),
                                Map.of("failed", 1),
                                Map.of("failed", 1),
                                List.of("night-1-0")),
                        new FaultReport.OfKind(
                                "vanish",
                                3,
                                2,
                                1,
                                List.of(new FaultReport.Answer("disconnected", 1, 9, 9.25, 9.5)),
                                Map.of("installed", 3),
                                Map.of("failed", 1),
                                List.of("night-0-1", "night-0-2"))));
        ObjectNode json = ApiJson.mapper().valueToTree(run.report());
        json.set("faults", ApiJson.mapper().valueToTree(faults));
        Report report = ApiJson.mapper().convertValue(json, Report.class);
        Path folder = Path.of(System.getProperty("swarm.faults.folder", results.toString()));
        assertThat(ReportFiles.write(folder, json, report, Optional.of(run.lives()), List.of(), run.now()))
                .isEmpty();
        assertThat(Files.readString(folder.resolve("report.html")).replaceAll("(<[^>]+>|\\s)+", " "))
                .contains(
                        "Faults that the plan asked for "
                                + "The times above are of clusters without any. 2 clusters: 2 failed; 4 hosts: 3 installed, 1 failed")
                .contains("failInstaller 1 1 0 1 error after 4.0 s 1 failed 1 failed night-1-0")
                .contains("vanish 3 2 1 1 disconnected after 9.3 s, 1 nothing seen"
                        + " 3 installed 1 failed night-0-1, night-0-2");
    }

    @Test
    void loadsNothingFromElsewhereAndEscapesWhatServicesSay() throws IOException {
        write(results, TestingRun.of(data, 37));
        String page = Files.readString(results.resolve("report.html"));
        assertThat(page.replaceAll("data:image/png;base64,[A-Za-z0-9+/=&#x;]*", "data:"))
                .contains("&lt;error&gt;, and &quot;says&quot; so")
                .doesNotContain("<error>")
                .doesNotContain("<script")
                .doesNotContain("<link")
                .doesNotContain("url(")
                .doesNotContainPattern("(src|srcset|href)=\"(?!data:)");
        assertThat(page).contains("quickstart-7f3a-5").contains("p95 of clusters, placed → installed");
        assertThat(page)
                .as("on a phone each figure has its name beside it, as the table's head is not there")
                .contains("<td data-head=\"Measured\">", "<td data-head=\"Longest phase\" class=\"text\">")
                .doesNotContainPattern("</td><td(?! data-head=\"[A-Z])");
        assertThat(Files.readString(results.resolve("clusters.csv")))
                .contains(",\"cluster has hosts in <error>, and \"\"says\"\" so\nat length\",");
    }

    @Test
    void reportsARunInWhichNothingWasAdmitted() throws IOException {
        assertThat(write(results, TestingRun.of(data, 0))).isEmpty();
        assertThat(Files.readString(results.resolve("report.html"))).contains("There is nothing to plot");
        assertThat(Files.readString(results.resolve("hosts.stats"))).isEqualTo("Stats on hosts\nCount: 0\n");
        assertThat(names(results)).noneMatch(name -> name.startsWith("plots"));
    }

    @Test
    void reportsARunThatWasCancelledAsFarAsItCame() throws IOException {
        assertThat(write(results, TestingRun.cancelled(data, 37))).isEmpty();
        assertThat(Files.readString(results.resolve("report.txt")))
                .contains("Verdict: cancelled", "Hosts       37: 5 installed, 3 failed, 29 stopped")
                .containsPattern("cancel +quickstart-7f3a");
        assertThat(Files.readString(results.resolve("report.html"))).contains("cancelled", "stopped");
        assertThat(names(results))
                .contains("junit.xml", "hosts.csv", "plots/hosts-by-state.png", "plots/hosts-latency.png");
    }

    /** As /dev/full is one, whatever room there is elsewhere. */
    @Test
    void saysOfWhichFilesThereWasNoRoomOnTheDisk() throws IOException {
        Path full = Path.of("/dev/full");
        assumeTrue(Files.exists(full), "no /dev/full here");
        Files.createDirectories(results.resolve("plots"));
        for (String name : List.of("report.html", "hosts.csv", "plots/hosts-by-state.png")) {
            Files.createSymbolicLink(results.resolve(name + ".part"), full);
        }
        assertThat(write(results, TestingRun.of(data, 7)))
                .containsExactly(
                        "cannot write " + results.resolve("hosts.csv") + ": No space left on device",
                        "cannot write " + results.resolve("report.html") + ": No space left on device",
                        "cannot write " + results.resolve("plots/hosts-by-state.png") + ": No space left on device");
        assertThat(names(results))
                .contains("report.txt", "summary.json", "clusters.csv", "plots/clusters-by-state.png")
                .doesNotContain("report.html", "hosts.csv", "plots/hosts-by-state.png")
                .noneMatch(name -> name.endsWith(".part"));
    }

    @Test
    void namesWhatCannotBeWrittenAndWritesTheRest() throws IOException {
        Outcome run = TestingRun.of(data, 7);
        // A folder in the way does what a full disk does, and leaves the rest of the disk alone.
        Files.createDirectories(results.resolve("hosts.csv").resolve("x"));
        List<String> troubles = write(results, run);
        assertThat(troubles)
                .singleElement()
                .asString()
                .startsWith("cannot write " + results.resolve("hosts.csv") + ": ");
        assertThat(names(results)).contains("report.html", "clusters.csv", "junit.xml");
    }

    @Test
    void keepsMetricsInKubeBurnersFormAndPlotsThem() throws IOException {
        Outcome run = TestingRun.of(data, 7);
        double begun = run.report().submittedAt().getEpochSecond();
        Series series = new Series(Map.of("code", "200"), List.of(begun + 1, begun + 2.5), List.of(3.0, 4.5));
        Series other = new Series(Map.of("code", "500"), List.of(begun + 1), List.of(0.0));
        List<KeptMetric> metrics = List.of(
                new KeptMetric("requests/s", "rate(x[2m])", false, List.of(series, other), 0, Optional.empty()),
                new KeptMetric("requests/s", "rate(y[2m])", false, List.of(series), 0, Optional.empty()),
                new KeptMetric("nodes", "nodes", true, List.of(other), 0, Optional.empty()),
                new KeptMetric("wrong", "wrong(", false, List.of(), 0, Optional.of("parse error")));
        Path folder = Path.of(System.getProperty("swarm.metrics.folder", results.toString()));
        assertThat(ReportFiles.write(folder, json(run), run.report(), Optional.of(run.lives()), metrics, run.now()))
                .isEmpty();
        assertThat(names(folder))
                .contains(
                        "metrics/requests_s.json",
                        "metrics/requests_s-2.json",
                        "metrics/nodes.json",
                        "plots/metric-requests_s.png",
                        "plots/metric-requests_s-2.png")
                .doesNotContain("metrics/wrong.json", "plots/metric-nodes.png", "plots/metric-wrong.png");
        assertThat(Files.readString(folder.resolve("report.html")))
                .as("the title above the picture, and the series that is always 0 left out of it")
                .contains("<figcaption>requests/s</figcaption>", "rate(x[2m]); the 1 highest of 2 series");
        JsonNode documents = ApiJson.mapper()
                .readTree(folder.resolve("metrics/requests_s.json").toFile());
        assertThat(documents.size()).isEqualTo(3);
        assertThat(documents.get(1))
                .isEqualTo(ApiJson.mapper()
                        .readTree("{\"timestamp\":\""
                                + run.report().submittedAt().plusMillis(2500)
                                + "\",\"labels\":{\"code\":\"200\"},\"value\":4.5,\"uuid\":\""
                                + run.report().swarm() + "\",\"query\":\"rate(x[2m])\",\"metricName\":\"requests/s\","
                                + "\"jobName\":\"" + run.report().swarm() + "\"}"));
    }

    @Test
    void goesWithoutWhatTheCoordinatorDoesNotTell() throws IOException {
        Outcome run = TestingRun.of(data, 7);
        assertThat(ReportFiles.write(results, json(run), run.report(), Optional.empty(), List.of(), run.now()))
                .isEmpty();
        assertThat(names(results))
                .containsExactlyInAnyOrder(
                        "summary.json", "report.txt", "report.html", "junit.xml", "clusters.stats", "hosts.stats");
    }

    private static List<String> write(Path folder, Outcome run) {
        return ReportFiles.write(folder, json(run), run.report(), Optional.of(run.lives()), List.of(), run.now());
    }

    private static JsonNode json(Outcome run) {
        return ApiJson.mapper().valueToTree(run.report());
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> folder.relativize(file).toString())
                    .toList();
        }
    }
}
