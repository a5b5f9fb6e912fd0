package io.assistedswarm.worker;

import io.assistedswarm.protocol.ServiceSpec;
import io.assistedswarm.worker.image.Images;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Images whose downloads a test completes. */
public final class TestingImages implements Images {
    private final List<TestingDownload> downloads = new ArrayList<>();

    @Override
    public synchronized Download download(String url, ServiceSpec service) {
        TestingDownload download = new TestingDownload(url);
        downloads.add(download);
        return download;
    }

    public synchronized List<TestingDownload> downloads() {
        return List.copyOf(downloads);
    }

    /** One of them. */
    public static final class TestingDownload implements Download {
        public final String url;
        public final CompletableFuture<Downloaded> result = new CompletableFuture<>();

        private TestingDownload(String url) {
            this.url = url;
        }

        @Override
        public CompletionStage<Downloaded> result() {
            return result;
        }

        @Override
        public void cancel() {
            result.cancel(true);
        }
    }
}
