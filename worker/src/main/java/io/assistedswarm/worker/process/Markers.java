package io.assistedswarm.worker.process;

import io.assistedswarm.protocol.HostId;

/** Where it is said on this machine which hosts have rebooted. Its methods may block. */
public interface Markers {
    /** May be called again. */
    void makeMarker(HostId host);

    boolean hasMarker(HostId host);
}
