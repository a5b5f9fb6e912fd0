package io.assistedswarm.worker;

import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.LoggerFactory;

/** What this project's classes log until it is closed. */
public final class TestingLog implements AutoCloseable {
    private static final Logger ALL = (Logger) LoggerFactory.getLogger("io.assistedswarm");

    private final List<ILoggingEvent> lines = new CopyOnWriteArrayList<>();
    private final AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent line) {
            line.prepareForDeferredProcessing();
            lines.add(line);
        }
    };

    public TestingLog() {
        appender.start();
        ALL.addAppender(appender);
    }

    public List<ILoggingEvent> lines() {
        return List.copyOf(lines);
    }

    /** Of the first line that has the text, which may still have to come. */
    public Map<String, String> idsOfLineWith(String text) {
        await().until(() ->
                lines.stream().anyMatch(line -> line.getFormattedMessage().contains(text)));
        return lines.stream()
                .filter(line -> line.getFormattedMessage().contains(text))
                .findFirst()
                .orElseThrow()
                .getMDCPropertyMap();
    }

    @Override
    public void close() {
        ALL.detachAppender(appender);
    }
}
