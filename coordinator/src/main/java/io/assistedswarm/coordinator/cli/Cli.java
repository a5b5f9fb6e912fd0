package io.assistedswarm.coordinator.cli;

import io.assistedswarm.coordinator.cli.Coordinator.Unreachable;
import io.assistedswarm.coordinator.plan.Suggestion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Help.ColorScheme;
import picocli.CommandLine.IFactory;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/** {@code swarm}: the verbs of a user. The launcher has taken those that start a role before this is reached. */
@Command(
        name = "swarm",
        synopsisSubcommandLabel = "VERB",
        descriptionHeading = "%n",
        description = "Load-tests OpenShift's assisted-installer service with thousands of fake hosts.",
        commandListHeading = "%nVerbs:%n",
        optionListHeading = "%nOptions:%n",
        footerHeading = "%n",
        footer = {
            "'swarm VERB --help' says more about one. Names may be short: sw, cl, h, w for swarm, cluster, host, worker.",
            "Exit codes: 0 passed, 1 could not run, 2 wrong usage or invalid plan, 3 the verdict is not \"passed\", 4 timed out,"
                    + " 5 the verdict is \"not valid\"."
        },
        subcommands = {
            Roles.Demo.class,
            Roles.CoordinatorRole.class,
            Roles.Worker.class,
            Roles.Hub.class,
            PreflightCommand.class,
            SubmitCommand.class,
            SearchCommand.class,
            GetCommand.class,
            DescribeCommand.class,
            LogsCommand.class,
            EventsCommand.class,
            WaitCommand.class,
            StateCommands.Pause.class,
            StateCommands.Resume.class,
            PaceCommand.class,
            ScaleCommand.class,
            StateCommands.Release.class,
            StateCommands.Cancel.class,
            DrainCommands.Drain.class,
            DrainCommands.Uncordon.class,
            DeleteCommand.class,
            ReportCommand.class,
            CompareCommand.class,
            CertificatesCommand.class,
            CompletionCommand.class,
            VersionCommand.class,
            CommandLine.HelpCommand.class
        })
public final class Cli implements Runnable {
    private static final String STACK_TRACE = "SWARM_STACK_TRACE";

    private final Shell shell;

