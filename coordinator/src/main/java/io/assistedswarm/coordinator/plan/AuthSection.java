package io.assistedswarm.coordinator.plan;

import io.assistedswarm.protocol.AuthMode;
import io.assistedswarm.protocol.AuthSpec;
import io.assistedswarm.protocol.Secret;
import io.assistedswarm.protocol.ServiceSpec;
import io.assistedswarm.protocol.TlsFolder;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads {@code spec.auth} of a service config, and the tokens that it names; none of them is ever repeated. */
final class AuthSection {
    private static final String TYPE = "type";
    private static final String OFFLINE_TOKEN = UsersSection.OFFLINE_TOKEN;
    private static final String TOKEN_URL = "tokenUrl";
    private static final String CLIENT_ID = "clientId";
    private static final String CA_FILE = "caFile";
    private static final String USER_TOKEN = "userTokenFile";
    private static final String AGENT_TOKEN = "agentTokenFile";
    private static final String WATCHER_TOKEN = "watcherTokenFile";
    private static final List<String> OF_RHSSO = List.of(OFFLINE_TOKEN, TOKEN_URL, CLIENT_ID, CA_FILE);
    private static final List<String> OF_AGENT_INSTALLER = List.of(USER_TOKEN, AGENT_TOKEN, WATCHER_TOKEN);

    private static final String RED_HAT =
            "https://sso.redhat.com/auth/realms/redhat-external/protocol/openid-connect/token";
    private static final String RED_HAT_CLIENT = "cloud-services";

    /** Of JWTs and what else goes into a header or a form as it is (RFC 6750, 2.1). */
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9._~+/-]{16,}=*");

    private final Path config;
    private final Section auth;

    /** Several users share the clusters, each with an offline token of his own. */
    private final boolean shared;

    private AuthSection(Path config, Section auth, boolean shared) {
        this.config = config;
        this.auth = auth;
        this.shared = shared;
    }

    /** @param config to which the files' paths are relative */
    static AuthSpec read(Path config, Section spec) {
        return spec.section("auth")
                .map(section -> new AuthSection(config, section, spec.has(UsersSection.USERS)).read())
                .orElse(AuthSpec.UNSAID);
    }

    /** What only shows together with the rest of the service config. */
    static void check(Section spec, ServiceSpec service) {
        if (service.auth().mode() == AuthMode.RHSSO
                && !service.pullSecret().reveal().isEmpty()
                && service.cloudToken().isEmpty()) {
            noCloudToken(spec);
        }
    }

    static void noCloudToken(Section section) {
        section.error(
                UsersSection.PULL_SECRET,
                "the pull secret has no auths[" + ServiceSpec.CLOUD
                        + "].auth, by which a service with rhsso knows agents",
                "get the user's own pull secret");
    }

    private AuthSpec read() {
        AuthSpec read = switch (mode()) {
            case UNSAID -> AuthSpec.UNSAID;
            case NONE -> nothingMore(AuthMode.NONE);
            case LOCAL -> nothingMore(AuthMode.LOCAL);
            case RHSSO -> {
                foreign(OF_AGENT_INSTALLER, AuthMode.RHSSO);
                if (shared && auth.has(OFFLINE_TOKEN)) {
                    auth.error(OFFLINE_TOKEN, "does not go with 'users', who bring one each", "leave it out");
                }
                yield AuthSpec.rhsso(
                        token(config, auth, OFFLINE_TOKEN, !shared),
                        auth.address(TOKEN_URL).orElse(RED_HAT),
                        auth.text(CLIENT_ID).orElse(RED_HAT_CLIENT),
                        ServiceConfigFile.caFile(auth));
            }
            case AGENT_INSTALLER_LOCAL -> {
                foreign(OF_RHSSO, AuthMode.AGENT_INSTALLER_LOCAL);
                yield AuthSpec.agentInstallerLocal(
                        token(config, auth, USER_TOKEN, true),
                        token(config, auth, AGENT_TOKEN, true),
                        token(config, auth, WATCHER_TOKEN, false));
            }
        };
        auth.close();
        return read;
    }

    /** As said, or as the tokens tell. */
    private AuthMode mode() {
        Optional<String> type = auth.text(TYPE);
        if (type.isPresent()) {
            Optional<AuthMode> mode = AuthMode.named(type.get());
            if (mode.isEmpty()) {
                auth.error(
                        TYPE,
                        "'" + type.get() + "' is none that a service can have",
                        "one of "
                                + String.join(
                                        ", ",
                                        AuthMode.known().stream()
                                                .map(AuthMode::wireName)
                                                .toList()));
            }
            return mode.orElseGet(this::byTokens);
        }
        return byTokens();
    }

    private AuthMode byTokens() {
        if (OF_RHSSO.stream().anyMatch(auth::has)) {
            return AuthMode.RHSSO;
        }
        return OF_AGENT_INSTALLER.stream().anyMatch(auth::has) ? AuthMode.AGENT_INSTALLER_LOCAL : AuthMode.UNSAID;
    }

    private AuthSpec nothingMore(AuthMode mode) {
        foreign(OF_RHSSO, mode);
        foreign(OF_AGENT_INSTALLER, mode);
        return AuthSpec.of(mode);
    }

    private void foreign(List<String> keys, AuthMode mode) {
        keys.stream().filter(auth::has).forEach(key -> {
            Optional<String> unused = auth.text(key);
            auth.error(key, "does not go with type " + mode.wireName(), "leave it out, or correct 'type'");
        });
    }

    /** @param config to which the file's path is relative */
    static Secret token(Path config, Section section, String key, boolean required) {
        Optional<String> name = (required ? section.require(key) : section).text(key);
        if (name.isEmpty()) {
            return new Secret("");
        }
        try {
            Path file = config.resolveSibling(name.get());
            Problems ofToken = new Problems();
            Optional<String> text = YamlFile.text(file, ofToken).map(String::strip);
            ofToken.errors()
                    .forEach(problem ->
                            section.error(key, "token file " + file + ": " + problem.message(), problem.hint()));
            if (text.isEmpty()) {
                return new Secret("");
            }
            TlsFolder.refuseReadableByOthers(file);
            if (!TOKEN.matcher(text.get()).matches()) {
                section.error(key, "token file " + file + " holds no token", "it is one line, without 'Bearer'");
            }
            return new Secret(text.get());
        } catch (InvalidPathException e) {
            section.error(key, "is not a path", "");
        } catch (IllegalArgumentException e) {
            section.error(key, e.getMessage(), "");
        }
        return new Secret("");
    }
}
