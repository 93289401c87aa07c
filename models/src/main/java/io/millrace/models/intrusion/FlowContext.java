package io.millrace.models.intrusion;

import java.util.Objects;

/**
 * What {@link KeyHistory} may know of a flow: identities only to compare them with others of the same key.
 *
 * @param key key whose history the flow belongs to, by default the source host
 * @param peer the other side: the destination host for a key of source hosts
 * @param sourcePort transport port of the opening host, -1 for none
 * @param destinationPort transport port of the answering host, -1 for none
 * @param protocol IANA protocol number, or any number that stands for the protocol
 * @param startMillis first packet, milliseconds since the epoch
 * @param endMillis last packet, milliseconds since the epoch: the event time
 * @param bytesOut bytes from the opening host, 0 if unknown
 * @param bytesIn bytes from the answering host, 0 if unknown
 * @param answered whether the other side sent something of use: false for a refused, reset or unanswered opening
 */
public record FlowContext(
        String key,
        String peer,
        int sourcePort,
        int destinationPort,
        int protocol,
        double startMillis,
        double endMillis,
        double bytesOut,
        double bytesIn,
        boolean answered) {

    public FlowContext {
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(peer, "peer");
    }
}
