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

/** The living processes of this machine at one moment, from {@code /proc}. Zombies are dead: nobody may ever fetch them where PID 1 does not. */
record ProcessTable(List<Entry> entries) {
    private static final Path PROC = Path.of("/proc");

    /**
     * A living process.
     *
     * @param still stopped by a signal; or waiting in the kernel, where a signal to stop is heard before the process runs on: so waits
     *     who has started a child in the way of vfork, as long as that is stopped on its way to its program
     */
    record Entry(long pid, long group, long session, boolean still) {}

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

    private static List<String> environment(long pid) {
        return texts(pid, "environ");
    }

    private static List<String> texts(long pid, String file) {
        try {
            byte[] texts = Files.readAllBytes(PROC.resolve(pid + "/" + file));
            return List.of(new String(texts, StandardCharsets.ISO_8859_1).split("\0"));
        } catch (IOException e) {
            // It has ended meanwhile, or is another user's: no descendant of ours in either case.
            return List.of();
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
