package io.assistedswarm.coordinator.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.assistedswarm.coordinator.TestingBrowser;
import io.assistedswarm.protocol.ApiToken;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;

/** The dashboard in a browser, of made-up swarms; screenshots go to {@code target/dashboard}. */
@Tag("heavy")
class DashboardIT {
    private static final Path SHOTS = Path.of("target", "dashboard");
    private static final String TOKEN = "a-token-of-a-test-0123456789";
    private static final List<Integer> THIRTY_SEVEN = List.of(1, 1, 6, 13, 13, 3);

    private static final String LIGHT = "rgb(255, 255, 255)";
    private static final String DARK = "rgb(13, 17, 23)";

    private static final ActorTestKit KIT = ActorTestKit.create();
    private static KubernetesClient hub;
    private static TestingBrowser browser;

    @TempDir
    static Path profile;

    private final TestingSwarms coordinator = new TestingSwarms();
    private HttpApi.Binding binding;

    @BeforeAll
    static void openBrowser() {
        assumeTrue(TestingBrowser.isInstalled(), "needs Debian's chromium and chromium-driver");
        hub = new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder(Config.empty())
                        .withMasterUrl("http://127.0.0.1:9")
                        .build())
                .build();
        browser = new TestingBrowser(profile);
    }

    @AfterAll
    static void closeBrowser() {
        if (browser != null) {
            browser.close();
            hub.close();
        }
        KIT.shutdownTestKit();
    }

    @BeforeEach
    void listen() throws Exception {
        binding = bind(Optional.empty());
        browser.size(1280, 900, false);
        browser.dark(false);
    }

    @AfterEach
    void unbind() throws Exception {
        browser.open("about:blank");
        // Those of one test are not the next one's.
        browser.errors();
        binding.unbind().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    private HttpApi.Binding bind(Optional<ApiToken> token) throws Exception {
        return coordinator.bind(KIT, hub, token);
    }

    private void thirtySeven() {
        coordinator.add("night", THIRTY_SEVEN, Instant.now().minusSeconds(754));
        coordinator.spread("night", 0.06);
        coordinator.workers(3);
    }

    @Test
    void saysWhatToDoWhenThereIsNothing() {
        browser.open(binding.url() + "/");
        browser.awaitText("main", "There is no swarm. Start one with: swarm submit");
        browser.awaitText("main", "There is no worker.");
        browser.shoot(SHOTS.resolve("empty-light.png"));
        assertThat(browser.background()).isEqualTo(LIGHT);
        browser.dark(true);
        assertThat(browser.background()).isEqualTo(DARK);
        browser.shoot(SHOTS.resolve("empty-dark.png"));
        assertThat(browser.errors()).isEmpty();
    }

    @Test
    void showsThirtySevenHostsAndMovesWithThem() {
        thirtySeven();
        browser.open(binding.url());
        browser.awaitText("main", "night");
        browser.awaitText("main", "w2");
        browser.shoot(SHOTS.resolve("overview-37-light.png"));

        browser.find("a[href='#/swarms/night']").click();
        browser.awaitText("h1", "night");
        browser.awaitText(".legend", "installing");
        browser.awaitText("main", "HostError");
        browser.await("a chart", () -> !browser.text("main").contains("gathering"));
        browser.shoot(SHOTS.resolve("swarm-37-light.png"));
        String inLight = pixels();
        browser.dark(true);
        assertThat(browser.background()).isEqualTo(DARK);
        browser.await("the grid in its colours of the dark", () -> !pixels().equals(inLight));
        browser.shoot(SHOTS.resolve("swarm-37-dark.png"));
        String before = browser.text(".legend");
        coordinator.move("night", 20);
        browser.await("the hosts to have moved", () -> !browser.text(".legend").equals(before));

        // Of 16 pixels, and a gap of 2: the 19th host, which is the eleventh of the fourth cluster.
        point(18 * 18 + 8, 8, () -> "night-3-10:");
        browser.click();
        browser.awaitText("h1", "night-3-10");
        browser.awaitText(".log", "Start agent of night-3-10");
        assertThat(browser.errors()).isEmpty();
    }

    /** Until the line above the grid names what is below the mouse: what is above it may still move. */
    private static void point(int right, int below, Supplier<String> host) {
        browser.await("a host of the grid below the mouse", () -> {
            browser.pointAt("canvas.grid", right, below);
            return browser.text("#grid-line").startsWith(host.get());
        });
    }

    /** Of the grid; two are the same only if every pixel is. */
    private static String pixels() {
        return (String) browser.run("return document.querySelector('canvas.grid').toDataURL()");
    }

    @Test
    void whatComesFromOutsideIsTextAndNothingElse() {
        thirtySeven();
        browser.open(binding.url() + "/dashboard/#/swarms/night");
        browser.awaitText("main", "<img src=x onerror=");
        browser.open(binding.url() + "/dashboard/#/hosts/night-0-0");
        browser.awaitText(".log", "<script>document.title='owned'</script>");
        browser.awaitText("main", "its Agent <b>CR</b>");
        browser.run(
                "[...document.querySelectorAll('button')].find((button) => button.textContent.startsWith('Read')).click()");
        browser.awaitText("main", "Host <b>night</b>: insufficient");
        browser.awaitText("main", "1 events, the last first; the service's clock is 12 s ahead of the coordinator's");
        assertThat(browser.run("return document.title")).isEqualTo("night-0-0 · Assisted Swarm");
        assertThat(browser.all("main img, main script, main b")).isEmpty();
        assertThat(browser.errors()).isEmpty();
    }

    @Test
    void worksByKeyboardAlone() {
        thirtySeven();
        browser.open(binding.url());
        browser.awaitText("main", "night");
        browser.tabTo("night");
        browser.press(Keys.ENTER);
        browser.awaitText(".legend", "installing");
        browser.tabTo("Pause");
        browser.press(Keys.ENTER);
        browser.awaitText(".state", "paused");
        browser.awaitText("main", "told to pause night");
        assertThat(browser.focused().getText())
                .as("what takes the place of Pause")
                .isEqualTo("Resume");
        browser.tabTo("Cancel…");
        browser.press(Keys.ENTER);
        assertThat(browser.focused().getText()).as("the safe answer").isEqualTo("Let it run");
        browser.press(Keys.ESCAPE);
        assertThat(coordinator.asked()).containsExactly("pause night");
        assertThat(browser.focused().getText()).isEqualTo("Cancel…");
        browser.press(Keys.ENTER);
        browser.tabTo("Cancel the swarm");
        browser.press(Keys.ENTER);
        browser.awaitText(".state", "cancelling");
        assertThat(coordinator.asked()).containsExactly("pause night", "cancel night");

        browser.run("document.querySelector('.legend button:last-of-type').focus()");
        browser.press(Keys.TAB);
        browser.press(Keys.ARROW_RIGHT, Keys.ARROW_RIGHT, Keys.ARROW_RIGHT);
        browser.awaitText("#grid-line", "night-2-1:");
        browser.press(Keys.ENTER);
        browser.awaitText("h1", "night-2-1");
        browser.awaitText(".log", "Start agent of night-2-1");
        assertThat(browser.errors()).isEmpty();
    }

    @Test
    void drainsAWorkerOnlyWhenThatIsConfirmed() {
        thirtySeven();
        browser.open(binding.url());
        browser.awaitText("main", "Drain…");
        browser.tabTo("Drain…");
        browser.press(Keys.ENTER);
        browser.shoot(SHOTS.resolve("drain-37-light.png"));
        browser.find("#confirm-no").click();
        assertThat(coordinator.asked()).isEmpty();
        browser.tabTo("Drain…");
        browser.press(Keys.ENTER);
        browser.find("#move-after option[value='900']").click();
        browser.find("#confirm-yes").click();
        browser.await("the drain", () -> coordinator.asked().equals(List.of("drain w1 PT15M")));
    }

    @Test
    void showsTenThousandHosts() {
        coordinator.add("big", Collections.nCopies(10_000, 1), Instant.now().minusSeconds(3600));
        coordinator.spread("big", 0.01);
        coordinator.workers(8);
        browser.open(binding.url() + "/dashboard/#/swarms/big");
        browser.awaitText(".legend", "installing");
        browser.await("a chart", () -> !browser.text("main").contains("gathering"));
        browser.shoot(SHOTS.resolve("swarm-10000-light.png"));
        JsonNode painted = browser.json("""
                (() => {
                  const grid = document.querySelector('canvas.grid');
                  const data = new Uint32Array(grid.getContext('2d').getImageData(0, 0, grid.width, grid.height).data.buffer);
                  const there = data.filter((pixel) => pixel !== 0);
                  return JSON.stringify({pixels: there.length, colours: new Set(there).size});
                })()""");
        assertThat(painted.get("pixels").asInt()).as("squares of 7 by 7").isEqualTo(10_000 * 49);
        assertThat(painted.get("colours").asInt()).as("of phases").isGreaterThan(5);

        String grid = pixels();
        String legend = browser.text(".legend");
        coordinator.move("big", 500);
        browser.await("the hosts to have moved", () -> !browser.text(".legend").equals(legend));
        browser.await("the grid to have followed", () -> !pixels().equals(grid));

        browser.dark(true);
        assertThat(browser.background()).isEqualTo(DARK);
        browser.shoot(SHOTS.resolve("swarm-10000-dark.png"));
        point(
                4 * 9 + 3,
                30 * 9 + 3,
                () -> "big-" + (30 * (browser.find("canvas.grid").getSize().width / 9) + 4) + "-0:");
        String pointedAt = browser.text("#grid-line").replaceFirst(":.*", "");
        browser.click();
        browser.awaitText("h1", pointedAt);
        browser.open(binding.url() + "/dashboard/#/swarms/big");
        browser.size(390, 844, true);
        browser.awaitText(".legend", "installing");
        browser.shoot(SHOTS.resolve("swarm-10000-phone-dark.png"));
        assertThat(browser.errors()).isEmpty();
    }

    @Test
    void fitsAPhone() {
        thirtySeven();
        browser.size(390, 844, true);
        for (String page : List.of("", "#/swarms/night", "#/clusters/night-0", "#/hosts/night-0-0")) {
            browser.open("about:blank");
            browser.open(binding.url() + "/dashboard/" + page);
            browser.awaitText("main", page.isEmpty() ? "w3" : "night");
            browser.awaitText("#link", "live");
            browser.await("what there is", () -> browser.text("main").length() > 150);
            browser.shoot(SHOTS.resolve("phone-" + page.replaceAll("[#/]+", "-") + ".png"));
            assertThat(browser.run("return document.documentElement.scrollWidth - innerWidth"))
                    .as("nothing of '%s' is beside the screen", page)
                    .isEqualTo(0L);
        }
        assertThat(browser.errors()).isEmpty();
    }

    @Test
    void asksForTheTokenAndNeverShowsItInAnAddress() throws Exception {
        thirtySeven();
        unbind();
        Path file = Files.createTempFile(profile, "token", "");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        Files.writeString(file, TOKEN);
        binding = bind(Optional.of(ApiToken.read(file)));
        browser.open(binding.url());
        browser.await("the question", () -> browser.find("#login").isDisplayed());
        assertThat(browser.text("main")).doesNotContain("night");
        browser.shoot(SHOTS.resolve("login-light.png"));
        browser.press("not-the-token-of-this-one", Keys.ENTER);
        browser.awaitText("#login-why", "not this coordinator's");
        browser.press(TOKEN, Keys.ENTER);
        browser.awaitText("main", "night");
        assertThat(browser.find("#login").isDisplayed()).isFalse();
        browser.find("a[href='#/swarms/night']").click();
        browser.awaitText(".legend", "installing");
        assertThat(browser.url()).doesNotContain(TOKEN);
        assertThat(browser.run(
                        "return document.documentElement.outerHTML.includes(arguments[0]) || document.cookie", TOKEN))
                .isEqualTo("");
        assertThat(browser.run("return localStorage.length")).isEqualTo(0L);

        browser.find("#forget").click();
        browser.await("the question again", () -> browser.find("#login").isDisplayed());
        assertThat(browser.run("return sessionStorage.length")).isEqualTo(0L);
        assertThat(browser.text("main")).isEmpty();
        assertThat(browser.errors())
                .as("what was refused is said by the browser, and nothing else")
                .allSatisfy(error -> assertThat(error).contains("401"));
    }

    @Test
    void aPageOfAnotherOriginCannotAct() throws Exception {
        thirtySeven();
        // Another server of this machine: the same site to a browser, and not the same origin.
        HttpApi.Binding other = bind(Optional.empty());
        try {
            browser.open(other.url() + "/dashboard/icon.svg");
            String answer = (String) browser.run(
                    "return await Promise.all(['POST', 'GET'].map((method) => fetch(arguments[0] + '/api/v1/swarms/night/cancel',"
                            + " {method, mode: 'no-cors'}).then((response) => response.type, () => 'refused'))).then((all) => all.join())",
                    binding.url());
            assertThat(Stream.of(answer.split(","))).allMatch(type -> type.equals("opaque") || type.equals("refused"));
            assertThat(coordinator.asked()).isEmpty();
        } finally {
            other.unbind().toCompletableFuture().get(20, TimeUnit.SECONDS);
        }
    }
}
