package io.assistedswarm.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.status.Status;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What {@code conf/logback.xml} makes of an event. */
class LogFormatTest {
    @Test
    void isALineOfTextUnlessToldOtherwise() throws Exception {
        assertThat(encoded(new LoggerContext()))
                .endsWith("WARN  Swarm [night-0-2] \"odd\" [7]\njava.io.IOException: no\n");
    }

    @Test
    void isAJsonObjectALineWithTheIdsWhenThatIsWanted() throws Exception {
        LoggerContext context = new LoggerContext();
        context.putProperty("SWARM_LOG_FORMAT", "json");
        context.putProperty("worker", "w1");
        String line = encoded(context);

        assertThat(line.strip()).doesNotContain("\n");
        JsonNode event = new JsonMapper().readTree(line);
        assertThat(event.path("level").asText()).isEqualTo("WARN");
        assertThat(event.path("formattedMessage").asText()).isEqualTo("\"odd\" [7]");
        assertThat(event.at("/mdc/swarm").asText()).isEqualTo("night");
        assertThat(event.at("/mdc/cluster").asText()).isEqualTo("night-0");
        assertThat(event.at("/mdc/host").asText()).isEqualTo("night-0-2");
        assertThat(event.at("/context/properties/worker").asText()).isEqualTo("w1");
        assertThat(event.at("/throwable/message").asText()).isEqualTo("no");
        assertThat(event.path("timestamp").asLong()).isPositive();
    }

    private static String encoded(LoggerContext context) throws Exception {
        JoranConfigurator configurator = new JoranConfigurator();
        configurator.setContext(context);
        configurator.doConfigure(Path.of("..", "conf", "logback.xml").toFile());
        // A warning makes Logback print all that it did, some 30 lines, at the start of every program.
        assertThat(context.getStatusManager().getCopyOfStatusList())
                .noneMatch(status -> status.getLevel() >= Status.WARN);
        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        ConsoleAppender<ILoggingEvent> appender =
                (ConsoleAppender<ILoggingEvent>) root.iteratorForAppenders().next();
        IOException failure = new IOException("no");
        failure.setStackTrace(new StackTraceElement[0]);
        LoggingEvent event = new LoggingEvent(
                "", context.getLogger("a.Swarm"), Level.WARN, "\"odd\" [{}]", failure, new Object[] {7});
        event.setMDCPropertyMap(Map.of("swarm", "night", "cluster", "night-0", "host", "night-0-2"));
        return new String(appender.getEncoder().encode(event), StandardCharsets.UTF_8);
    }
}
