package io.assistedswarm.worker.runtime.hollow;

import io.assistedswarm.agent.Gate;
import io.assistedswarm.agent.Marker;
import io.assistedswarm.agent.ScaledClock;
import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.SwarmId;
import io.assistedswarm.worker.process.Markers;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;

/**
 * The reboot markers of this worker: of hollow hosts in memory, of others where the processes look for them. Thread-safe.
 *
 * @param files of all other swarms
 */
record MarkerBoard(Markers files, Map<SwarmId, Map<HostId, InMemory>> swarms) implements Markers {
    MarkerBoard(Markers files) {
        this(files, new ConcurrentHashMap<>());
    }

    /** From now on the swarm's markers are kept here. */
    void open(SwarmId swarm) {
        swarms.computeIfAbsent(swarm, unused -> new ConcurrentHashMap<>());
    }

    void close(SwarmId swarm) {
        swarms.remove(swarm);
    }

    @Override
    public void makeMarker(HostId host) {
        if (swarms.containsKey(host.cluster().swarm())) {
            of(host).make();
        } else {
            files.makeMarker(host);
        }
    }

    @Override
    public boolean hasMarker(HostId host) {
        return swarms.containsKey(host.cluster().swarm()) ? of(host).isMade() : files.hasMarker(host);
    }

    /** Of a host of an open swarm. */
    InMemory of(HostId host) {
        Map<HostId, InMemory> swarm = swarms.get(host.cluster().swarm());
        // A host that is just ending while its swarm is closed: nobody will look at its marker.
        return swarm == null ? new InMemory() : swarm.computeIfAbsent(host, unused -> new InMemory());
    }

    /** Tells who waits for it, so that nobody has to look each second. */
    static final class InMemory implements Marker {
        private final CountDownLatch made = new CountDownLatch(1);

        @Override
        public boolean isMade() {
            return made.getCount() == 0;
        }

        @Override
        public void make() {
            made.countDown();
        }

        @Override
        public void await(ScaledClock clock) throws InterruptedException {
            made.await();
        }

        /** The same for the host's own installer, which makes it only while the host may act. */
        Marker behind(Gate gate) {
            InMemory marker = this;
            return new Marker() {
                @Override
                public boolean isMade() {
                    return marker.isMade();
                }

                @Override
                public void make() throws IOException {
                    try {
                        gate.pass();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                        throw new IOException("the host has been ended", e);
                    }
                    marker.make();
                }

                @Override
                public String toString() {
                    return "(in the worker)";
                }
            };
        }
    }
}
