package io.assistedswarm.rehearsal.kube;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Reads what a watch writes, line by line. */
final class TestingWatch implements AutoCloseable {
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    private final Thread thread;

    record Event(String type, JsonNode object) {
        String name() {
            return Json.text(object, "metadata", "name");
        }

        long version() {
            return Long.parseLong(Json.text(object, "metadata", "resourceVersion"));
        }

        @Override
        public String toString() {
            return type + " " + name();
        }
    }

    private TestingWatch(Reply.Stream stream) {
        thread = Thread.ofVirtual().start(() -> {
            try {
                stream.writer().writeTo(new Lines());
            } catch (IOException impossible) {
                throw new AssertionError(impossible);
            } catch (InterruptedException closed) {
                Thread.currentThread().interrupt();
            }
        });
    }

    static TestingWatch of(Reply.Stream stream) {
        return new TestingWatch(stream);
    }

    Event next() {
        try {
            var line = lines.poll(10, TimeUnit.SECONDS);
            assertThat(line).as("next event").isNotNull();
            var json = Json.readYaml(line);
            return new Event(Json.text(json, "type"), json.path("object"));
        } catch (InterruptedException | IOException failure) {
            throw new AssertionError(failure);
        }
    }

    boolean endsWithin(Duration time) {
        try {
            return thread.join(time);
        } catch (InterruptedException failure) {
            throw new AssertionError(failure);
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }

    private final class Lines extends OutputStream {
        private final ByteArrayOutputStream line = new ByteArrayOutputStream();

        @Override
        public void write(int b) {
            if (b == '\n') {
                lines.add(line.toString(java.nio.charset.StandardCharsets.UTF_8));
                line.reset();
            } else {
                line.write(b);
            }
        }
    }
}
