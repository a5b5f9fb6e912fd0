package io.assistedswarm.worker.image;

import io.assistedswarm.protocol.Failure;
import io.assistedswarm.protocol.Failure.Side;

/**
 * The image service does not let in who comes with the URL: the token in it is wrong, of another InfraEnv, or has run out. It is the
 * service that made the URL, so nobody else is to blame. A machine's BMC would be answered the same, and would boot nothing.
 */
public final class ImageRefused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** As often in a row it may be an accident, such as of a gateway: it is not asked again with the same URL. */
    public static final int TIMES_THAT_DECIDE = 5;

    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;
    private final int status;

    private ImageRefused(int status) {
        // Not the URL: it may hold a token.
        super("the image service answered with " + status + ": it does not accept the URL that the service has given");
        this.status = status;
    }

    /** What an answer other than 200 means. */
    public static RuntimeException orTrouble(int status) {
        return status == UNAUTHORIZED || status == FORBIDDEN
                ? new ImageRefused(status)
                : new IllegalStateException("the image service answered with " + status);
    }

    public Failure failure() {
        return new Failure(
                Side.SERVICE, status == UNAUTHORIZED ? Failure.UNAUTHORIZED : Failure.FORBIDDEN, getMessage());
    }
}
