package io.assistedswarm.rehearsal;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.TypeConversionException;

/** The command line of the demo or of the hub, which answers a mistake in one line. */
public final class RoleLine {
    private RoleLine() {}

    public static CommandLine of(Callable<Integer> role) {
        CommandLine line = new CommandLine(role);
        // A word that begins with '@' is a word, not a file of words.
        line.setExpandAtFiles(false);
        line.registerConverter(Path.class, RoleLine::path);
        line.setParameterExceptionHandler((failure, arguments) -> {
            String name = line.getCommandName();
            String what =
                    String.valueOf(failure.getMessage()).replaceAll("\\s+", " ").strip();
            line.getErr().println("swarm " + name + ": " + what + "; see 'swarm " + name + " --help'");
            return CommandLine.ExitCode.USAGE;
        });
        return line;
    }

    private static Path path(String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new TypeConversionException("this cannot be the name of a file");
        }
    }
}
