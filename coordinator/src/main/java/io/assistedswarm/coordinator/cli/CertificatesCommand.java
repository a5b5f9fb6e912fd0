package io.assistedswarm.coordinator.cli;

import io.assistedswarm.protocol.CertificateAuthority;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "certificates",
        description =
                "makes certificates for the coordinator and its workers, for those who have no authority that does",
        footer = {
            "%nWrites DIR/NAME/{tls.crt,tls.key,ca.crt} for each, signed by an authority that it keeps in DIR and makes at first."
                    + " Copy DIR/NAME to that machine and start its node with --tls; keep the rest of DIR to yourself.",
            "%nExample:",
            "  swarm certificates certificates coordinator.example 10.0.0.8"
        })
final class CertificatesCommand implements Callable<Integer> {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9]([-A-Za-z0-9.:]{0,251}[A-Za-z0-9])?|::1");

    private final Shell shell;

    @Parameters(index = "0", paramLabel = "DIR", description = "folder of the authority and of what it signs")
    private Path folder;

    @Parameters(
            index = "1..*",
            arity = "1..*",
            paramLabel = "NAME",
            description = "name or address of a machine, as given to its --host")
    private List<String> names;

    CertificatesCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        for (String name : names) {
            if (!NAME.matcher(name).matches()) {
                throw new CommandFailed(
                        ExitCode.INVALID, "'" + name + "' is neither a name nor an address of a machine");
            }
            if (Files.exists(folder.resolve(name))) {
                throw new CommandFailed(
                        ExitCode.INVALID, folder.resolve(name) + " is there already; remove it to have it made anew");
            }
        }
        CertificateAuthority authority = CertificateAuthority.open(folder);
        for (String name : names) {
            shell.out().println("made " + authority.issue(name));
        }
        shell.out().println("'swarm' trusts them with --ca " + authority.certificate());
        return ExitCode.PASSED;
    }
}
