package io.assistedswarm.worker.runtime.hollow;

import io.assistedswarm.agent.Hardware;
import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.Identity;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;

/** Machines as they stand in racks: each host has one of its own, the same for the same seed. All pass the service's default requirements. */
final class HollowHardware {
    private static final List<Integer> CORES = List.of(8, 16, 24, 32, 48, 64, 96);
    private static final List<Integer> MEMORY_GIB = List.of(32, 64, 96, 128, 192, 256, 384);
    private static final List<Integer> DISK_GIB = List.of(120, 240, 447, 480, 894, 960, 1788);
    private static final List<String> MAKERS = List.of("Northwind", "Contoso", "Initech", "Umbra");
    private static final int MOST_DISKS = 4;

    private HollowHardware() {}

    /** @param seed 0 for machines that are all the same */
    static Hardware of(long seed, HostId host) {
        if (seed == 0) {
            return Hardware.STANDARD;
        }
        UUID id = Identity.hostUuid(host);
        SplittableRandom random = new SplittableRandom(
                seed ^ id.getMostSignificantBits() ^ Long.rotateLeft(id.getLeastSignificantBits(), 32));
        int size = random.nextInt(CORES.size());
        List<Integer> disks = new ArrayList<>();
        for (int left = 1 + random.nextInt(MOST_DISKS); left > 0; left--) {
            disks.add(one(DISK_GIB, random));
        }
        String maker = one(MAKERS, random);
        return new Hardware(
                CORES.get(size),
                // Memory goes with the cores, one size up or down.
                MEMORY_GIB.get(Math.clamp(size + random.nextInt(3) - 1, 0, MEMORY_GIB.size() - 1)),
                disks,
                maker + " " + (2000 + 100 * size) + "-series",
                maker,
                "R" + (400 + 50 * size),
                maker.charAt(0) + Long.toString(random.nextLong(1L << 40), 36));
    }

    private static <T> T one(List<T> list, SplittableRandom random) {
        return list.get(random.nextInt(list.size()));
    }
}
