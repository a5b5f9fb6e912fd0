package io.assistedswarm.coordinator.cli;

import io.assistedswarm.coordinator.api.Views.DeletionView;
import io.assistedswarm.coordinator.api.Views.OrphanView;
import io.assistedswarm.coordinator.text.Ages;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Deletes the swarms that no record knows, after it has shown them. */
final class OrphanSweep {
    private final Shell shell;
    private final Coordinator coordinator;
    private final boolean force;
    private final boolean wait;
    private final Optional<Duration> timeout;

    OrphanSweep(Shell shell, Coordinator coordinator, boolean force, boolean wait, Optional<Duration> timeout) {
        this.shell = shell;
        this.coordinator = coordinator;
        this.force = force;
        this.wait = wait;
        this.timeout = timeout;
    }

    int run(boolean dryRun, boolean yes) throws InterruptedException {
        List<OrphanView> orphans = found().values().stream()
                .filter(orphan -> orphan.deleting() || !orphan.objects().isEmpty())
                .toList();
        if (orphans.isEmpty()) {
            shell.out().println("the record knows every swarm that has objects on the hub");
            return ExitCode.PASSED;
        }
        shell.out().println("swarms on the hub that the record does not know:");
        orphans.forEach(orphan -> shell.out().println("  " + orphan.id() + "  " + objects(orphan)));
        if (dryRun) {
            return ExitCode.PASSED;
        }
        if (!yes && !confirmed()) {
            throw new CommandFailed(
                    ExitCode.INVALID, "nothing is deleted; say --yes if these are not another coordinator's");
        }
        for (OrphanView orphan : orphans) {
            coordinator.delete(
                    "/orphans/" + Coordinator.encoded(orphan.id()) + (force ? "?force=true" : ""), OrphanView.class);
        }
        if (!wait) {
            shell.out().println("they are being deleted");
            return ExitCode.PASSED;
        }
        return outcome(await(orphans));
    }

    private Map<String, OrphanView> found() {
        return coordinator.list("/orphans", OrphanView.class).stream()
                .collect(Collectors.toMap(OrphanView::id, orphan -> orphan, (one, same) -> one, TreeMap::new));
    }

    private static String objects(OrphanView orphan) {
        return new TreeMap<>(orphan.objects())
                .entrySet().stream()
                        .map(count -> count.getValue() + " " + count.getKey())
                        .collect(Collectors.joining(", "));
    }

    private boolean confirmed() {
        shell.out().print("Delete all of this, also if another coordinator works on this hub? Type yes: ");
        shell.out().flush();
        try {
            return "yes"
                    .equals(String.valueOf(new BufferedReader(shell.in()).readLine())
                            .strip());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the answer", e);
        }
    }

    private List<OrphanView> await(List<OrphanView> orphans) throws InterruptedException {
        Instant start = shell.clock().instant();
        while (true) {
            Map<String, OrphanView> now = found();
            List<OrphanView> these = orphans.stream()
                    .map(orphan -> now.getOrDefault(orphan.id(), orphan))
                    .toList();
            if (these.stream().noneMatch(OrphanView::deleting)) {
                return these;
            }
            if (timeout.filter(limit -> !shell.clock().instant().isBefore(start.plus(limit)))
                    .isPresent()) {
                throw new CommandFailed(
                        ExitCode.TIMED_OUT,
                        "after " + Ages.of(timeout.get())
                                + " they are still being deleted; it goes on, 'swarm delete --all-orphans' waits again");
            }
            Thread.sleep(shell.interval());
        }
    }

    private int outcome(List<OrphanView> orphans) {
        boolean clean = true;
        for (OrphanView orphan : orphans) {
            Optional<DeletionView> deletion = orphan.deletion();
            boolean gone = deletion.filter(view -> view.stuck().isEmpty() && Deletions.left(view) == 0)
                    .isPresent();
            clean &= gone;
            shell.out().println("swarm " + orphan.id() + (gone ? " is deleted" : " is not wholly deleted"));
            deletion.ifPresent(
                    view -> Deletions.lines(view).forEach(line -> shell.out().println("  " + line)));
        }
        if (!clean) {
            throw new CommandFailed(
                    ExitCode.COULD_NOT_RUN,
                    "something is left; free what is stuck and run 'swarm delete --all-orphans' again");
        }
        return ExitCode.PASSED;
    }
}
