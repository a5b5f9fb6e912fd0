package io.assistedswarm.coordinator;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.logging.Level;
import org.awaitility.Awaitility;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.NoSuchElementException;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** Debian's chromium without a screen, as a user's browser. */
public final class TestingBrowser implements AutoCloseable {
    private static final File BROWSER = new File("/usr/bin/chromium");
    private static final File DRIVER = new File("/usr/bin/chromedriver");
    private static final Set<String> INTERNAL = Set.of("chrome", "data", "about");
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final ChromeDriver driver;
    private final Set<String> origins = new TreeSet<>();

    /** @param profile folder for the browser's files */
    public TestingBrowser(Path profile) {
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        logs.enable(LogType.PERFORMANCE, Level.ALL);
        ChromeOptions options = new ChromeOptions();
        options.setBinary(BROWSER);
        options.addArguments(
                "--headless=new",
                // For root, as whom containers run it.
                "--no-sandbox",
                "--disable-dev-shm-usage",
                "--disable-background-networking",
                "--lang=en",
                "--force-device-scale-factor=1",
                "--user-data-dir=" + profile);
        options.setCapability(ChromeOptions.LOGGING_PREFS, logs);
        driver = new ChromeDriver(
                new ChromeDriverService.Builder()
                        .usingDriverExecutable(DRIVER)
                        .usingAnyFreePort()
                        .build(),
                options);
        size(1280, 900, false);
    }

    public static boolean isInstalled() {
        return BROWSER.canExecute() && DRIVER.canExecute();
    }

    public void size(int width, int height, boolean phone) {
        driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", phone ? 2 : 1, "mobile", phone));
    }

    public void dark(boolean dark) {
        driver.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"))));
    }

    public void open(String url) {
        driver.get(url);
    }

    public String url() {
        return driver.getCurrentUrl();
    }

    public WebElement find(String css) {
        return driver.findElement(By.cssSelector(css));
    }

    public List<WebElement> all(String css) {
        return driver.findElements(By.cssSelector(css));
    }

    /** Of what is shown. */
    public String text(String css) {
        return all(css).stream()
                .map(WebElement::getText)
                .reduce("", (a, b) -> a + "\n" + b)
                .strip();
    }

    public void press(CharSequence... keys) {
        driver.switchTo().activeElement().sendKeys(keys);
    }

    /** Moves the mouse so many pixels right of and below the corner of something. */
    public void pointAt(String css, int right, int below) {
        // The driver goes to places of the window, and scrolls to none.
        run(
                "scrollBy(0, document.querySelector(arguments[0]).getBoundingClientRect().top + arguments[1] - innerHeight / 2)",
                css,
                below);
        JsonNode corner = json("JSON.stringify(document.querySelector('" + css + "').getBoundingClientRect())");
        new Actions(driver)
                .moveToLocation(
                        (int) Math.round(corner.get("x").asDouble()) + right,
                        (int) Math.round(corner.get("y").asDouble()) + below)
                .perform();
    }

    /** Where the mouse is. */
    public void click() {
        new Actions(driver).click().perform();
    }

    /** The colour behind everything, as the browser has computed it. */
    public String background() {
        return (String) run("return getComputedStyle(document.body).backgroundColor");
    }

    /** Goes from one thing to the next, as somebody without a mouse does, until it is at the one of that text. */
    public void tabTo(String text) {
        for (int i = 0; i < 80; i++) {
            WebElement here = driver.switchTo().activeElement();
            if (here.getText().strip().equals(text)) {
                return;
            }
            here.sendKeys(Keys.TAB);
        }
        throw new AssertionError("no tab leads to '" + text + "'");
    }

    public WebElement focused() {
        return driver.switchTo().activeElement();
    }

    public Object run(String script, Object... arguments) {
        return driver.executeScript(script, arguments);
    }

    /** What is being drawn anew while it is looked at is looked at again. */
    public void await(String what, BooleanSupplier condition) {
        Awaitility.await(what)
                .atMost(PATIENCE)
                .ignoreException(StaleElementReferenceException.class)
                .ignoreException(NoSuchElementException.class)
                .until(condition::getAsBoolean);
    }

    public void awaitText(String css, String text) {
        await("'" + text + "' in " + css, () -> text(css).contains(text));
    }

    /** Of the whole page, also where it is longer than the window. */
    public void shoot(Path file) {
        JsonNode size = json(
                "JSON.stringify({width: innerWidth, height: Math.min(document.documentElement.scrollHeight, 5000)})");
        Map<String, Object> shot = driver.executeCdpCommand(
                "Page.captureScreenshot",
                Map.of(
                        "format",
                        "png",
                        "captureBeyondViewport",
                        true,
                        "clip",
                        Map.of(
                                "x",
                                0,
                                "y",
                                0,
                                "width",
                                size.get("width").asInt(),
                                "height",
                                size.get("height").asInt(),
                                "scale",
                                1)));
        try {
            Files.createDirectories(file.getParent());
            Files.write(file, Base64.getDecoder().decode((String) shot.get("data")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The value of an expression that gives JSON. */
    public JsonNode json(String expression) {
        return parsed((String) driver.executeScript("return " + expression));
    }

    /** What the console has said of errors and refused resources since this was asked last. */
    public List<String> errors() {
        List<String> errors = new ArrayList<>();
        for (LogEntry entry : driver.manage().logs().get(LogType.BROWSER)) {
            if (entry.getLevel().intValue() >= Level.WARNING.intValue()) {
                errors.add(entry.getMessage());
            }
        }
        return errors;
    }

    /** Where the page has sent requests, so far: {@code http://127.0.0.1:7480}. */
    public Set<String> origins() {
        for (LogEntry entry : driver.manage().logs().get(LogType.PERFORMANCE)) {
            JsonNode event = parsed(entry.getMessage()).path("message");
            if (event.path("method").asText().equals("Network.requestWillBeSent")) {
                URI uri = URI.create(
                        event.at("/params/request/url").asText().replaceAll("[^\\x21-\\x7e]|[\"<>^`{|}]", "_"));
                // Those of the browser's own pages, and what an address itself holds, go nowhere.
                if (!INTERNAL.contains(uri.getScheme())) {
                    origins.add(uri.getScheme() + "://" + uri.getRawAuthority());
                }
            }
        }
        return Set.copyOf(origins);
    }

    private static JsonNode parsed(String json) {
        try {
            return new JsonMapper().readTree(json);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        driver.quit();
    }
}
