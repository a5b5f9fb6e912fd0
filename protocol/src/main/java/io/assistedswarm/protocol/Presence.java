package io.assistedswarm.protocol;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import org.apache.pekko.actor.Address;

/** What a node's port tells of its process. A pause or a cut is silence; only an ended process is refused by its machine's kernel. */
public enum Presence {
    /** Something accepts connections, or the kernel does for it. */
    LISTENS,
    /** The machine is there and no process has the port. */
    ENDED,
    /** Nothing is known: the process may live. */
    SILENT;

    /** Blocks for {@code patience} at most. */
    public static Presence of(Address node, Duration patience) {
        if (node.host().isEmpty() || node.port().isEmpty()) {
            throw new IllegalArgumentException(node + " has no host and port");
        }
        try (Socket socket = new Socket()) {
            socket.connect(
                    new InetSocketAddress(
                            node.host().get(), (Integer) node.port().get()),
                    (int) patience.toMillis());
            return LISTENS;
        } catch (ConnectException e) {
            // Also "timed out" by the kernel: then nobody has refused.
            return String.valueOf(e.getMessage()).contains("refused") ? ENDED : SILENT;
        } catch (IOException e) {
            return SILENT;
        }
    }
}
