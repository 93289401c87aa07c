package io.millrace.connectors.netflow.internal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

import io.millrace.connectors.flow.AddressText;

/** Reads the values of fields; nothing here fails whatever the bytes and lengths are. */
final class FieldText {
    private static final int MAX_OCTETS = 128;
    private static final int MAX_TEXT = 1024;
    private static final HexFormat HEX = HexFormat.of();
    private static final HexFormat COLONS = HexFormat.ofDelimiter(":");

    private FieldText() {}

    /** Name of an element: registered, or made of its numbers where it is not known here. */
    static String name(int enterprise, int element, InformationElement known) {
        if (known != null) {
            return enterprise == Template.REVERSE
                    ? "reverse" + Character.toUpperCase(known.name().charAt(0))
                            + known.name().substring(1)
                    : known.name();
        }
        return enterprise == 0 ? "ie." + element : "ie." + enterprise + "." + element;
    }

    /** The value as text in the element's form, or in hexadecimal where its length does not fit the form. */
    static String text(InformationElement known, ByteBuffer bytes, int offset, int length) {
        InformationElement.Form form = known == null ? InformationElement.Form.OCTETS : known.form();
        switch (form) {
            case ADDRESS:
                if (length == 4 || length == 16) {
                    return length == 4 ? AddressText.ipv4(bytes, offset) : AddressText.ipv6(bytes, offset);
                }
                break;
            case MAC_ADDRESS:
                if (length == 6) {
                    return COLONS.formatHex(octets(bytes, offset, 6));
                }
                break;
            case UNSIGNED:
                if (length <= 8) {
                    return Long.toUnsignedString(unsigned(bytes, offset, length));
                }
                break;
            case FLOATING:
                if (length == 4 || length == 8) {
                    return String.valueOf(length == 4 ? bytes.getFloat(offset) : bytes.getDouble(offset));
                }
                break;
            case NTP_TIME:
                if (length == 8) {
                    return String.valueOf(NtpTime.millis(bytes.getLong(offset)));
                }
                break;
            case TEXT:
                return string(bytes, offset, length);
            default:
                break;
        }
        return HEX.formatHex(octets(bytes, offset, Math.min(length, MAX_OCTETS)));
    }

    /** Unsigned number of up to eight bytes, most significant first; eight bytes wrap into negative numbers. */
    static long unsigned(ByteBuffer bytes, int offset, int length) {
        switch (length) {
            case 1:
                return bytes.get(offset) & 0xffL;
            case 2:
                return bytes.getShort(offset) & 0xffffL;
            case 4:
                return bytes.getInt(offset) & 0xffff_ffffL;
            case 8:
                return bytes.getLong(offset);
            default:
                long value = 0;
                for (int i = 0; i < length; i++) {
                    value = value << 8 | bytes.get(offset + i) & 0xff;
                }
                return value;
        }
    }

    private static String string(ByteBuffer bytes, int offset, int length) {
        byte[] octets = octets(bytes, offset, Math.min(length, MAX_TEXT));
        int end = 0;
        while (end < octets.length && octets[end] != 0) {
            end++;
        }
        return new String(octets, 0, end, StandardCharsets.UTF_8);
    }

    private static byte[] octets(ByteBuffer bytes, int offset, int length) {
        byte[] octets = new byte[length];
        bytes.get(offset, octets);
        return octets;
    }
}
