package io.assistedswarm.agent;

/** Work beside the controller's main loop: ends by itself, or is interrupted when the cluster is at its end. */
interface Loop {
    void run() throws InterruptedException;

    default void runUntilInterrupted(TextLog log) {
        try {
            run();
        } catch (InterruptedException e) {
            log.info(Thread.currentThread().getName() + " was stopped");
            Thread.currentThread().interrupt();
        }
    }
}
