package io.assistedswarm.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.assistedswarm.e2e.Launcher.Outcome;
import java.io.IOException;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** Does harm to a running arena, a little at a time, until its swarm is over, and measures how long each recovery takes. */
final class Mischief {
    private static final Set<String> ENDS = Set.of("installed", "discovered", "added", "failed", "lost", "stopped");
    private static final Set<String> NOT_THERE = Set.of("pending", "placed", "created", "downloading");

    /** A recovery above it is looked into. */
    private static final Duration LONG = Duration.ofSeconds(60);

    /** While a worker is away only one in so many occasions is taken. */
    private static final int AGENTS_SPARED = 5;

    private enum Kind {
        WORKER_KILLED,
        WORKER_POWERED_OFF,
        WORKER_STANDS_STILL,
        WORKER_CUT_OFF,
        WORKER_ENDED,
        WORKER_DRAINED,
        COORDINATOR_KILLED,
        COORDINATOR_STANDS_STILL,
        AGENT_KILLED
    }

    private static final Set<Kind> NEED_A_NETWORK = EnumSet.of(Kind.WORKER_POWERED_OFF, Kind.WORKER_CUT_OFF);

    /** Something that has to be undone later. */
    private record Later(long at, Step step) {}

    private interface Step {
        void take() throws IOException, InterruptedException;
    }

    /** @param worker none for a coordinator, which has no hosts either */
    private record Recovery(Kind kind, long since, Set<String> hosts, String worker) {
        Duration age() {
            return Duration.ofNanos(System.nanoTime() - since);
        }
    }

    private final Arena arena;
    private final Random random;
    private final String swarm;
    private final Duration longest;
    private final boolean agentsAreProcesses;
    private final List<Later> laters = new ArrayList<>();
    private final List<Recovery> recoveries = new ArrayList<>();
    private final Map<String, Integer> done = new TreeMap<>();
    private final Map<String, List<Double>> seconds = new HashMap<>();
    private final Set<Recovery> slow = new HashSet<>();
    private int left;

    /**
     * @param longest after which what was done is undone, at least 3 s
     * @param agentsAreProcesses and can be killed one by one
     */
    Mischief(Arena arena, Random random, String swarm, int faults, Duration longest, boolean agentsAreProcesses) {
        this.longest = longest;
        this.agentsAreProcesses = agentsAreProcesses;
        this.arena = arena;
        this.random = random;
        this.swarm = swarm;
        this.left = faults;
    }

