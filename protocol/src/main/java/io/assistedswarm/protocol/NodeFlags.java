package io.assistedswarm.protocol;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** What the command lines of all roles that are nodes have in common: these flags, and how they answer a mistake. */
public final class NodeFlags {
    private static final int COULD_NOT_RUN = 1;
    private static final int WRONG_USAGE = 2;

    @Option(names = "--host", description = "address to listen on (default: 127.0.0.1)")
    private Optional<String> host = Optional.empty();

    @Option(
            names = "--tls",
            paramLabel = "DIR",
            description =
                    "folder with tls.crt, tls.key and ca.crt: mutual TLS with the other nodes ('swarm certificates' makes it)")
    private Optional<Path> tls = Optional.empty();

    @Option(names = "--insecure-remoting", description = "listens elsewhere than on loopback without TLS")
    private boolean insecureRemoting;

    @Option(
            names = "--kubeconfig",
            paramLabel = "FILE",
            description = "kube config of the hub (default: as kubectl finds it)")
    private Optional<Path> kubeconfig = Optional.empty();

    /** Those that were given, as settings have them. */
    public Map<String, Object> given() {
        Map<String, Object> given = new HashMap<>();
        host.ifPresent(value -> given.put("host", value));
        tls.ifPresent(value -> given.put("tls", value.toString()));
        if (insecureRemoting) {
            given.put("insecure-remoting", true);
        }
        kubeconfig.ifPresent(value -> given.put("kubeconfig", value.toString()));
        return given;
    }

    /**
     * Runs a role; each mistake of the user is answered in one line.
     *
     * @param role throws {@code IllegalArgumentException} for what was given wrongly, {@code IOException} when it could not run
     * @return the exit code; 0 of a role that goes on
     */
    public static int execute(Callable<Integer> role, String... arguments) {
        CommandLine line = new CommandLine(role);
        // A word that begins with '@' is a word, not a file of words.
        line.setExpandAtFiles(false);
        line.registerConverter(Path.class, NodeFlags::path);
        line.setParameterExceptionHandler((failure, given) ->
                say(line, oneLine(failure) + "; see '" + line.getCommandName() + " --help'", WRONG_USAGE));
        line.setExecutionExceptionHandler((failure, command, parsed) -> switch (failure) {
            case IllegalArgumentException wrong -> say(line, wrong.getMessage(), WRONG_USAGE);
            case IOException trouble -> say(line, trouble.getMessage(), COULD_NOT_RUN);
            default -> throw failure;
        });
        return line.execute(arguments);
    }

    private static int say(CommandLine line, String what, int exitCode) {
        line.getErr().println(line.getCommandName() + ": " + what);
        return exitCode;
    }

    private static String oneLine(Exception failure) {
        return String.valueOf(failure.getMessage()).replaceAll("\\s+", " ").strip();
    }

    /** Not every text can be one: which, depends on the locale. */
    private static Path path(String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new TypeConversionException("this cannot be the name of a file");
        }
    }
}
