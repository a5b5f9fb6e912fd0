package io.assistedswarm.agent;

/** Starts what a program does beside its main course. */
public interface Background {
    /** Of a process, whose end is the end of its threads. */
    Background OF_PROCESS = (name, work) -> {
        Thread thread = new Thread(null, work, name, 256 * 1024);
        thread.setDaemon(true);
        thread.start();
        return thread;
    };

    Thread start(String name, Runnable work);

    /** Something that a thread does between two of its long waits. */
    interface Errand<T> {
        T run() throws InterruptedException;
    }

    /** Does it and waits for it; on another thread where one that waits costs by the depth of what it has done. */
    default <T> T aside(String name, Errand<T> errand) throws InterruptedException {
        return errand.run();
    }
}
