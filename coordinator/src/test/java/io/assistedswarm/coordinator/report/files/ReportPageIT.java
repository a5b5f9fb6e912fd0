package io.assistedswarm.coordinator.report.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.assistedswarm.coordinator.TestingBrowser;
import io.assistedswarm.coordinator.api.ApiJson;
import io.assistedswarm.coordinator.report.files.TestingRun.Outcome;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code report.html} in a browser, from the disk as a user opens it; reports and screenshots go to {@code target/report-page}. */
@Tag("heavy")
class ReportPageIT {
    private static final Path SHOTS = Path.of("target", "report-page");

    /** Of each picture: whether there is one, and whether it is the one that is meant for this screen. */
    private static final String PICTURES = """
            JSON.stringify([...document.querySelectorAll('picture')].map((picture) => {
              const [narrowDark, wideDark, narrowLight] = [...picture.querySelectorAll('source')].map((source) => source.srcset);
              const img = picture.querySelector('img');
              const dark = matchMedia('(prefers-color-scheme: dark)').matches;
              const narrow = innerWidth <= 640;
              const meant = dark ? (narrow ? narrowDark : wideDark) : (narrow ? narrowLight : img.src);
              return {caption: img.alt, drawn: img.complete && img.naturalWidth > 0, meant: img.currentSrc === meant};
            }))""";

    private static TestingBrowser browser;

    @BeforeAll
    static void openBrowser(@TempDir Path profile) {
        assumeTrue(TestingBrowser.isInstalled(), "needs Debian's chromium and chromium-driver");
        browser = new TestingBrowser(profile);
    }

    @AfterAll
    static void closeBrowser() {
        if (browser != null) {
            browser.close();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 37, 10_000})
    void isReadInTheLightInTheDarkAndOnAPhone(int hosts, @TempDir Path data) {
        Outcome run = TestingRun.of(data, hosts);
        Path folder = SHOTS.resolve(String.valueOf(hosts));
        assertThat(ReportFiles.write(
                        folder,
                        ApiJson.mapper().valueToTree(run.report()),
                        run.report(),
                        Optional.of(run.lives()),
                        List.of(),
                        run.now()))
                .isEmpty();
        for (boolean phone : new boolean[] {false, true}) {
            browser.size(phone ? 390 : 1280, phone ? 844 : 900, phone);
            for (boolean dark : new boolean[] {false, true}) {
                browser.dark(dark);
                browser.open(
                        folder.resolve("report.html").toAbsolutePath().toUri().toString());
                String look = (phone ? "phone-" : "wide-") + (dark ? "dark" : "light");
                browser.await("the pictures of " + look, () -> pictures(true).equals(pictures(false)));
                assertThat(pictures(false).size()).isEqualTo(hosts == 0 ? 0 : 8);
                assertThat(browser.json(PICTURES))
                        .as(look)
                        .allSatisfy(picture -> assertThat(picture.get("meant").asBoolean())
                                .as(picture.toString())
                                .isTrue());
                assertThat(browser.text("body"))
                        .contains("quickstart-7f3a", "Times are by the coordinator's clock")
                        .contains(hosts == 0 ? "There is nothing to plot" : hosts + ": ");
                assertThat(browser.background()).as(look).isEqualTo(dark ? "rgb(22, 27, 34)" : "rgb(255, 255, 255)");
                assertThat(browser.run("return document.documentElement.scrollWidth"))
                        .as("nothing of %s is beside the screen", look)
                        .isEqualTo(browser.run("return document.documentElement.clientWidth"));
                if (phone) {
                    assertThat(browser.run("return innerWidth"))
                            .as("nor is it made smaller")
                            .isEqualTo(390L);
                }
                browser.shoot(SHOTS.resolve(hosts + "-" + look + ".png"));
            }
        }
        assertThat(browser.errors()).isEmpty();
    }

    /** Captions of all pictures, or of those that are drawn. */
    private static List<String> pictures(boolean drawn) {
        return browser.json(PICTURES).findParents("caption").stream()
                .filter(picture -> !drawn || picture.get("drawn").asBoolean())
                .map((JsonNode picture) -> picture.get("caption").asText())
                .toList();
    }
}
