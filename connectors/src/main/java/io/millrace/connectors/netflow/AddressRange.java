package io.millrace.connectors.netflow;

import java.net.InetAddress;
import java.util.Arrays;

import com.google.common.net.InetAddresses;
import io.millrace.connectors.flow.AddressText;

/** An address, or a block of addresses in CIDR notation (RFC 4632): {@code 192.0.2.7}, {@code 2001:db8::/32}. */
public final class AddressRange {
    private final byte[] network;
    private final int bits;

    private AddressRange(byte[] network, int bits) {
        this.network = network;
        this.bits = bits;
    }

    /**
     * Reads a range. Bits of the address behind the prefix are of no account.
     *
     * @throws IllegalArgumentException if the text is neither an address nor a block; the message says what is wrong
     */
    public static AddressRange parse(String text) {
        int slash = text.indexOf('/');
        byte[] network;
        try {
            network = bytes(slash < 0 ? text : text.substring(0, slash));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("'" + text + "' is no address or block like 192.0.2.0/24", e);
        }
        int most = network.length * 8;
        int bits = slash < 0 ? most : prefix(text.substring(slash + 1));
        if (bits < 0 || bits > most) {
            throw new IllegalArgumentException("'" + text + "': the prefix must be from 0 to " + most + " bits");
        }
        return new AddressRange(network, bits);
    }

    /** Whether the address lies in the range; an IPv4-mapped IPv6 address is the IPv4 address. */
    public boolean contains(InetAddress address) {
        return holds(InetAddresses.forString(AddressText.of(address)).getAddress());
    }

    /** Whether the text is a numeric address that lies in the range. */
    public boolean contains(String address) {
        return InetAddresses.isInetAddress(address) && holds(bytes(address));
    }

    private boolean holds(byte[] address) {
        if (address.length != network.length) {
            return false;
        }
        int whole = bits / 8;
        if (!Arrays.equals(address, 0, whole, network, 0, whole)) {
            return false;
        }
        int mask = 0xff00 >> bits % 8 & 0xff;
        return mask == 0 || (address[whole] & mask) == (network[whole] & mask);
    }

    private static byte[] bytes(String address) {
        return InetAddresses.forString(AddressText.normalise(address)).getAddress();
    }

    private static int prefix(String text) {
        try {
            return text.length() > 3 ? -1 : Integer.parseInt(text);
        } catch (NumberFormatException e) {
            return -1;
        }
    }
}
