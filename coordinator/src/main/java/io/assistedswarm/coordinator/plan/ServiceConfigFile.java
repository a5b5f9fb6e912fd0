package io.assistedswarm.coordinator.plan;

import io.assistedswarm.protocol.AuthSpec;
import io.assistedswarm.protocol.BareMetalFlow;
import io.assistedswarm.protocol.RuntimeSpec;
import io.assistedswarm.protocol.Secret;
import io.assistedswarm.protocol.ServiceSpec;
import io.assistedswarm.protocol.ServiceUser;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads a service config in either of the two formats, and the pull secret that it names. */
public final class ServiceConfigFile {
    private static final String KIND = "ServiceConfig";
    private static final String DEFAULT_BASE_DOMAIN = "redhat.com";
    private static final Pattern MAJOR_MINOR = Pattern.compile("\\d{1,3}\\.\\d{1,3}");
    private static final Pattern TAG_VERSION = Pattern.compile("(\\d{1,3}\\.\\d{1,3})([.-].*)?");
    private static final Pattern DOMAIN =
            Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)*");

    private final Path file;

    private ServiceConfigFile(Path file) {
        this.file = file;
    }

    /**
     * Reads and checks a service config.
     *
     * @param problems receives everything that is wrong
     * @return empty when the file is not even a mapping; to be used only when there are no problems
     */
    public static Optional<ServiceConfig> read(Path file, Problems problems) {
        return YamlFile.read(file, problems)
                .flatMap(tree -> Section.top(tree, problems))
                .map(top -> new ServiceConfigFile(file).read(top));
    }

    private ServiceConfig read(Section top) {
        boolean original = !top.has("apiVersion") && !top.has("kind") && !top.has("spec");
        ServiceConfig config = original ? original(top) : ours(top);
        top.close();
        return config;
    }

    private ServiceConfig ours(Section top) {
        expect(top, "apiVersion", PlanFile.API_VERSION);
        expect(top, "kind", KIND);
        top.section("metadata").ifPresent(metadata -> {
            metadata.anyText("name");
            metadata.close();
        });
        Optional<Section> given = top.require("spec").section("spec");
        if (given.isEmpty()) {
            return new ServiceConfig(empty(), RuntimeFile.standard());
        }
        Section spec = given.get();
        String releaseImage = spec.require("releaseImage").text("releaseImage").orElse("");
        AuthSpec auth = AuthSection.read(file, spec);
        List<ServiceUser> users = UsersSection.read(file, spec, auth.mode());
        boolean several = spec.has(UsersSection.USERS);
        ServiceSpec service = new ServiceSpec(
                url(spec, "serviceEndpoint"),
                spec.bool("insecure").orElse(false),
                caFile(spec),
                spec.text("sshPublicKey").orElse(""),
                several ? new Secret("") : PullSecret.named(spec, UsersSection.PULL_SECRET, file, false),
                releaseImage,
                version(spec, "releaseImage", releaseImage),
                baseDomain(spec),
                spec.text("agentImage").orElse(""),
                spec.bool("convergedFlow")
                        .map(on -> on ? BareMetalFlow.CONVERGED : BareMetalFlow.IMAGE)
                        .orElse(BareMetalFlow.UNSAID),
                auth);
        if (several) {
            service = users.isEmpty() ? service : service.sharedBy(users);
        } else {
            AuthSection.check(spec, service);
        }
        RuntimeSpec runtime = spec.section("runtime").map(RuntimeFile::read).orElseGet(RuntimeFile::standard);
        spec.close();
        return new ServiceConfig(service, runtime);
    }

    /** The original downloads images without a look at certificates, and wants a service that is set up so. */
    private ServiceConfig original(Section top) {
        String releaseImage = top.require("release_image").text("release_image").orElse("");
        String url = url(top, "service_endpoint");
        ServiceSpec service = new ServiceSpec(
                url,
                url.startsWith("https:"),
                "",
                top.require("ssh_pub_key").text("ssh_pub_key").orElse(""),
                PullSecret.named(top, "pull_secret_file", file, true),
                releaseImage,
                versionOfTag(top, "release_image", releaseImage),
                DEFAULT_BASE_DOMAIN,
                "");
        return new ServiceConfig(service, RuntimeFile.standard());
    }

    private static ServiceSpec empty() {
        return new ServiceSpec("", false, "", "", new Secret(""), "", "", DEFAULT_BASE_DOMAIN, "");
    }

    private void expect(Section top, String key, String wanted) {
        top.require(key)
                .text(key)
                .filter(text -> !text.equals(wanted))
                .ifPresent(text -> top.error(
                        key, "is '" + text + "', which this program does not know", "write '" + wanted + "'"));
    }

    private String url(Section section, String key) {
        String url = section.require(key).address(key).orElse("");
        if (url.contains("/api/assisted-install")) {
            section.error(key, "carries the API's own path", "leave out '/api/assisted-install' and what follows");
        }
        return url;
    }

    static String caFile(Section spec) {
        String caFile = spec.text("caFile").orElse("");
        if (!caFile.isEmpty() && !caFile.startsWith("/")) {
            spec.error("caFile", "is not an absolute path", "workers read it, each on its own machine");
        }
        return caFile;
    }

    private static String version(Section spec, String imageKey, String releaseImage) {
        if (!spec.has("openshiftVersion")) {
            return versionOfTag(spec, imageKey, releaseImage);
        }
        String version = spec.anyText("openshiftVersion").orElse("");
        if (!version.isEmpty() && !MAJOR_MINOR.matcher(version).matches()) {
            spec.error(
                    "openshiftVersion",
                    "'" + version + "' is not of the form major.minor",
                    "write for example \"4.18\"");
        }
        return version;
    }

    private static String versionOfTag(Section section, String imageKey, String image) {
        if (image.isEmpty()) {
            return "";
        }
        String last = image.substring(image.lastIndexOf('/') + 1);
        int colon = last.indexOf(':');
        Matcher tag = TAG_VERSION.matcher(colon < 0 || last.indexOf('@') >= 0 ? "" : last.substring(colon + 1));
        if (tag.matches()) {
            return tag.group(1);
        }
        section.error(
                imageKey,
                "has no tag that names a version",
                imageKey.equals("releaseImage")
                        ? "add 'openshiftVersion: \"4.18\"', or a tag as in 'ocp-release:4.18.52-x86_64'"
                        : "use a tag as in 'ocp-release:4.18.52-x86_64'");
        return "";
    }

    private static String baseDomain(Section spec) {
        String domain = spec.text("baseDomain").orElse(DEFAULT_BASE_DOMAIN);
        if (domain.length() > 181 || !DOMAIN.matcher(domain).matches()) {
            spec.error("baseDomain", "'" + domain + "' is not a domain name", "write for example 'example.com'");
        }
        return domain;
    }
}
