package io.assistedswarm.coordinator.cli;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Ctrl-C, or another signal that ends the program, interrupts a thread instead, and waits until that has cleaned up. */
final class Interruption implements AutoCloseable {
    private final Thread worker;
    private final Duration patience;
    private final CountDownLatch cleaned = new CountDownLatch(1);
    private final Thread hook = new Thread(this::interrupt, "interruption");
    private volatile boolean underWay;

    private Interruption(Thread worker, Duration patience) {
        this.worker = worker;
        this.patience = patience;
    }

    /** @param patience the program ends after so long whatever the thread does */
    static Interruption ofThisThread(Duration patience) {
        Interruption interruption = new Interruption(Thread.currentThread(), patience);
        Runtime.getRuntime().addShutdownHook(interruption.hook);
        return interruption;
    }

    boolean isUnderWay() {
        return underWay;
    }

    @Override
    public void close() {
        cleaned.countDown();
        if (!underWay) {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException e) {
                // The signal has come at this moment: there is nothing left to clean up.
                underWay = true;
            }
        }
    }

    private void interrupt() {
        underWay = true;
        worker.interrupt();
        try {
            if (!cleaned.await(patience.toSeconds(), TimeUnit.SECONDS)) {
                System.err.println("not cleaned up within " + patience.toMinutes() + " minutes");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
