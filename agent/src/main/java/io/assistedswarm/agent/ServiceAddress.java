package io.assistedswarm.agent;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;

/**
 * Where the service is, and how its certificate is judged.
 *
 * @param url without {@code /api/assisted-install}, as {@code --url} gives it
 * @param caFile PEM bundle to trust instead of the JDK's, or empty
 */
public record ServiceAddress(URI url, boolean insecure, String caFile) {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration READ_TIMEOUT = Duration.ofSeconds(60);

    /** @throws UsageException if the text is no http or https URL */
    public static ServiceAddress of(String url, boolean insecure, String caFile) throws UsageException {
        try {
            URI uri = new URI(url);
            boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            if (!http || uri.getHost() == null) {
                throw new UsageException(1, "'" + url + "' is no URL of a service; give one like http://HOST:PORT");
            }
            return new ServiceAddress(uri, insecure, caFile);
        } catch (URISyntaxException e) {
            throw new UsageException(1, "'" + url + "' is no URL: " + e.getMessage());
        }
    }

    /** The value of the Host header. */
    public String authority() {
        return url.getRawAuthority();
    }

    public String basePath() {
        String path = url.getRawPath();
        return (path.endsWith("/") ? path.substring(0, path.length() - 1) : path) + "/api/assisted-install";
    }

    public HttpConnection connect() throws IOException {
        boolean tls = url.getScheme().equals("https");
        int port = url.getPort() < 0 ? (tls ? 443 : 80) : url.getPort();
        String host = url.getHost().startsWith("[")
                ? url.getHost().substring(1, url.getHost().length() - 1)
                : url.getHost();
        Socket socket = new Socket();
        try {
            socket.connect(new InetSocketAddress(host, port), Math.toIntExact(CONNECT_TIMEOUT.toMillis()));
            socket.setSoTimeout(Math.toIntExact(READ_TIMEOUT.toMillis()));
            socket.setTcpNoDelay(true);
            return new HttpConnection(tls ? new TlsTrust(insecure, caFile).secure(socket, host, port) : socket);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }
}
