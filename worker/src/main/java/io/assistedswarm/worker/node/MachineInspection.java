package io.assistedswarm.worker.node;

import io.assistedswarm.protocol.MachineReport;
import io.assistedswarm.protocol.MachineReport.Limit;
import io.assistedswarm.protocol.MachineReport.Resource;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Looks at this machine, as far as it limits how many hosts it can hold. Its method blocks. What the machine does not show (it is
 * no Linux, a container hides it) is left out of the report.
 *
 * @param root of the file system that holds {@code proc} and {@code sys}
 * @param dataFolder where the hosts' files go
 */
public record MachineInspection(Path root, Path dataFolder, Podman podman, InstantSource clock) {
    private static final Pattern NUMBER = Pattern.compile("\\d{1,18}");

    private static final int LONGEST = 64 << 10;

    /** Of this very machine. */
    public static MachineInspection of(Path dataFolder) {
        return new MachineInspection(Path.of("/"), dataFolder, new Podman("podman"), InstantSource.system());
    }

    public MachineReport inspect(boolean withPodman) {
        List<Limit> limits = new ArrayList<>();
        openFiles().ifPresent(limits::add);
        limits.addAll(tasks());
        number("proc/sys/fs/inotify/max_user_instances")
                .ifPresent(most ->
                        limits.add(new Limit(Resource.INOTIFY_INSTANCES, "fs.inotify.max_user_instances", most, 0)));
        localPorts().ifPresent(limits::add);
        limits.addAll(memory());
        disk().ifPresent(limits::add);
        Podman.Found found = withPodman ? podman.look() : Podman.Found.NOT_ASKED;
        return new MachineReport(clock.instant(), dataFolder.toString(), limits, found.version(), found.trouble());
    }

    private Optional<Limit> openFiles() {
        return limitOfProcess("Max open files")
                .map(most -> new Limit(Resource.OPEN_FILES, "ulimit -n", most, entries("proc/self/fd")));
    }

    private List<Limit> tasks() {
        // "0.20 0.18 0.12 1/80 11206": running and all tasks of the machine.
        long all = first("proc/loadavg", Pattern.compile(".*/(\\d+) .*")).orElse(0);
        List<Limit> limits = new ArrayList<>();
        limitOfProcess("Max processes")
                .ifPresent(most -> limits.add(new Limit(Resource.TASKS, "ulimit -u", most, all)));
        number("proc/sys/kernel/pid_max")
                .ifPresent(most -> limits.add(new Limit(Resource.TASKS, "kernel.pid_max", most, all)));
        number("proc/sys/kernel/threads-max")
                .ifPresent(most -> limits.add(new Limit(Resource.TASKS, "kernel.threads-max", most, all)));
        limits.addAll(ofControlGroups("pids", Resource.TASKS, "pids.max", "pids.current"));
        return limits;
    }

    private Optional<Limit> localPorts() {
        Matcher range = Pattern.compile("(\\d+)\\s+(\\d+)")
                .matcher(text(root.resolve("proc/sys/net/ipv4/ip_local_port_range"))
                        .strip());
        if (!range.matches()) {
            return Optional.empty();
        }
        long most = Long.parseLong(range.group(2)) - Long.parseLong(range.group(1)) + 1;
        long used = first("proc/net/sockstat", Pattern.compile("TCP: inuse (\\d+) .*"))
                        .orElse(0)
                + first("proc/net/sockstat", Pattern.compile("TCP: .* tw (\\d+) .*"))
                        .orElse(0);
        return Optional.of(new Limit(Resource.LOCAL_PORTS, "net.ipv4.ip_local_port_range", most, used));
    }

