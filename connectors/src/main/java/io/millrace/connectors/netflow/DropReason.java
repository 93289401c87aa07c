package io.millrace.connectors.netflow;

import java.util.Locale;

/**
 * Why something of an export was not decoded. Each reason counts the largest thing lost at once: a datagram, a set
 * (flow set) within it, a template or a single record, as the reason says.
 */
public enum DropReason {
    /** Datagram shorter than the header of its version. */
    TRUNCATED_HEADER,
    /** Datagram whose first two bytes name no version that is spoken here (5, 9, 10). */
    UNSUPPORTED_VERSION,
    /** Records of version 1, 5 or 7 that the header counts but the datagram does not hold; counted by record. */
    MISSING_RECORDS,
    /** IPFIX message that says it is longer than its datagram, or shorter than its header; what is there is decoded. */
    WRONG_MESSAGE_LENGTH,
    /** Set whose length is below its own header, after which the rest of the datagram cannot be read. */
    WRONG_SET_LENGTH,
    /** Set, or sample of sFlow, that reaches beyond its datagram; the complete records before the end are decoded. */
    TRUNCATED_SET,
    /**
     * Version 9 header that counts fewer records than the datagram has sets. Some exporters leave their templates out of
     * the count, so it is not believed: everything is decoded nevertheless.
     */
    WRONG_RECORD_COUNT,
    /** Bytes behind the end that the header gives and that begin no other message; counted by datagram. */
    TRAILING_BYTES,
    /** Set with an identifier that the version reserves. */
    RESERVED_SET,
    /** Template that is cut off, has a reserved identifier or lengths that do not fit. */
    MALFORMED_TEMPLATE,
    /** Template with more fields than the decoder's limit. */
    OVERSIZED_TEMPLATE,
    /** Withdrawal of templates in a datagram, where it must not be sent nor obeyed (RFC 7011, 8.4). */
    IGNORED_WITHDRAWAL,
    /** Sample of sFlow of a form that is not read here; counters are, though they become no flows. */
    UNKNOWN_SAMPLE,
    /** Set of records that occupy no byte, because all fields of the template have length zero. */
    EMPTY_RECORDS,
    /** Record whose variable-length fields reach beyond the set; the rest of the set is dropped with it. */
    MALFORMED_RECORD,
    /** Set of data whose template had not come when the input ended. */
    TEMPLATE_MISSING,
    /** Set of data without a template that the bounded buffer could hold no longer. */
    TEMPLATE_BUFFER_FULL,
    /** Record without addresses, where the decoder is told to leave such records out. */
    NO_ADDRESS,
    /** Packet of a capture file that was cut by the capture's snapshot length. */
    TRUNCATED_PACKET,
    /** Fragment of an IP packet in a capture file that lacks the others; what came from the beginning on is decoded. */
    IP_FRAGMENT,
    /** Capture or length-prefixed file that breaks off or whose framing makes no sense from some point on. */
    MALFORMED_FILE,
    /** Datagram that arrived while the collector's queue was full. */
    QUEUE_FULL,
    /** Datagram or connection of an exporter that is not on the collector's list. */
    NOT_ALLOWED,
    /** Connection that sent what is no IPFIX message, and was closed. */
    BROKEN_STREAM,
    /** Connection that found no room, or that gave way to another after being silent longest. */
    TOO_MANY_STREAMS;

    /** The reason as it is written in statistics: lower case with underscores. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}
