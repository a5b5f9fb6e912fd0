package io.assistedswarm.rehearsal.standin;

import io.assistedswarm.agent.Bytes;
import io.assistedswarm.agent.Speaker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Starts another stand-in as a process with the JVM, flags and class path of this one. */
final class ChildJvm {
    /** Set for a child whose standard input is a pipe of its parent: it ends when the pipe does. */
    static final String TIED_VARIABLE = "REHEARSAL_TIED_TO_PARENT";

    private static final Path OWN_COMMAND_LINE = Path.of("/proc/self/cmdline");

    private ChildJvm() {}

    /** The environment is inherited, and with it everything that starts with {@code DRY_}, and the token; it speaks as the same instance. */
    static Process start(String program, List<String> arguments, Speaker speaker) throws IOException {
        List<String> command = command();
        command.add(program);
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put(TIED_VARIABLE, "true");
        builder.environment().put(Speaker.INSTANCE_VARIABLE, speaker.instance());
        return builder.start();
    }

    private static List<String> command() throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ownFlags());
        command.add(StandInMain.class.getName());
        return command;
    }

    private static List<String> ownFlags() throws IOException {
        List<String> own = ownArguments();
        int main = own.indexOf(StandInMain.class.getName());
        if (main < 0) {
            return List.of("-XX:+UseSerialGC", "-Xmx16m", "-cp", System.getProperty("java.class.path"));
        }
        List<String> flags = new ArrayList<>();
        for (String flag : own.subList(0, main)) {
            if (!flag.startsWith("-XX:ArchiveClassesAtExit")) {
                flags.add(flag);
            }
        }
        return flags;
    }

    // Not by ProcessHandle where it can be avoided: it reads no more than a page of a long class path.
    private static List<String> ownArguments() throws IOException {
        if (Files.isReadable(OWN_COMMAND_LINE)) {
            List<String> all = Arrays.asList(
                    Bytes.utf8(Files.readAllBytes(OWN_COMMAND_LINE)).split("\0"));
            return all.subList(Math.min(1, all.size()), all.size());
        }
        return Arrays.asList(ProcessHandle.current().info().arguments().orElse(new String[0]));
    }
}
