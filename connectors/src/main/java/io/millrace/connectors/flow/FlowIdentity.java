package io.millrace.connectors.flow;

import java.nio.charset.StandardCharsets;
import java.time.Instant;

import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import io.millrace.schemas.FlowRecord;

/**
 * Identifiers for flows whose source gives none: 128 bits of hash, in hexadecimal, over what the source said of the flow,
 * so that the same input read again gives the same identifiers. When Millrace saw the flow and what its truth is do not
 * enter.
 */
public final class FlowIdentity {
    private FlowIdentity() {}

    /**
     * Identifier of a flow.
     *
     * @param flow flow with all fields set but its identifier
     * @param position place within the source (an export's sequence number, a line) that tells equal flows apart; it
     *     must be the same when the source is read again
     */
    public static String of(FlowRecord flow, long position) {
        Hasher hash = Hashing.murmur3_128().newHasher().putLong(position);
        text(hash, flow.getSensor());
        time(hash, flow.getStartTime());
        time(hash, flow.getEndTime());
        text(hash, flow.getSourceAddress());
        text(hash, flow.getDestinationAddress());
        number(hash, flow.getSourcePort());
        number(hash, flow.getDestinationPort());
        number(hash, flow.getProtocol());
        number(hash, flow.getBytesOut());
        number(hash, flow.getBytesIn());
        number(hash, flow.getPacketsOut());
        number(hash, flow.getPacketsIn());
        number(hash, flow.getTcpFlags());
        return hash.hash().toString();
    }

    /** Identifier of the flow that two others, each with an identifier, are the directions of. */
    public static String ofPair(String first, String second) {
        Hasher hash = Hashing.murmur3_128().newHasher();
        text(hash, first.compareTo(second) <= 0 ? first : second);
        text(hash, first.compareTo(second) <= 0 ? second : first);
        return hash.hash().toString();
    }

    private static void text(Hasher hash, String value) {
        hash.putInt(value.length()).putString(value, StandardCharsets.UTF_8);
    }

    private static void time(Hasher hash, Instant value) {
        hash.putLong(value.toEpochMilli());
    }

    private static void number(Hasher hash, Number value) {
        hash.putBoolean(value != null).putLong(value == null ? 0 : value.longValue());
    }
}
