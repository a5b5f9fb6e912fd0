package io.assistedswarm.agent;

import java.io.IOException;

/** Passed immediately before anything of a host becomes visible to others: a request, its reboot marker. */
public interface Gate {
    /** A process is held back from outside. */
    Gate OPEN = () -> {};

    /**
     * Returns at once where the host may act, waits while it stands still.
     *
     * @throws InterruptedException if it may not act any more
     * @throws IOException if it may not act now
     */
    void pass() throws IOException, InterruptedException;
}
