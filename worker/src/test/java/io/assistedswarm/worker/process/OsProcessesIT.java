package io.assistedswarm.worker.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.assistedswarm.protocol.LogIds;
import io.assistedswarm.worker.Samples;
import io.assistedswarm.worker.TestingLog;
import io.assistedswarm.worker.process.Processes.Exit;
import io.assistedswarm.worker.process.Processes.ProcessFailed;
import io.assistedswarm.worker.process.Processes.Running;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OsProcessesIT {
    private static final Duration GRACE = Duration.ofMillis(400);
    private static final Duration LONG = Duration.ofSeconds(30);
    /** Linux numbers no process higher (PID_MAX_LIMIT): no signal reaches anyone. */
    private static final long NOBODY = 1L << 22;

    private static final String INCARNATION = "it-" + ProcessHandle.current().pid();

    @TempDir
    private Path folder;

    private final LogFiles logFiles = new LogFiles(1 << 20);
    private final OsProcesses processes = new OsProcesses(ProcessTools.find(), INCARNATION, GRACE, logFiles);

    /** Killed after a test that broke off before it came to that. */
    private Optional<Process> dyingWorker = Optional.empty();

    @AfterEach
    void close() {
        dyingWorker.ifPresent(Process::destroyForcibly);
        assertThat(processes.close()).succeedsWithin(LONG);
    }

    @Test
    void tellsTheExitStatusOfACommandThatEndsByItself() {
        assertThat(value(started("exit 7").exit())).isEqualTo(new Exit(7, false));
        assertThat(processes.count()).isZero();
    }

    @Test
    void whatIsLoggedOfAProcessHasTheIdsOfWhomItWasStartedFor() {
        Map<String, String> ids = LogIds.of(Samples.singleNode().host(0));
        try (TestingLog log = new TestingLog()) {
            Running running = value(CompletableFuture.completedFuture(spec("echo ready; sleep 600"))
                    .thenComposeAsync(processes::start, action -> LogIds.with(ids, action)));
            awaitLog("ready\n");
            CompletionStage<Map<String, String>> afterTheEnd = running.stop().thenApply(gone -> LogIds.here());
            assertThat(value(afterTheEnd)).isEqualTo(ids);
            assertThat(log.idsOfLineWith("started test as process")).isEqualTo(ids);
            assertThat(log.idsOfLineWith("exited with")).isEqualTo(ids);
        }
    }

    @Test
    void runsTheCommandInItsFolder() {
        value(started("pwd").exit());
        assertThat(log()).isEqualTo(folder.resolve("run") + "\n");
    }

    @Test
    void appendsOutputAndErrorsToTheLog() throws IOException {
        Files.writeString(folder.resolve("agent.log"), "before\n");
        value(started("echo out; echo err >&2").exit());
        assertThat(log()).isEqualTo("before\nout\nerr\n");
    }

    @Test
    void makesItsFoldersPrivate() throws IOException {
        value(started("exit 0").exit());
        assertThat(Files.getPosixFilePermissions(folder.resolve("run")))
                .extracting(Enum::name)
                .containsExactlyInAnyOrder("OWNER_READ", "OWNER_WRITE", "OWNER_EXECUTE");
    }

    @Test
    void givesItNothingOfTheWorkersOwnEnvironment() {
        Running running = value(processes.start(new ProcessSpec(
                "environment",
                List.of("cat", "/proc/self/environ"),
                Map.of("PATH", System.getenv("PATH"), "GIVEN", "a \"b\" $HOME"),
                folder,
                folder.resolve("agent.log"))));
        value(running.exit());
        assertThat(Arrays.asList(log().split("\0")))
                // PWD is the shell's own.
                .filteredOn(entry -> !entry.startsWith("PWD="))
                .containsExactlyInAnyOrder(
                        "PATH=" + System.getenv("PATH"),
                        "GIVEN=a \"b\" $HOME",
                        "SWARM_INCARNATION=" + INCARNATION,
                        "SWARM_CHILD=" + INCARNATION + "/1");
    }

    @Test
    void tellsThatACommandIsNotThereByItsExitAndItsLog() {
        Running running = value(processes.start(new ProcessSpec(
                "nothing",
                List.of("no-such-command"),
                Map.of("PATH", System.getenv("PATH")),
                folder,
                folder.resolve("agent.log"))));
        assertThat(value(running.exit())).isEqualTo(new Exit(127, false));
        assertThat(log()).contains("no-such-command");
    }

    @Test
    void failsToStartWhereItsFolderCannotBe() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        ProcessSpec spec = new ProcessSpec(
                "agent of h", List.of("true"), Map.of(), file.resolve("below"), folder.resolve("agent.log"));
        assertThat(processes.start(spec))
                .failsWithin(LONG)
                .withThrowableOfType(ExecutionException.class)
                .withCauseInstanceOf(ProcessFailed.class)
                .withMessageContaining("cannot start agent of h");
        assertThat(processes.count()).isZero();
    }

    @Test
    void stopsTheWholeGroupWithTerm() {
        Running running = started("trap 'echo terminated; exit 3' TERM; sleep 600 & echo ready; wait");
        awaitLog("ready\n");
        assertThat(ProcessTable.read().groups()).containsEntry(running.pid(), Set.of(running.pid()));
        assertThat(processes.count()).isEqualTo(1);
        value(running.stop());
        assertThat(value(running.exit())).isEqualTo(new Exit(3, true));
        assertThat(log()).isEqualTo("ready\nterminated\n");
        assertThat(ProcessTable.read().groups()).doesNotContainKey(running.pid());
        assertThat(processes.count()).isZero();
    }

    @Test
    void killsAStubbornGroupAfterItsGraceAndConfirmsWhenItIsGone() {
        Running running = started("trap '' TERM; (while :; do sleep 1; done) & echo ready; while :; do wait; done");
        awaitLog("ready\n");
        long before = System.nanoTime();
        value(running.stop());
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThanOrEqualTo(GRACE);
        assertThat(value(running.exit())).isEqualTo(new Exit(128 + 9, true));
        assertThat(ProcessTable.read().groups()).doesNotContainKey(running.pid());
    }

    @Test
    void waitsForAGrandchildThatOutlivesItsParent() {
        Running running = started("(trap '' TERM; while :; do sleep 1; done) & echo ready; wait");
        awaitLog("ready\n");
        CompletionStage<?> stopped = running.stop();
        assertThat(value(running.exit()).requested()).isTrue();
        value(stopped);
        assertThat(ProcessTable.read().groups()).doesNotContainKey(running.pid());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "trap '' TERM; "})
    void stopsADescendantThatHasLeftTheSession(String trap) {
        Running running = started("setsid sh -c \"" + trap + "echo \\$\\$; while :; do sleep 1; done\" & wait");
        eventually().until(() -> log().endsWith("\n"));
        Set<Long> stray = Set.of(Long.parseLong(log().strip()));
        value(running.stop());
        assertThat(alive(stray)).isEmpty();
    }

    @Test
    void killsWhatACommandLeavesBehindThatEndsByItself() {
        Running running = started("(trap '' TERM; while :; do sleep 1; done) & echo $!");
        assertThat(value(running.exit())).isEqualTo(new Exit(0, false));
        eventually().until(() -> !ProcessTable.read().groups().containsKey(running.pid()));
        assertThat(running.stop()).succeedsWithin(LONG);
    }

    @Test
    void confirmsASecondStopToo() {
        Running running = started("echo ready; sleep 600");
        awaitLog("ready\n");
        CompletionStage<?> first = running.stop();
        assertThat(running.stop()).succeedsWithin(LONG);
        assertThat(first).succeedsWithin(LONG);
        assertThat(running.stop()).succeedsWithin(LONG);
    }

    @Test
    void killsWithoutAFarewell() {
        Running running = started("trap 'echo farewell' TERM; echo ready; sleep 600 & wait");
        awaitLog("ready\n");
        value(running.kill());
        assertThat(value(running.exit())).isEqualTo(new Exit(128 + 9, true));
        assertThat(log()).isEqualTo("ready\n");
        assertThat(ProcessTable.read().groups()).doesNotContainKey(running.pid());
    }

    @Test
    void makesAProcessStandStillWithAllThatComesFromItAndLetsItGoOn() {
        Running running = started(
                "setsid sh -c 'while :; do echo stray >>strays; sleep 0.02; done' & while :; do echo own; sleep 0.02; done");
        eventually().until(() -> log().contains("own") && text(strays()).contains("stray"));
        value(running.suspend());
        String own = log();
        String stray = text(strays());
        await().during(Duration.ofMillis(300))
                .atMost(LONG)
                .until(() -> log().equals(own) && text(strays()).equals(stray));
        value(running.resume());
        eventually().until(() -> log().length() > own.length() && text(strays()).length() > stray.length());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void endsWhatStandsStill(boolean kill) {
        Running running = started("trap 'echo farewell; exit 3' TERM; echo ready; while :; do sleep 0.02; done");
        awaitLog("ready\n");
        value(running.suspend());
        value(kill ? running.kill() : running.stop());
        assertThat(value(running.exit())).isEqualTo(new Exit(kill ? 128 + 9 : 3, true));
        assertThat(log().contains("farewell")).isNotEqualTo(kill);
    }

    @Test
    void hasNothingToSuspendOfAProcessThatHasEnded() {
        Running running = started("exit 0");
        value(running.exit());
        value(running.stop());
        assertThat(running.suspend()).succeedsWithin(LONG);
        assertThat(running.resume()).succeedsWithin(LONG);
        assertThat(value(running.killDescendants(Set.of("sh")))).isZero();
    }

    @Test
    void killsTheDescendantsThatRunAProgramAndNothingElse() throws IOException {
        Path program = Files.createDirectories(folder.resolve("bin")).resolve("installer");
        Files.writeString(program, "while :; do sleep 0.05; done");
        Running running = started("setsid sh " + program + " --role master & pid=$!; echo ready; wait $pid; "
                + "echo installer ended with $?; exec sleep 600");
        awaitLog("ready\n");
        Callable<Integer> kill = () -> value(running.killDescendants(Set.of("installer", "other")));
        // At first it may still be on its way to become the program.
        eventually().until(kill, count -> count > 0);
        eventually().until(() -> log().contains("installer ended with 137\n"));
        assertThat(value(running.killDescendants(Set.of("installer")))).isZero();
        assertThat(running.exit().toCompletableFuture()).isNotDone();
    }

    @Test
    void startsNothingMoreOnceItCloses() {
        Running running = started("echo ready; sleep 600");
        awaitLog("ready\n");
        assertThat(processes.close()).succeedsWithin(LONG);
        assertThat(running.exit().toCompletableFuture()).isCompletedWithValue(new Exit(128 + 15, true));
        assertThat(processes.start(spec("true")))
                .failsWithin(LONG)
                .withThrowableOfType(ExecutionException.class)
                .withMessageContaining("the worker is ending");
        assertThat(watchdogOf(ProcessHandle.current())).isEmpty();
    }

    @Test
    void closesWhenWhatEndedCommandsLeftBehindIsGoneToo() {
        Running running = started("(trap '' TERM; while :; do sleep 1; done) & echo $!");
        value(running.exit());
        assertThat(processes.close()).succeedsWithin(LONG);
        assertThat(ProcessTable.read().groups()).doesNotContainKey(running.pid());
        assertThat(watchdogOf(ProcessHandle.current())).isEmpty();
    }

    /** Of one that is becoming another program the kernel shows neither: a look in that moment would take it for gone. */
    @Test
    void argumentsAndEnvironmentAreSeenOfAProcessThatBecomesAnotherAgainAndAgain() throws IOException {
        Path again = Files.writeString(folder.resolve("again"), """
                [ "$1" -gt 0 ] && exec sh "$0" $(($1 - 1))
                exec sleep 600
                """);
        Running running = started("exec sh " + again + " 200");
        eventually().until(() -> ProcessTable.words(running.pid()).contains("again"));
        String mark = "SWARM_INCARNATION=" + INCARNATION;
        List<String> words;
        do {
            words = ProcessTable.words(running.pid());
            assertThat(words).isNotEmpty().doesNotContain("");
            assertThat(ProcessTable.environment(running.pid())).contains(mark);
        } while (words.contains("again"));
        assertThat(words).containsExactly("sleep", "600");
    }

    /** With a list of words for its groups it took tens of milliseconds to forget the last of a thousand, and all signals waited for that. */
    @Test
    void theWatchdogKeepsUpWithThousandsOfProcesses() throws IOException {
        Watchdog watchdog = new Watchdog(ProcessTools.find(), INCARNATION + "-many", Runnable::run);
        for (int i = 1; i <= 3_000; i++) {
            watchdog.add(NOBODY + i);
        }
        for (int i = 3_000; i > 0; i--) {
            watchdog.signal("TERM", NOBODY + i);
            watchdog.remove(NOBODY + i);
        }
        assertThat(watchdog.close(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void cutsTheLogOfAProcessThatGoesOnWriting() throws IOException {
        LogFiles small = new LogFiles(10);
        OsProcesses withSmallLogs = new OsProcesses(ProcessTools.find(), INCARNATION + "-small", GRACE, small);
        value(withSmallLogs.start(
                spec("echo 0123456789; until [ -e go ]; do sleep 0.05; done; echo after; sleep 600")));
        awaitLog("0123456789\n");
        small.cutAll();
        Files.createFile(folder.resolve("run/go"));
        awaitLog("after\n");
        assertThat(withSmallLogs.close()).succeedsWithin(LONG);
    }

    @Test
    void stopsThroughTheWatchdogThatTookTheDeadOnesPlace() {
        Running running = started("trap 'exit 3' TERM; echo ready; sleep 600 & wait");
        awaitLog("ready\n");
        replaceWatchdogOf(ProcessHandle.current());
        value(running.stop());
        assertThat(value(running.exit())).isEqualTo(new Exit(3, true));
    }

    @Test
    void killsEverythingWhenTheLeaseIsOverAndStartsNothingBeforeItHasAnother() {
        Running running = started("setsid sh -c 'while :; do sleep 0.05; done' & echo ready; sleep 600");
        awaitLog("ready\n");
        processes.mayRunUntil(BootClock.seconds() + 1);
        processes.mayRunUntil(BootClock.seconds());
        assertThat(value(running.exit())).isEqualTo(new Exit(128 + 9, false));
        assertThat(running.stop()).succeedsWithin(LONG);
        eventually()
                .untilAsserted(() -> assertThat(processes.start(spec("true")))
                        .failsWithin(LONG)
                        .withThrowableOfType(ExecutionException.class)
                        .withMessageContaining("has not heard from the coordinator"));
        processes.mayRunUntil(BootClock.seconds() + 600);
        assertThat(value(started("exit 4").exit())).isEqualTo(new Exit(4, false));
    }

    @Test
    void leavesNothingAliveWhenTheWorkerStandsStillUntilItsLeaseIsOver() throws IOException, InterruptedException {
        Process worker = dyingWorker("4");
        Set<Long> family = familyPids();
        signal("STOP", worker);
        awaitDeath(family);
        assertThat(worker.isAlive()).isTrue();
    }

    @Test
    void leavesNothingAliveWhenTheWorkerIsKilled() throws IOException, InterruptedException {
        Process worker = dyingWorker();
        Set<Long> family = familyPids();
        worker.destroyForcibly().waitFor();
        awaitDeath(family);
    }

    @Test
    void leavesNothingAliveWhenTheWorkerRunsOutOfMemory() throws IOException, InterruptedException {
        Process worker = dyingWorker();
        Set<Long> family = familyPids();
        Files.createFile(folder.resolve(DyingWorker.GREEDY));
        assertThat(worker.waitFor()).as("as './swarm worker' ends then").isEqualTo(3);
        awaitDeath(family);
    }

    @Test
    void leavesNothingAliveWhenTheWorkerIsKilledAfterItsWatchdog() throws IOException, InterruptedException {
        Process worker = dyingWorker();
        Set<Long> family = familyPids();
        replaceWatchdogOf(worker.toHandle());
        assertThat(alive(family)).hasSize(3);
        worker.destroyForcibly().waitFor();
        awaitDeath(family);
    }

    private static void signal(String signal, Process process) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("kill", "-s", signal, String.valueOf(process.pid()))
                        .start()
                        .waitFor())
                .isZero();
    }

    /** @param lease for which it may run processes, in seconds; none for no limit */
    private Process dyingWorker(String... lease) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Xmx64m",
                // As in ./swarm.
                "-XX:+ExitOnOutOfMemoryError",
                "-cp",
                System.getProperty("java.class.path"),
                DyingWorker.class.getName(),
                folder.toString()));
        command.addAll(List.of(lease));
        Process worker = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("worker.log").toFile())
                .start();
        dyingWorker = Optional.of(worker);
        return worker;
    }

    private Set<Long> familyPids() {
        List<Path> files =
                Stream.of("child", "grandchild", "runaway").map(folder::resolve).toList();
        await().atMost(Duration.ofMinutes(1)).until(() -> files.stream().allMatch(Files::exists));
        Set<Long> pids = files.stream()
                .map(OsProcessesIT::text)
                .map(text -> Long.parseLong(text.strip()))
                .collect(Collectors.toSet());
        assertThat(alive(pids)).hasSize(3);
        return pids;
    }

    private static void awaitDeath(Set<Long> pids) {
        // A second is what it takes on a machine that has nothing else to do.
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(alive(pids)).isEmpty());
    }

    private static Set<Long> alive(Set<Long> pids) {
        return ProcessTable.read().entries().stream()
                .map(ProcessTable.Entry::pid)
                .filter(pids::contains)
                .collect(Collectors.toSet());
    }

    private static void replaceWatchdogOf(ProcessHandle worker) {
        ProcessHandle first = watchdogOf(worker).orElseThrow();
        first.destroyForcibly();
        eventually()
                .until(() -> watchdogOf(worker)
                        .filter(other -> other.pid() != first.pid())
                        .isPresent());
    }

    private static Optional<ProcessHandle> watchdogOf(ProcessHandle worker) {
        return worker.children()
                .filter(child ->
                        text(Path.of("/proc/" + child.pid() + "/cmdline")).contains("\0swarm-watchdog\0"))
                .findFirst();
    }

    private Running started(String script) {
        return value(processes.start(spec(script)));
    }

    private ProcessSpec spec(String script) {
        return new ProcessSpec(
                "test",
                List.of("sh", "-c", script),
                Map.of("PATH", System.getenv("PATH")),
                folder.resolve("run"),
                folder.resolve("agent.log"));
    }

    private void awaitLog(String text) {
        eventually().untilAsserted(() -> assertThat(log()).isEqualTo(text));
    }

    private Path strays() {
        return folder.resolve("run/strays");
    }

    private String log() {
        return text(folder.resolve("agent.log"));
    }

    private static ConditionFactory eventually() {
        return await().atMost(LONG).pollInterval(Duration.ofMillis(20));
    }

    private static <T> T value(CompletionStage<T> stage) {
        return stage.toCompletableFuture()
                .orTimeout(LONG.toSeconds(), TimeUnit.SECONDS)
                .join();
    }

    /** What is in the file; nothing when it is not there. */
    private static String text(Path file) {
        try {
            return Files.exists(file) ? Files.readString(file, StandardCharsets.ISO_8859_1) : "";
        } catch (IOException e) {
            // A process that ends while it is read answers ESRCH.
            if (Files.exists(file)) {
                throw new UncheckedIOException(e);
            }
            return "";
        }
    }
}
