package io.assistedswarm.worker.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/** The living processes of this machine at one moment, from {@code /proc}. Zombies are dead: nobody may ever fetch them where PID 1 does not. */
public record ProcessTable(List<Entry> entries) {
    private static final Path PROC = Path.of("/proc");

    /**
     * In the moment of an exec the kernel shows neither arguments nor environment of a process, or one letter of the former (seen with Linux
     * 6.18; proc_pid_cmdline(5) does not say so): it would be taken for one that nobody has to end.
     */
    private static final int MOST_LOOKS = 50;

    /** So often in a row it has arguments and the file is empty nevertheless: who runs without an environment. */
    private static final int LOOKS_AT_EMPTY = 5;

    private static final long LOOK_INTERVAL_NANOS = 1_000_000;

    /**
     * A living process.
     *
     * @param still stopped by a signal; or waiting in the kernel, where a signal to stop is heard before the process runs on: so waits
     *     who has started a child in the way of vfork, as long as that is stopped on its way to its program
     */
    public record Entry(long pid, long group, long session, boolean still) {}

    static ProcessTable read() {
        List<Entry> entries = new ArrayList<>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path process : processes) {
                entry(process).ifPresent(entries::add);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new ProcessTable(entries);
    }

    /** The groups that still have members, by the leader of their session and by their own: a child is both. */
    Map<Long, Set<Long>> groups() {
        Map<Long, Set<Long>> groups = new HashMap<>();
        for (Entry entry : entries) {
            groups.computeIfAbsent(entry.session(), leader -> new HashSet<>()).add(entry.group());
            groups.computeIfAbsent(entry.group(), leader -> new HashSet<>()).add(entry.group());
        }
        return groups;
    }

    /**
     * The groups of processes that carry one of these entries in their environment, by that entry, sought outside some sessions:
     * descendants that have left the session of the child that they come from. Reads each environment once, however many entries are sought.
     *
     * @param wanted each {@code NAME=value}
     * @param sessions whose members are known anyway, so that their environments need not be read
     */
    Map<String, Set<Long>> groupsCarrying(Set<String> wanted, Set<Long> sessions) {
        Map<String, Set<Long>> groups = new HashMap<>();
        for (Entry process : entries) {
            if (!sessions.contains(process.session())) {
                for (String entry : environment(process.pid())) {
                    if (wanted.contains(entry)) {
                        groups.computeIfAbsent(entry, first -> new HashSet<>()).add(process.group());
                    }
                }
            }
        }
        return groups;
    }

    /** Processes with all of these entries in their environment. */
    List<Entry> carrying(List<String> wanted) {
        return entries.stream()
                .filter(process -> environment(process.pid()).containsAll(wanted))
                .toList();
    }

    /**
     * The child itself and all that comes from it, also what has left its session.
     *
     * @param entry in the environment of what comes from it, {@code NAME=value}
     * @param sessions of other children, whose environments need not be read
     */
    List<Entry> familyOf(long child, String entry, Set<Long> sessions) {
        return entries.stream()
                .filter(process -> process.session() == child
                        || process.group() == child
                        || (!sessions.contains(process.session())
                                && environment(process.pid()).contains(entry)))
                .toList();
    }

    /** The file names of the words in a process's command line. */
    static List<String> words(long pid) {
        return texts(pid, "cmdline").stream()
                .map(word -> word.substring(word.lastIndexOf('/') + 1))
                .toList();
    }

    /** Whether an argument of a living process contains a text. */
    public static boolean isInCommandLine(String text) {
        return read().entries().stream()
                .anyMatch(process ->
                        texts(process.pid(), "cmdline").stream().anyMatch(argument -> argument.contains(text)));
    }

    static List<String> environment(long pid) {
        return texts(pid, "environ");
    }

    private static List<String> texts(long pid, String file) {
        try {
            byte[] texts = bytes(pid, file);
            if (isCutOff(texts) && hasProgram(pid)) {
                int empty = 0;
                for (int look = 0; isCutOff(texts) && look < MOST_LOOKS && empty < LOOKS_AT_EMPTY; look++) {
                    LockSupport.parkNanos(LOOK_INTERVAL_NANOS);
                    empty = isCutOff(bytes(pid, "cmdline")) ? 0 : empty + 1;
                    texts = bytes(pid, file);
                }
            }
            return List.of(new String(texts, StandardCharsets.ISO_8859_1).split("\0"));
        } catch (IOException e) {
            // It has ended meanwhile, or is another user's: no descendant of ours in either case.
            return List.of();
        }
    }

    private static boolean isCutOff(byte[] texts) {
        return texts.length <= 1;
    }

    private static byte[] bytes(long pid, String file) throws IOException {
        return Files.readAllBytes(PROC.resolve(pid + "/" + file));
    }

    /** Threads of the kernel and the dead have none. */
    private static boolean hasProgram(long pid) throws IOException {
        try {
            return Files.readSymbolicLink(PROC.resolve(pid + "/exe")).isAbsolute();
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    private static Optional<Entry> entry(Path process) {
        try {
            String stat = Files.readString(process.resolve("stat"), StandardCharsets.ISO_8859_1);
            // The second field is the command in parentheses and may contain anything.
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", 6);
            boolean dead = fields[0].equals("Z") || fields[0].equals("X");
            return dead
                    ? Optional.empty()
                    : Optional.of(new Entry(
                            Long.parseLong(process.getFileName().toString()),
                            Long.parseLong(fields[2]),
                            Long.parseLong(fields[3]),
                            fields[0].equals("T") || fields[0].equals("D")));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            // A process that ends while it is read answers ESRCH.
            if (Files.exists(process)) {
                throw new UncheckedIOException(e);
            }
            return Optional.empty();
        }
    }
}
