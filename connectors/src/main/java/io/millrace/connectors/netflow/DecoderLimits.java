package io.millrace.connectors.netflow;

/**
 * Bounds of a decoder's memory. When one is reached the least recently used entry gives way, so a flood of made-up
 * exporters or templates costs accuracy for others, never memory.
 *
 * @param domains exporters times observation domains (or source identifiers) remembered
 * @param templatesPerDomain templates remembered for one domain
 * @param fieldsPerTemplate fields a template may have; a longer one is dropped
 * @param templateFields fields of all templates together
 * @param pendingBytes bytes of data sets held until their template comes
 * @param keepAddressless whether a record without addresses becomes a flow with the addresses 0.0.0.0, rather than
 *     being dropped as {@link DropReason#NO_ADDRESS}; it is counted as a record either way
 */
public record DecoderLimits(
        int domains,
        int templatesPerDomain,
        int fieldsPerTemplate,
        int templateFields,
        int pendingBytes,
        boolean keepAddressless) {

    /**
     * Suits a collector of some hundred exporters: at most about 20 MB, and up to 100 MB more for 65,536 open connections
     * where firewalls report theirs.
     */
    public static final DecoderLimits COLLECTOR = new DecoderLimits(1024, 1024, 1024, 262_144, 4 << 20, false);

    /** As {@link #COLLECTOR}, but every record becomes a flow: for looking into a file. */
    public static final DecoderLimits INSPECTION = new DecoderLimits(1024, 1024, 1024, 262_144, 4 << 20, true);

    public DecoderLimits {
        if (domains < 1 || templatesPerDomain < 1 || fieldsPerTemplate < 1 || pendingBytes < 0) {
            throw new IllegalArgumentException("decoder limits must be positive");
        }
        if (templateFields < fieldsPerTemplate) {
            throw new IllegalArgumentException("templateFields must be at least fieldsPerTemplate");
        }
    }
}
