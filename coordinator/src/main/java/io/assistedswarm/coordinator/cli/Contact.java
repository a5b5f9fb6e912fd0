package io.assistedswarm.coordinator.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.assistedswarm.coordinator.api.ApiJson;
import io.assistedswarm.protocol.ApiToken;
import io.assistedswarm.protocol.Remoting;
import io.assistedswarm.protocol.TlsFolder;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/**
 * Where the coordinator is, what to show it, and whom to believe that it is the one.
 *
 * @param url without a slash at the end
 * @param trust empty for the authorities that Java trusts
 */
record Contact(String url, Optional<ApiToken> token, Optional<SSLContext> trust) {
    private static final String DEFAULT_URL = "http://127.0.0.1:7480";

    /** What was given on the command line. */
    record Given(Optional<String> url, Optional<Path> tokenFile, Optional<Path> authority) {}

    /** What a coordinator on this machine has written. */
    private record Written(Optional<String> url, Optional<Path> tokenFile, Optional<Path> authority) {}

    /**
     * Each by option, else by environment variable, else from the file that a coordinator on this machine writes; the last goes for token and
     * authority only when the address is the file's, as another must not get its token.
     */
    static Contact find(Given given, Shell shell) {
        Written written = read(shell.home().resolve(".local/state/assisted-swarm/coordinator/coordinator.json"));
        String named = given.url()
                .or(() -> environment("SWARM_COORDINATOR", shell))
                .or(written::url)
                .orElse(DEFAULT_URL);
        String url = (named.contains("://") ? named : "http://" + named).replaceAll("/+$", "");
        URI address = address(url)
                .orElseThrow(() -> new CommandFailed(
                        ExitCode.INVALID,
                        "'" + named + "' is no address of a coordinator; write for example " + DEFAULT_URL));
        boolean local = written.url().filter(url::equals).isPresent();
        Optional<Path> tokenFile = given.tokenFile()
                .or(() -> environment("SWARM_TOKEN_FILE", shell).map(Path::of))
                .or(() -> local ? written.tokenFile() : Optional.empty());
        if (tokenFile.isPresent() && "http".equals(address.getScheme()) && !Remoting.isLoopback(address.getHost())) {
            throw new CommandFailed(
                    ExitCode.INVALID,
                    "the token would go to " + url + " unencrypted; write https://, or leave the token out");
        }
        Optional<Path> authority = given.authority()
                .or(() -> environment("SWARM_CA", shell).map(Path::of))
                .or(() -> local ? written.authority() : Optional.empty());
        try {
            return new Contact(url, tokenFile.map(ApiToken::read), authority.map(TlsFolder::trusting));
        } catch (IllegalArgumentException e) {
            throw new CommandFailed(ExitCode.INVALID, e.getMessage());
        }
    }

    private static Optional<String> environment(String name, Shell shell) {
        return Optional.ofNullable(shell.environment().get(name)).filter(value -> !value.isBlank());
    }

    private static Optional<URI> address(String url) {
        try {
            URI uri = URI.create(url);
            return uri.getHost() != null && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))
                    ? Optional.of(uri)
                    : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Written read(Path file) {
        try {
            JsonNode contact = ApiJson.mapper().readTree(Files.readAllBytes(file));
            return new Written(
                    text(contact, "http"),
                    text(contact, "tokenFile").map(Path::of),
                    text(contact, "ca").map(Path::of));
        } catch (IOException e) {
            // No coordinator has run here, or it is being written: the default address is as good.
            return new Written(Optional.empty(), Optional.empty(), Optional.empty());
        }
    }

    private static Optional<String> text(JsonNode contact, String field) {
        return Optional.ofNullable(contact.path(field).textValue());
    }
}
