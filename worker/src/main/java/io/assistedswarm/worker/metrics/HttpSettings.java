package io.assistedswarm.worker.metrics;

import io.assistedswarm.protocol.ApiToken;
import io.assistedswarm.protocol.Remoting;
import io.assistedswarm.protocol.TlsFolder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where a worker shows its metrics, and to whom.
 *
 * @param port 0 for any free one
 * @param tokenFile of the token that must be shown; empty for none, which is for loopback
 * @param tls for HTTPS; empty for plain HTTP, which is for loopback
 */
public record HttpSettings(String host, int port, Optional<Path> tokenFile, Optional<TlsFolder> tls) {
    private static final int HIGHEST_PORT = 65_535;

    /** What forbids to start. */
    public List<String> problems() {
        List<String> problems = new ArrayList<>();
        if (port < 0 || port > HIGHEST_PORT) {
            problems.add("http.port " + port + " is not in 0..65535");
        }
        if (!Remoting.isLoopback(host) && (tls.isEmpty() || tokenFile.isEmpty())) {
            problems.add("--http-host " + host + " is not loopback: it needs --tls DIR and --token-file FILE");
        }
        try {
            token();
        } catch (IllegalArgumentException e) {
            problems.add(e.getMessage());
        }
        return problems;
    }

    /** @throws IllegalArgumentException when the file holds none */
    Optional<ApiToken> token() {
        return tokenFile.map(ApiToken::read);
    }
}
