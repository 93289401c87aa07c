package io.millrace.connectors.flow;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;

import com.google.common.net.InetAddresses;

/**
 * Addresses in the one text form that flows carry, whatever they were read from: IPv4 dotted, IPv6 as RFC 5952 says. An
 * IPv4-mapped IPv6 address (RFC 4291, 2.5.5.2) is the IPv4 host that it names and is written as such; a zone
 * ({@code %eth0}), which means something on one machine alone, is left out. Never asks a name server.
 */
public final class AddressText {
    private static final int IPV4_LENGTH = 4;
    private static final int IPV6_LENGTH = 16;

    /** Longest text of an address with its zone that is looked at. */
    private static final int MAX_TEXT = 64;

    private AddressText() {}

    /** Text of the IPv4 address in the four bytes at {@code offset}. */
    public static String ipv4(ByteBuffer bytes, int offset) {
        return (bytes.get(offset) & 0xff) + "." + (bytes.get(offset + 1) & 0xff) + "." + (bytes.get(offset + 2) & 0xff)
                + "." + (bytes.get(offset + 3) & 0xff);
    }

    /** Text of the IPv6 address in the sixteen bytes at {@code offset}. */
    public static String ipv6(ByteBuffer bytes, int offset) {
        if (isMapped(bytes, offset)) {
            return ipv4(bytes, offset + IPV6_LENGTH - IPV4_LENGTH);
        }
        byte[] address = new byte[IPV6_LENGTH];
        bytes.get(offset, address);
        try {
            return InetAddresses.toAddrString(Inet6Address.getByAddress(null, address, -1));
        } catch (UnknownHostException e) {
            throw new IllegalStateException("sixteen bytes are an address", e);
        }
    }

    /** Text of an address that a socket gave. */
    public static String of(InetAddress address) {
        ByteBuffer bytes = ByteBuffer.wrap(address.getAddress());
        return bytes.limit() == IPV4_LENGTH ? ipv4(bytes, 0) : ipv6(bytes, 0);
    }

    /**
     * The address that the text writes, in its one text form.
     *
     * @throws IllegalArgumentException if the text is no numeric address
     */
    public static String normalise(String text) {
        if (text.length() > MAX_TEXT) {
            throw new IllegalArgumentException("not an address");
        }
        int zone = text.indexOf('%');
        return of(InetAddresses.forString(zone > 0 && text.indexOf(':') >= 0 ? text.substring(0, zone) : text));
    }

    private static boolean isMapped(ByteBuffer bytes, int offset) {
        return bytes.getLong(offset) == 0 && bytes.getInt(offset + 8) == 0xffff;
    }
}
