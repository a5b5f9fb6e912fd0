package io.assistedswarm.rehearsal.hub;

import io.assistedswarm.rehearsal.standin.StandInJvm;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a worker on this machine starts stand-in agents and controllers.
 *
 * @param archive of the classes that the many short-lived JVMs share
 */
record StandInCommand(Path archive, Map<String, String> environment) {
    private static final Logger log = LoggerFactory.getLogger(StandInCommand.class);
    private static final String ARCHIVE = "stand-in.jsa";

    static StandInCommand prepare(RehearsalHub.Options options) {
        Path archive = options.directory().resolve(ARCHIVE);
        try {
            StandInJvm.makeArchive(archive);
        } catch (IOException e) {
            log.warn("stand-ins will start more slowly: {}", e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return new StandInCommand(
                archive,
                Map.of("REHEARSAL_TIME_SCALE", String.valueOf(options.scale().factor())));
    }

    /** With the real agent's flags. */
    List<String> agent() {
        List<String> command = new ArrayList<>(StandInJvm.command("agent", archive));
        command.addAll(List.of(
                "--url",
                "{{service.url}}",
                "--infra-env-id",
                "{{infraEnv.id}}",
                "--agent-version",
                "{{service.agentImage}}",
                "--insecure={{service.insecure}}",
                "{{#service.caFile}}--cacert={{service.caFile}}{{/service.caFile}}",
                "--with-journal-logging=false",
                "--with-stdout-logging=true",
                "--with-text-logging=false"));
        return command;
    }

    /** The real controller takes its environment only. */
    List<String> controller() {
        return StandInJvm.command("controller", archive);
    }
}
