package io.assistedswarm.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.assistedswarm.e2e.Launcher.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Looks for secrets, as they are and in base64 wherever they may stand in a longer text. */
record SecretSearch(List<String> secrets) {
    /** Exit code of {@code swarm wait} whose time is over. */
    private static final int NOT_YET = 4;

    private static final Path PROCESSES = Path.of("/proc");
    private static final Set<PosixFilePermission> OF_OTHERS =
            Set.of(PosixFilePermission.OTHERS_READ, PosixFilePermission.OTHERS_EXECUTE);

    /** Arguments of all processes of the machine, which every user can see, each with its process. */
    List<String> inCommandLines() {
        try (Stream<Path> processes = Files.list(PROCESSES)) {
            return processes
                    .filter(process -> process.getFileName().toString().chars().allMatch(Character::isDigit))
                    .map(process -> process.resolve("cmdline"))
                    .filter(arguments -> holdsAny(read(arguments)))
                    .map(Path::toString)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Looks into them about once a second until the swarm is done, so that those of programs are seen that have ended by then.
     *
     * @return what {@code swarm wait} said in the end
     */
    Outcome inNoCommandLineUntilDone(Launcher swarm, String name, Duration limit) {
        long end = System.nanoTime() + limit.toNanos();
        while (true) {
            assertThat(inCommandLines())
                    .as("processes with a secret among their arguments")
                    .isEmpty();
            Outcome state = swarm.run("wait", name, "--for=done", "--timeout", "1s");
            if (state.exitCode() != NOT_YET || System.nanoTime() > end) {
                return state;
            }
        }
    }

    /** Arguments of these processes. */
    List<Long> inCommandLinesOf(List<Long> processes) {
        return processes.stream()
                .filter(process ->
                        holdsAny(read(PROCESSES.resolve(process.toString()).resolve("cmdline"))))
                .toList();
    }

    /** Environments of these processes, which their user and root can see. */
    List<Long> inEnvironments(List<Long> processes) {
        return processes.stream()
                .filter(process ->
                        holdsAny(read(PROCESSES.resolve(process.toString()).resolve("environ"))))
                .toList();
    }

    /** Names and contents of the files below the folder. */
    List<Path> inFiles(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> holdsAny(file.getFileName().toString())
                            || (Files.isRegularFile(file) && holdsAny(read(file))))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    boolean holdsAny(String text) {
        return secrets.stream().flatMap(SecretSearch::forms).anyMatch(text::contains);
    }

    /** Whether nobody else gets to the file by the rights of it and of the folders between. */
    static boolean isPrivate(Path file, Path below) throws IOException {
        for (Path at = file; !at.equals(below); at = at.getParent()) {
            Set<PosixFilePermission> rights = Files.getPosixFilePermissions(at);
            if (OF_OTHERS.stream().noneMatch(rights::contains)) {
                return true;
            }
        }
        return false;
    }

    /** In base64 three letters become four, so what a text becomes depends on where it begins; the letters at both ends on its neighbours. */
    private static Stream<String> forms(String secret) {
        return Stream.concat(Stream.of(secret), IntStream.range(0, 3).mapToObj(before -> {
            byte[] shifted = ("x".repeat(before) + secret).getBytes(StandardCharsets.UTF_8);
            String encoded = Base64.getEncoder().withoutPadding().encodeToString(shifted);
            return encoded.substring(before == 0 ? 0 : before + 1, encoded.length() - 1);
        }));
    }

    private static String read(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            // A process that has ended, or a file that has gone, since it was listed.
            return "";
        }
    }
}
