package io.assistedswarm.protocol;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where a node listens for the others of the cluster, and how: with mutual TLS, or plain, which is for loopback only unless it is allowed by
 * name.
 *
 * @param port 0 for any
 * @param insecure whether it may be plain elsewhere than on loopback
 */
public record Remoting(String host, int port, Optional<TlsFolder> tls, boolean insecure) {
    private static final String ARTERY = "pekko.remote.artery.";
    private static final Pattern LOOPBACK_ADDRESS = Pattern.compile("127(\\.\\d{1,3}){3}|\\[?(::1|(0+:){7}0*1)]?");
    private static final String ROTATING_KEYS = ARTERY + "ssl.rotating-keys-engine.";

    /** What forbids to start; an error in the folder of the certificates is one. */
    public List<String> problems() {
        if (tls.isPresent()) {
            try {
                tls.get().open();
                return List.of();
            } catch (IllegalArgumentException e) {
                return List.of(e.getMessage());
            }
        }
        return insecure || isLoopback(host)
                ? List.of()
                : List.of(
                        "--host " + host
                                + " is not loopback, and the nodes' connections would be open to everybody: give"
                                + " --tls DIR ('./swarm certificates' makes one), or --insecure-remoting in a network that you trust");
    }

    /** Whether only this machine can reach the address. */
    public static boolean isLoopback(String host) {
        try {
            return Arrays.stream(InetAddress.getAllByName(host)).allMatch(InetAddress::isLoopbackAddress);
        } catch (UnknownHostException e) {
            return false;
        }
    }

    /** Whether the text is {@code localhost} or a loopback address, without asking anybody. */
    public static boolean isLoopbackName(String host) {
        return host.equalsIgnoreCase("localhost")
                || LOOPBACK_ADDRESS.matcher(host).matches();
    }

    /** For the node's actor system. With TLS each side must show a certificate that the authority signed for the same name. */
    public Config config() {
        Map<String, Object> settings = new HashMap<>();
        settings.put(ARTERY + "canonical.hostname", host);
        settings.put(ARTERY + "canonical.port", port);
        tls.ifPresent(folder -> {
            settings.put(ARTERY + "transport", "tls-tcp");
            settings.put(
                    ARTERY + "ssl.ssl-engine-provider",
                    "org.apache.pekko.remote.artery.tcp.ssl.RotatingKeysSSLEngineProvider");
            settings.put(ROTATING_KEYS + "key-file", folder.key().toString());
            settings.put(ROTATING_KEYS + "cert-file", folder.certificate().toString());
            settings.put(ROTATING_KEYS + "ca-cert-file", folder.authority().toString());
        });
        return ConfigFactory.parseMap(settings);
    }
}
