package io.assistedswarm.worker.image;

import io.assistedswarm.protocol.ServiceSpec;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/** Discovery images: downloaded for the load that it is, and thrown away. */
public interface Images {
    /** Does not block. */
    Download download(String url, ServiceSpec service);

    /** One download in progress. */
    interface Download {
        /** Fails with an exception whose message says what the image service answered; {@link ImageRefused} if it lets nobody in. */
        CompletionStage<Downloaded> result();

        void cancel();
    }

    record Downloaded(long bytes, Duration took) {}
}
