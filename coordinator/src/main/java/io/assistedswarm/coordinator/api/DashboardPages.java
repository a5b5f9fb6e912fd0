package io.assistedswarm.coordinator.api;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.model.Uri;
import org.apache.pekko.http.javadsl.model.headers.EntityTag;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.http.javadsl.server.AllDirectives;
import org.apache.pekko.http.javadsl.server.Route;

/**
 * The dashboard's files. They say nothing of any swarm, so they need no token: the page asks its user for it and shows it to the API. A browser
 * that has them runs no other scripts, loads nothing from elsewhere, and lets nobody frame them.
 */
final class DashboardPages extends AllDirectives {
    private static final String ROOT = "/dashboard/";

    /** Trusted Types: a text that somebody puts into the page as markup is an error of the browser's. */
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
            + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none';"
            + " require-trusted-types-for 'script'; trusted-types 'none'";

    private static final List<HttpHeader> HEADERS = List.of(
            RawHeader.create("Content-Security-Policy", POLICY),
            RawHeader.create("X-Content-Type-Options", "nosniff"),
            RawHeader.create("X-Frame-Options", "DENY"),
            RawHeader.create("Referrer-Policy", "same-origin"),
            RawHeader.create("Cross-Origin-Opener-Policy", "same-origin"),
            RawHeader.create("Cross-Origin-Resource-Policy", "same-origin"),
            RawHeader.create("Cache-Control", "no-cache"));

    private static final Map<String, ContentType> TYPES = Map.of(
            "html", ContentTypes.parse("text/html; charset=utf-8"),
            "js", ContentTypes.parse("text/javascript; charset=utf-8"),
            "css", ContentTypes.parse("text/css; charset=utf-8"),
            "svg", ContentTypes.parse("image/svg+xml"));

    static final List<String> FILES = List.of(
            "index.html",
            "style.css",
            "icon.svg",
            "main.js",
            "api.js",
            "model.js",
            "dom.js",
            "phases.js",
            "actions.js",
            "overview.js",
            "swarm.js",
            "grid.js",
            "chart.js",
            "badge.js",
            "obstacles.js",
            "orders.js",
            "cluster.js",
            "host.js");

    private final Map<String, Page> pages = new LinkedHashMap<>();

    private record Page(HttpEntity.Strict content, EntityTag tag) {}

    DashboardPages() {
        FILES.forEach(file -> pages.put(file, read(file)));
    }

    /** Whether it is one of these files, or leads to them. */
    static boolean has(String path) {
        return path.equals("/")
                || path.equals("/dashboard")
                || (path.startsWith(ROOT) && (path.equals(ROOT) || FILES.contains(path.substring(ROOT.length()))));
    }

    Route routes() {
        Route leadThere = redirect(Uri.create(ROOT), StatusCodes.FOUND);
        return get(() -> concat(
                pathSingleSlash(() -> leadThere),
                pathPrefix(
                        "dashboard",
                        () -> concat(
                                pathEnd(() -> leadThere),
                                pathSingleSlash(() -> page("index.html")),
                                path(this::page)))));
    }

    private Route page(String file) {
        Page page = pages.get(file);
        return page == null
                ? reject()
                : conditional(
                        page.tag(),
                        () -> complete(HttpResponse.create().addHeaders(HEADERS).withEntity(page.content())));
    }

    private static Page read(String file) {
        try (InputStream resource = DashboardPages.class.getResourceAsStream(ROOT + file)) {
            if (resource == null) {
                throw new IllegalStateException("the dashboard's file " + file + " is not in the jar");
            }
            byte[] content = resource.readAllBytes();
            ContentType type = TYPES.get(file.substring(file.lastIndexOf('.') + 1));
            return new Page(HttpEntities.create(type, content), EntityTag.create(digest(content), false));
        } catch (IOException e) {
            throw new UncheckedIOException("the dashboard's file " + file + " cannot be read", e);
        }
    }

    private static String digest(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content), 0, 12);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