    void untilOver(Duration patience) throws IOException, InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        long next = System.nanoTime() + Duration.ofSeconds(8).toNanos();
        String state = "";
        while (!Set.of("DONE", "CANCELLED").contains(state) || !laters.isEmpty() || !recoveries.isEmpty()) {
            assertThat(System.nanoTime())
                    .as("the swarm is over in time; it is " + state + ", to recover: " + recoveries)
                    .isLessThan(end);
            Thread.sleep(500);
            arena.lookAfterWorkers();
            takeDueSteps();
            Optional<JsonNode> view = arena.get("/swarms/" + swarm);
            if (view.isPresent()) {
                state = view.get().path("state").asText().toUpperCase(Locale.ROOT);
                lookForRecovery();
            }
            boolean over = state.equals("DONE") || state.equals("CANCELLED");
            if (left > 0 && !over && System.nanoTime() >= next) {
                next = System.nanoTime()
                        + Duration.ofMillis(1_000 + random.nextInt(4_000)).toNanos();
                harm();
            }
        }
        assertThat(left).as("faults that were not done before all was over").isZero();
    }

    /** What was done and how often, by what it is called. */
    Map<String, Integer> done() {
        return done;
    }

    /** All that can be done to this arena. */
    static Set<String> kinds(boolean agentsAreProcesses, boolean cuttable) {
        return Arrays.stream(Kind.values())
                .filter(kind -> agentsAreProcesses || kind != Kind.AGENT_KILLED)
                .filter(kind -> cuttable || !NEED_A_NETWORK.contains(kind))
                .map(Mischief::label)
                .collect(Collectors.toSet());
    }

    String report(long seed, List<HubTrouble> troubles) {
        StringBuilder text = new StringBuilder("chaos: seed " + seed + ", "
                + (done.values().stream().mapToInt(Integer::intValue).sum() + troubles.size()) + " faults"
                + (arena.isCuttable() ? "" : " (no network of its own: nobody was cut off)") + "\n");
        done.forEach((kind, count) -> {
            List<Double> sorted =
                    seconds.getOrDefault(kind, List.of()).stream().sorted().toList();
            text.append("  %-26s %3d".formatted(kind, count))
                    .append(
                            sorted.isEmpty()
                                    ? ""
                                    : "   recovery: median %.1f s, worst %.1f s"
                                                    .formatted(sorted.get(sorted.size() / 2), sorted.getLast())
                                            + sorted.stream()
                                                    .map("%.1f"::formatted)
                                                    .collect(Collectors.joining(" ", " of ", "")))
                    .append('\n');
        });
        troubles.stream().collect(Collectors.groupingBy(HubTrouble::name, Collectors.counting())).entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(entry -> text.append("  %-26s %3d%n".formatted(entry.getKey(), entry.getValue())));
        return text.toString();
    }

    private void harm() throws IOException, InterruptedException {
        // A second worker is not taken away before the first one is back: two of three would leave no room for any
        // test.
        boolean workersWell = laters.isEmpty()
                && recoveries.isEmpty()
                && arena.workers().stream().allMatch(name -> arena.worker(name).isAlive());
        List<Kind> possible = new ArrayList<>();
        if (agentsAreProcesses) {
            possible.addAll(List.of(Kind.AGENT_KILLED, Kind.AGENT_KILLED));
        }
        if (workersWell) {
            possible.addAll(List.of(
                    Kind.WORKER_KILLED,
                    Kind.WORKER_STANDS_STILL,
                    Kind.WORKER_ENDED,
                    Kind.WORKER_DRAINED,
                    Kind.COORDINATOR_KILLED,
                    Kind.COORDINATOR_STANDS_STILL));
            if (arena.isCuttable()) {
                possible.addAll(NEED_A_NETWORK);
            }
        }
        // So that agents are not all that is killed while a worker comes back.
        if (!workersWell && (possible.isEmpty() || random.nextInt(AGENTS_SPARED) > 0)) {
            return;
        }
        Kind kind = possible.get(random.nextInt(possible.size()));
        String worker = arena.workers().get(random.nextInt(arena.workers().size()));
        if (kind == Kind.WORKER_DRAINED && !states("/workers", "state").containsKey(worker)) {
            // Started a moment ago, and not heard of yet.
            return;
        }
        Duration length = Duration.ofSeconds(3 + random.nextInt((int) longest.toSeconds() - 2));
        Set<String> hosts = hostsOn(worker);
        say(label(kind) + " " + (kind.name().startsWith("WORKER") ? worker + " " : "") + "for " + length.toSeconds()
                + " s");
        switch (kind) {
            case WORKER_KILLED -> {
                Arena.signal("KILL", arena.worker(worker));
                arena.startAgain(worker, length);
                recoveries.add(new Recovery(kind, System.nanoTime(), hosts, worker));
            }
            case WORKER_POWERED_OFF -> {
                // Nobody answers in its place that the port is closed.
                arena.cut(worker);
                Arena.signal("KILL", arena.worker(worker));
                arena.startAgain(worker, length);
                later(length, () -> arena.join(worker));
                recoveries.add(new Recovery(kind, System.nanoTime(), hosts, worker));
            }
            case WORKER_ENDED -> {
                Arena.signal("TERM", arena.worker(worker));
                arena.startAgain(worker, length);
                recoveries.add(new Recovery(kind, System.nanoTime(), hosts, worker));
            }
            case WORKER_STANDS_STILL -> {
                Process process = arena.worker(worker);
                Arena.signal("STOP", process);
                later(length, () -> {
                    if (process.isAlive()) {
                        Arena.signal("CONT", process);
                    }
                });
                recoveries.add(new Recovery(kind, System.nanoTime(), hosts, worker));
            }
            case WORKER_CUT_OFF -> {
                arena.cut(worker);
                later(length, () -> arena.join(worker));
                recoveries.add(new Recovery(kind, System.nanoTime(), hosts, worker));
            }
            case WORKER_DRAINED -> {
                succeeds("drain", worker, "--move-after", "0s");
                later(length, () -> succeeds("uncordon", worker));
            }
            case COORDINATOR_KILLED -> {
                Arena.signal("KILL", arena.coordinator());
                arena.coordinator().waitFor();
                recoveries.add(new Recovery(kind, System.nanoTime(), Set.of(), ""));
            }
            case COORDINATOR_STANDS_STILL -> {
                Process process = arena.coordinator();
                Arena.signal("STOP", process);
                Duration pause = length.dividedBy(2);
                later(pause, () -> {
                    Arena.signal("CONT", process);
                    recoveries.add(new Recovery(kind, System.nanoTime(), Set.of(), ""));
                });
            }
            case AGENT_KILLED -> {
                List<Long> agents = arena.launcher().processesWith("StandInMain");
                if (agents.isEmpty()) {
                    return;
                }
                // It may have ended meanwhile, which is as good.
                ProcessHandle.of(agents.get(random.nextInt(agents.size()))).ifPresent(ProcessHandle::destroyForcibly);
            }
        }
        done.merge(label(kind), 1, Integer::sum);
        left--;
    }

    /** While the coordinator is well. */
    private void succeeds(String... verb) {
        Outcome outcome = arena.launcher().run(verb);
        assertThat(outcome.exitCode())
                .as("%s: %s%s", List.of(verb), outcome.out(), outcome.err())
                .isZero();
    }

    private void later(Duration after, Step step) {
        laters.add(new Later(System.nanoTime() + after.toNanos(), step));
    }

    private void takeDueSteps() throws IOException, InterruptedException {
        List<Later> due = laters.stream()
                .filter(later -> System.nanoTime() >= later.at())
                .sorted(Comparator.comparingLong(Later::at))
                .toList();
        laters.removeAll(due);
        for (Later later : due) {
            later.step().take();
        }
    }

    /** The coordinator answers, or every host that the worker had is heard again, wherever it is, or at its end. */
    private void lookForRecovery() {
        if (recoveries.isEmpty()) {
            return;
        }
        Map<String, String> workers = states("/workers", "state");
        Map<String, JsonNode> hosts = new HashMap<>();
        list("/hosts?swarm=" + swarm)
                .forEach(host -> hosts.put(host.path("name").asText(), host));
        for (Iterator<Recovery> each = recoveries.iterator(); each.hasNext(); ) {
            Recovery recovery = each.next();
            boolean hidden = !recovery.worker().isEmpty()
                    && "up".equals(workers.get(recovery.worker()))
                    && recovery.age().compareTo(Duration.ofSeconds(10)) < 0;
            List<String> unwell = recovery.hosts().stream()
                    .filter(name -> !isWell(hosts.get(name), workers))
                    .toList();
            if (!hidden && unwell.isEmpty()) {
                seconds.computeIfAbsent(label(recovery.kind()), unused -> new ArrayList<>())
                        .add(recovery.age().toMillis() / 1e3);
                each.remove();
            } else if (recovery.age().compareTo(LONG) > 0 && slow.add(recovery)) {
                say(label(recovery.kind()) + " takes long: " + workers
                        + unwell.stream().map(hosts::get).toList());
            }
        }
    }

    private static boolean isWell(JsonNode host, Map<String, String> workers) {
        if (host == null) {
            return false;
        }
        String phase = host.path("phase").asText();
        String worker = workers.getOrDefault(host.path("worker").asText(), "");
        return ENDS.contains(phase)
                || (!NOT_THERE.contains(phase)
                        && Set.of("up", "draining", "drained").contains(worker));
    }

    private Set<String> hostsOn(String worker) {
        Set<String> hosts = new HashSet<>();
        for (JsonNode host : list("/hosts?swarm=" + swarm)) {
            if (host.path("worker").asText().equals(worker)
                    && !ENDS.contains(host.path("phase").asText())) {
                hosts.add(host.path("name").asText());
            }
        }
        return hosts;
    }

    private Map<String, String> states(String path, String field) {
        return list(path).stream()
                .collect(Collectors.toMap(
                        entry -> entry.path("name").asText(),
                        entry -> entry.path(field).asText()));
    }

    private List<JsonNode> list(String path) {
        return arena.get(path)
                .map(list -> StreamSupport.stream(list.spliterator(), false).toList())
                .orElse(List.of());
    }

    private static void say(String what) {
        System.out.println(
                "chaos: " + LocalTime.now(ZoneId.systemDefault()).truncatedTo(ChronoUnit.SECONDS) + " " + what);
    }

    private static String label(Kind kind) {
        return kind.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
