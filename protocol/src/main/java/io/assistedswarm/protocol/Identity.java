package io.assistedswarm.protocol;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;

/**
 * Who a fake host is, as a function of (swarm, cluster, host): the same swarm started again is the same set of hosts, and two
 * swarms never clash. Addresses repeat from cluster to cluster, which the service does not compare (reference, section 8).
 */
public final class Identity {
    /** More clusters would overlap the range of host indexes in a MAC. */
    public static final int MAX_CLUSTERS = 65_536;

    /** 10.123.255.253 and .254 are the VIPs, so the last host address of the /16 is 10.123.255.252. */
    public static final int MAX_HOSTS = 65_532;

    public static final String MACHINE_NETWORK = "10.123.0.0/16";
    public static final String API_VIP = "10.123.255.253";
    public static final String INGRESS_VIP = "10.123.255.254";
    private static final long MAC_SPACE = 1L << 46;
    private static final HexFormat COLONS = HexFormat.ofDelimiter(":");

    private Identity() {}

    /** The host id that the agent registers with ({@code DRY_HOST_ID}). */
    public static UUID hostUuid(HostId host) {
        return UUID.nameUUIDFromBytes(("assisted-swarm/" + host.name()).getBytes(StandardCharsets.UTF_8));
    }

    /**
     * A locally administered unicast MAC: an offset of 46 bits from the swarm, plus 16 bits of cluster and 16 of host, so that no
     * two hosts of a swarm share one.
     */
    public static String mac(HostId host) {
        long offset = ByteBuffer.wrap(sha256(host.cluster().swarm().value())).getLong();
        long place = ((long) host.cluster().index() << 16) | host.index();
        long low46 = Math.floorMod(Math.floorMod(offset, MAC_SPACE) + place, MAC_SPACE);
        long firstOctet = ((low46 >>> 40) << 2) | 0b10;
        long mac = (firstOctet << 40) | (low46 & 0xff_ffff_ffffL);
        return COLONS.formatHex(ByteBuffer.allocate(Long.BYTES).putLong(mac).array(), 2, Long.BYTES);
    }

    /** IPv4 address without prefix length, in {@link #MACHINE_NETWORK}. */
    public static String ipv4(HostId host) {
        int n = host.index() + 1;
        return "10.123." + (n >> 8) + "." + (n & 255);
    }

    static Optional<Integer> index(String text, int limit) {
        if (text.isEmpty()
                || text.length() > 5
                || !text.chars().allMatch(c -> c >= '0' && c <= '9')
                || (text.length() > 1 && text.startsWith("0"))) {
            return Optional.empty();
        }
        int index = Integer.parseInt(text);
        return index < limit ? Optional.of(index) : Optional.empty();
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
