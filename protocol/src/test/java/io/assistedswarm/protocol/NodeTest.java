package io.assistedswarm.protocol;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.apache.pekko.Done;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.Test;

class NodeTest {
    /** As Artery's streams do at times, something keeps the system from its end. */
    @Test
    void isPutDownWhenItsTasksAreDoneThoughItsSystemDoesNotTerminate() throws Exception {
        CountDownLatch held = new CountDownLatch(1);
        CompletableFuture<Done> task = new CompletableFuture<>();
        ActorSystem<Void> node = ActorSystem.create(
                Behaviors.<Void>receiveSignal((context, signal) -> {
                    if (signal instanceof PostStop) {
                        held.await();
                    }
                    return Behaviors.same();
                }),
                "node",
                ConfigFactory.parseString("pekko.coordinated-shutdown.phases.actor-system-terminate.timeout = 100ms")
                        .withFallback(ConfigFactory.defaultReference()));
        try {
            CoordinatedShutdown.get(node)
                    .addTask(CoordinatedShutdown.PhaseBeforeActorSystemTerminate(), "task", () -> task);
            CompletableFuture<Done> down = Node.putDown(node).toCompletableFuture();
            assertThat(down).isNotDone();

            task.complete(Done.getInstance());

            assertThat(down.get(10, SECONDS)).isEqualTo(Done.getInstance());
            assertThat(node.getWhenTerminated().toCompletableFuture()).isNotDone();
        } finally {
            held.countDown();
            ActorTestKit.shutdown(node);
        }
    }
}
