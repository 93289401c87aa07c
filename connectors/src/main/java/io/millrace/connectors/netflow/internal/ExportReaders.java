package io.millrace.connectors.netflow.internal;

import io.millrace.connectors.netflow.DecoderLimits;
import io.millrace.connectors.netflow.DecoderStatistics;

/**
 * The readers of one decoder, over what they remember together.
 *
 * @param classic for version 5
 * @param templated for version 9 and IPFIX
 */
public record ExportReaders(ClassicReader classic, TemplatedReader templated) {

    /** Readers that have heard nothing yet. */
    public static ExportReaders fresh(DecoderLimits limits, DecoderStatistics statistics) {
        Domains domains = new Domains(limits);
        return new ExportReaders(
                new ClassicReader(domains, statistics), new TemplatedReader(limits, statistics, domains));
    }
}
