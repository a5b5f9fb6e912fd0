package io.assistedswarm.protocol;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.Done;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorSystem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How the process of a coordinator or a worker begins and ends. */
public final class Node {
    private static final Logger log = LoggerFactory.getLogger(Node.class);

    private Node() {}

    /**
     * Pekko would say the same with a stack trace.
     *
     * @param flag by which the user gives the port
     * @throws IOException saying what to change when nobody can listen there
     */
    public static void checkAddress(String host, int port, String flag) throws IOException {
        try (ServerSocket trial = new ServerSocket()) {
            trial.bind(new InetSocketAddress(host, port));
        } catch (IOException e) {
            throw new IOException(
                    "cannot listen on " + host + ":" + port + " (" + e.getMessage() + "); " + flag
                            + " 0 takes any free port, --host must be an address of this machine",
                    e);
        }
    }

    /**
     * A node that was told to go by a signal, and has put everything down in order, ended well: exit code 0, where the JVM by itself
     * would say 128 and the signal's number. If somebody called {@code System.exit} instead, as Pekko does when this node is downed,
     * that code stands.
     *
     * @param name what the log calls it
     */
    public static void endWellOnSignal(ActorSystem<?> system, String name, Duration patience) {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> endWell(system, name, patience), "end-well"));
    }

    private static void endWell(ActorSystem<?> system, String name, Duration patience) {
        if (isExiting()) {
            return;
        }
        try {
            putDown(system).toCompletableFuture().get(patience.toSeconds(), TimeUnit.SECONDS);
            Runtime.getRuntime().halt(0);
        } catch (ExecutionException | TimeoutException e) {
            log.error("the {} did not end in order within [{}]", name, patience, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Runs what there is to do at the node's end, or waits for it if it is under way. The last phase, the end of the actor system
     * itself, has nothing of ours in it and is not waited for without bound: with TLS, Artery of Pekko 1.7 sometimes never ends
     * (apache/pekko#3317).
     */
    static CompletionStage<Done> putDown(ActorSystem<?> system) {
        return CoordinatedShutdown.get(system).runAll(CoordinatedShutdown.jvmExitReason());
    }

    private static boolean isExiting() {
        return Thread.getAllStackTraces().values().stream()
                .flatMap(Arrays::stream)
                .anyMatch(frame -> frame.getClassName().equals(Runtime.class.getName())
                        && frame.getMethodName().equals("exit"));
    }
}
