package io.millrace.connectors.pcap;

import java.nio.ByteBuffer;

/**
 * One packet of a capture file.
 *
 * @param epochNanos when it was captured, nanoseconds since the epoch; 0 where the file does not say
 * @param linkType link-layer header type, as the tcpdump project numbers them
 * @param bytes the captured bytes, from position 0 to the limit
 * @param originalLength bytes that the packet had on the wire
 */
public record CapturedPacket(long epochNanos, int linkType, ByteBuffer bytes, long originalLength) {}
