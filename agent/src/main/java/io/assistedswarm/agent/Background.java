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
}
