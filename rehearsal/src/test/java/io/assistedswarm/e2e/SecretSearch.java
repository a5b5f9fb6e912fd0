package io.assistedswarm.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Looks for secrets, as they are and in base64 wherever they may stand in a longer text. */
record SecretSearch(List<String> secrets) {
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
