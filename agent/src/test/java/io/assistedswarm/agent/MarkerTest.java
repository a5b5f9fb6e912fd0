package io.assistedswarm.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MarkerTest {
    private static final int MARKERS = 500;

    @TempDir
    private Path directory;

    @Test
    void severalMayMakeItAtOnce() throws Exception {
        List<Callable<Boolean>> makers = new ArrayList<>();
        for (int marker = 0; marker < MARKERS; marker++) {
            Marker shared = Marker.ofFile(directory.resolve("marker-" + marker).toString());
            Callable<Boolean> maker = () -> {
                shared.make();
                return shared.isMade();
            };
            makers.add(maker);
            makers.add(maker);
        }
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            for (Future<Boolean> made : threads.invokeAll(makers)) {
                assertThat(made.get()).isTrue();
            }
        }
    }

    @Test
    void cannotBeMadeWhereThereIsNoFolderForIt() {
        Marker nowhere = Marker.ofFile(directory.resolve("none/marker").toString());
        assertThatThrownBy(nowhere::make).isInstanceOf(IOException.class);
        assertThat(nowhere.isMade()).isFalse();
    }
}
