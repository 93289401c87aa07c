package io.millrace.connectors.flow;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;

import com.google.common.net.InetAddresses;

/** Addresses in the one text form that flows carry: IPv4 dotted, IPv6 as RFC 5952 says. Never asks a name server. */
public final class AddressText {
    private AddressText() {}

    /** Text of the IPv4 address in the four bytes at {@code offset}. */
    public static String ipv4(ByteBuffer bytes, int offset) {
        return (bytes.get(offset) & 0xff) + "." + (bytes.get(offset + 1) & 0xff) + "." + (bytes.get(offset + 2) & 0xff)
                + "." + (bytes.get(offset + 3) & 0xff);
    }

    /** Text of the IPv6 address in the sixteen bytes at {@code offset}. */
    public static String ipv6(ByteBuffer bytes, int offset) {
        byte[] address = new byte[16];
        bytes.get(offset, address);
        try {
            return InetAddresses.toAddrString(Inet6Address.getByAddress(null, address, -1));
        } catch (UnknownHostException e) {
            throw new IllegalStateException("sixteen bytes are an address", e);
        }
    }

    /**
     * The address that the text writes, in its one text form.
     *
     * @throws IllegalArgumentException if the text is no numeric address
     */
    public static String normalise(String text) {
        if (text.length() > 64) {
            throw new IllegalArgumentException("not an address");
        }
        InetAddress address = InetAddresses.forString(text);
        return InetAddresses.toAddrString(address);
    }
}