    private List<Limit> memory() {
        List<Limit> limits = new ArrayList<>();
        OptionalLong total = first("proc/meminfo", Pattern.compile("MemTotal:\\s+(\\d+) kB"));
        OptionalLong available = first("proc/meminfo", Pattern.compile("MemAvailable:\\s+(\\d+) kB"));
        if (total.isPresent() && available.isPresent()) {
            limits.add(new Limit(
                    Resource.MEMORY_BYTES,
                    "memory of the machine",
                    total.getAsLong() << 10,
                    (total.getAsLong() - available.getAsLong()) << 10));
        }
        limits.addAll(ofControlGroups("memory", Resource.MEMORY_BYTES, "memory.max", "memory.current"));
        // The same in version 1.
        limits.addAll(
                ofControlGroups("memory", Resource.MEMORY_BYTES, "memory.limit_in_bytes", "memory.usage_in_bytes"));
        return limits;
    }

    private Optional<Limit> disk() {
        Path existing = dataFolder;
        while (existing != null && !Files.exists(existing)) {
            existing = existing.getParent();
        }
        if (existing == null) {
            return Optional.empty();
        }
        try {
            FileStore store = Files.getFileStore(existing);
            return Optional.of(new Limit(
                    Resource.DISK_BYTES,
                    "disk of " + dataFolder,
                    store.getTotalSpace(),
                    store.getTotalSpace() - store.getUsableSpace()));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Of the worker's own group and those above it: each of them binds it. */
    private List<Limit> ofControlGroups(String controller, Resource resource, String most, String used) {
        List<Limit> limits = new ArrayList<>();
        for (String line : lines("proc/self/cgroup").toList()) {
            // "0::/path" in version 2, "8:pids:/path" in version 1, where each controller has a tree of its own.
            String[] parts = line.split(":", 3);
            boolean second = parts.length == 3 && parts[1].isEmpty();
            if (!second
                    && (parts.length < 3 || !List.of(parts[1].split(",", -1)).contains(controller))) {
                continue;
            }
            Path top = root.resolve("sys/fs/cgroup").resolve(second ? "" : controller);
            for (Path group = top.resolve(parts[2].replaceFirst("^/+", "")).normalize();
                    group.startsWith(top);
                    group = group.getParent()) {
                String source = most + " of /" + top.relativize(group);
                long now = number(group.resolve(used)).orElse(0);
                number(group.resolve(most)).ifPresent(limit -> limits.add(new Limit(resource, source, limit, now)));
            }
        }
        return limits;
    }

    /** The soft limit, which is the one that holds. */
    private Optional<Long> limitOfProcess(String name) {
        return lines("proc/self/limits")
                .filter(line -> line.startsWith(name))
                .map(line -> line.substring(name.length()).strip().split("\\s+", 2)[0])
                .filter(limit -> limit.chars().allMatch(Character::isDigit))
                .map(Long::valueOf)
                .findFirst();
    }

    private long entries(String folder) {
        try (Stream<Path> entries = Files.list(root.resolve(folder))) {
            return entries.count();
        } catch (IOException e) {
            return 0;
        }
    }

    private OptionalLong first(String file, Pattern line) {
        return lines(file)
                .map(line::matcher)
                .filter(Matcher::matches)
                .mapToLong(matcher -> Long.parseLong(matcher.group(1)))
                .findFirst();
    }

    private OptionalLong number(String file) {
        return number(root.resolve(file));
    }

    /** Nothing for {@code max}: no limit. */
    private static OptionalLong number(Path file) {
        String number = text(file).strip();
        return NUMBER.matcher(number).matches() ? OptionalLong.of(Long.parseLong(number)) : OptionalLong.empty();
    }

    private Stream<String> lines(String file) {
        return text(root.resolve(file)).lines();
    }

    /**
     * By reads as large as a file of the kernel ever is: a setting below {@code /proc/sys} is given whole or not at all, so that a
     * second read, such as {@link Files#readString} makes after a first byte, finds its end.
     */
    private static String text(Path file) {
        byte[] buffer = new byte[LONGEST];
        int length = 0;
        try (InputStream input = new FileInputStream(file.toFile())) {
            for (int read = input.read(buffer); read > 0; read = input.read(buffer, length, LONGEST - length)) {
                length += read;
            }
        } catch (IOException e) {
            // A machine that does not show it: nothing can be said of that limit.
            return "";
        }
        return new String(buffer, 0, length, StandardCharsets.UTF_8);
    }
}
