package io.assistedswarm.rehearsal.service.machine;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;

/** An IP network, of either family. */
public final class Cidr {
    private static final Pattern LITERAL =
            Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");
    private final byte[] network;
    private final int prefix;

    private Cidr(byte[] address, int prefix) {
        this.network = mask(address, prefix);
        this.prefix = prefix;
    }

    /** Of either family, without a prefix length. */
    public static boolean isAddress(String text) {
        return bytes(text).isPresent();
    }

    /** The network of {@code address/prefix}, whatever host bits the address has; empty if it does not parse. */
    public static Optional<Cidr> parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            return Optional.empty();
        }
        return bytes(text.substring(0, slash)).flatMap(address -> {
            try {
                int prefix = Integer.parseInt(text.substring(slash + 1));
                return prefix >= 0 && prefix <= address.length * 8
                        ? Optional.of(new Cidr(address, prefix))
                        : Optional.empty();
            } catch (NumberFormatException e) {
                return Optional.empty();
            }
        });
    }

    static String withoutPrefix(String address) {
        int slash = address.indexOf('/');
        return slash < 0 ? address : address.substring(0, slash);
    }

    boolean contains(String address) {
        return bytes(withoutPrefix(address))
                .map(bytes -> bytes.length == network.length && Arrays.equals(mask(bytes, prefix), network))
                .orElse(false);
    }

    boolean overlaps(Cidr other) {
        if (network.length != other.network.length) {
            return false;
        }
        int shorter = Math.min(prefix, other.prefix);
        return Arrays.equals(mask(network, shorter), mask(other.network, shorter));
    }

    /** The network's own address or its broadcast address, which no machine may have. */
    boolean reserves(String address) {
        return bytes(address)
                .map(bytes -> {
                    byte[] last = network.clone();
                    for (int bit = prefix; bit < last.length * 8; bit++) {
                        last[bit / 8] |= (byte) (0x80 >>> (bit % 8));
                    }
                    return prefix < bytes.length * 8 - 1
                            && (Arrays.equals(bytes, network) || Arrays.equals(bytes, last));
                })
                .orElse(false);
    }

    boolean ipv4() {
        return network.length == 4;
    }

    int prefix() {
        return prefix;
    }

    private static byte[] mask(byte[] address, int prefix) {
        byte[] masked = address.clone();
        for (int bit = prefix; bit < masked.length * 8; bit++) {
            masked[bit / 8] &= (byte) ~(0x80 >>> (bit % 8));
        }
        return masked;
    }

    /** Only literals get through, so that no name is ever looked up. */
    private static Optional<byte[]> bytes(String address) {
        if (!LITERAL.matcher(address).matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.getByName(address).getAddress());
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }

    private static String text(byte[] address) {
        try {
            return InetAddress.getByAddress(address).getHostAddress();
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address of " + address.length + " bytes", e);
        }
    }

    @Override
    public String toString() {
        return text(network) + "/" + prefix;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Cidr cidr && cidr.prefix == prefix && Arrays.equals(cidr.network, network);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(network) + prefix;
    }
}