    @Option(
            names = "--coordinator",
            paramLabel = "URL",
            scope = ScopeType.INHERIT,
            description =
                    "where the coordinator listens (SWARM_COORDINATOR; else the one last started here; else port 7480)")
    private String coordinator;

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            description =
                    "the token that the coordinator wants (SWARM_TOKEN_FILE; else that of the one last started here)")
    private Path tokenFile;

    @Option(
            names = "--ca",
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            description = "whom to trust for https (SWARM_CA; else that of the one last started here)")
    private Path authority;

    @Spec
    private CommandSpec spec;

    Cli(Shell shell) {
        this.shell = shell;
    }

    public static void main(String[] arguments) {
        int exitCode = run(Shell.ofProcess(), arguments);
        System.exit(exitCode);
    }

    static int run(Shell shell, String... arguments) {
        CommandLine line = commandLine(shell);
        int exitCode = line.execute(arguments);
        shell.out().flush();
        shell.err().flush();
        return exitCode;
    }

    static CommandLine commandLine(Shell shell) {
        CommandLine line = new CommandLine(new Cli(shell), new Commands(shell));
        offerHelp(line);
        line.getSubcommands().get("help").getCommandSpec().usageMessage().description("VERB: says more about one");
        // A word that begins with '@' is a word, not a file of words.
        line.setExpandAtFiles(false);
        line.setUsageHelpWidth(Math.min(120, shell.width()));
        line.getSubcommands().values().forEach(Cli::offerHelp);
        line.setOut(shell.out());
        line.setErr(shell.err());
        line.setColorScheme(colours(shell));
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.registerConverter(Path.class, Cli::path);
        line.registerConverter(int.class, Cli::wholeNumber);
        line.registerConverter(Integer.class, Cli::wholeNumber);
        line.setParameterExceptionHandler((failure, arguments) -> wrongUsage(failure, shell));
        line.setExecutionExceptionHandler((failure, command, parsed) -> failed(failure, shell));
        return line;
    }

    /** {@code swarm} alone shows the verbs. */
    @Override
    public void run() {
        spec.commandLine().usage(shell.out());
    }

    Coordinator coordinator() {
        return new Coordinator(Contact.find(
                new Contact.Given(
                        Optional.ofNullable(coordinator),
                        Optional.ofNullable(tokenFile),
                        Optional.ofNullable(authority)),
                shell));
    }

    /** {@code help} brings its own. */
    private static void offerHelp(CommandLine line) {
        if (line.getCommandSpec().findOption("--help") == null) {
            line.getCommandSpec()
                    .addOption(OptionSpec.builder("-h", "--help")
                            .usageHelp(true)
                            .description("says how this is used")
                            .build());
        }
    }

    /** Not every text can be one: which, depends on the locale. */
    private static Path path(String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new TypeConversionException("this cannot be the name of a file");
        }
    }

    private static int wholeNumber(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new TypeConversionException("'" + text + "' is not a whole number, or too large");
        }
    }

    private static ColorScheme colours(Shell shell) {
        return CommandLine.Help.defaultColorScheme(shell.colours() ? Ansi.ON : Ansi.OFF);
    }

    private static int wrongUsage(ParameterException failure, Shell shell) {
        CommandSpec command = failure.getCommandLine().getCommandSpec();
        String name = command.qualifiedName();
        shell.err().println(name + ": " + complaint(failure, command) + "; see '" + name + " --help'");
        return ExitCode.INVALID;
    }

    private static String complaint(ParameterException failure, CommandSpec command) {
        if (!(failure instanceof UnmatchedArgumentException unmatched)) {
            return oneLine(failure.getMessage());
        }
        String word = unmatched.getUnmatched().getFirst();
        boolean option = word.startsWith("-");
        Set<String> known =
                option ? command.optionsMap().keySet() : command.subcommands().keySet();
        String kind = option ? "' is not an option" : known.isEmpty() ? "' is one word too many" : "' is not a verb";
        return "'" + word + kind
                + Suggestion.closest(word, known)
                        .map(meant -> "; did you mean '" + meant + "'?")
                        .orElse("");
    }

    private static int failed(Exception failure, Shell shell) {
        if (failure instanceof CommandFailed failed) {
            shell.err().println(failed.getMessage());
            return failed.exitCode();
        }
        if (failure instanceof Unreachable || failure instanceof UncheckedIOException) {
            shell.err().println(failure.getMessage());
            return ExitCode.COULD_NOT_RUN;
        }
        if (failure instanceof IOException) {
            shell.err().println("cannot write or read a file: " + failure);
            return ExitCode.COULD_NOT_RUN;
        }
        if (failure instanceof InterruptedException) {
            Thread.currentThread().interrupt();
            shell.err().println("interrupted");
            return ExitCode.COULD_NOT_RUN;
        }
        shell.err()
                .println("swarm itself broke: " + oneLine(failure.toString()) + "; please report it, with what "
                        + STACK_TRACE + "=1 adds");
        if (!shell.environment().getOrDefault(STACK_TRACE, "").isEmpty()) {
            failure.printStackTrace(shell.err());
        }
        return ExitCode.COULD_NOT_RUN;
    }

    private static String oneLine(String message) {
        return message.replaceAll("\\s+", " ").strip();
    }

    /** Gives every command the shell that it runs in. */
    private static final class Commands implements IFactory {
        private final Shell shell;

        Commands(Shell shell) {
            this.shell = shell;
        }

        @Override
        public <K> K create(Class<K> type) throws Exception {
            try {
                return type.getDeclaredConstructor(Shell.class).newInstance(shell);
            } catch (NoSuchMethodException e) {
                return CommandLine.defaultFactory().create(type);
            }
        }
    }
}
