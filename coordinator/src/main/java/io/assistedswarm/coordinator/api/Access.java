package io.assistedswarm.coordinator.api;

import io.assistedswarm.protocol.ApiToken;
import io.assistedswarm.protocol.TlsFolder;
import java.util.Optional;

/**
 * Who may use the HTTP API.
 *
 * @param token empty where everybody on this machine may
 * @param tls empty for plain HTTP, which is for loopback
 */
public record Access(Optional<ApiToken> token, Optional<TlsFolder> tls) {
    public static final Access OPEN = new Access(Optional.empty(), Optional.empty());
}
