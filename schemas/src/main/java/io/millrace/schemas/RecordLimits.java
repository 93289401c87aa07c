package io.millrace.schemas;

import java.io.Serializable;

import org.apiguardian.api.API;

/**
 * What a record may be at most to be processed. Results repeat texts of several records (an alert the ids of its flows):
 * a text without a limit would make results that no topic takes.
 *
 * @param recordBytes bytes of the value as it lies in the topic
 * @param textBytes bytes of one text, wherever it stands, in UTF-8
 * @param items entries of one list or map
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public record RecordLimits(int recordBytes, int textBytes, int items) implements Serializable {
    /** A megabyte a record, as brokers take by default; 4 KiB a text; 1000 entries. */
    public static final RecordLimits USUAL = new RecordLimits(1 << 20, 4 << 10, 1000);

    /** None. */
    public static final RecordLimits NONE = new RecordLimits(Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE);

    public RecordLimits {
        if (recordBytes < 1 || textBytes < 1 || items < 1) {
            throw new IllegalArgumentException("limits must be positive: " + recordBytes + " bytes a record, "
                    + textBytes + " bytes a text, " + items + " entries");
        }
    }

    /** The same with another limit on the whole record. */
    public RecordLimits withRecordBytes(int bytes) {
        return new RecordLimits(bytes, textBytes, items);
    }

    /** The same with another limit on texts. */
    public RecordLimits withTextBytes(int bytes) {
        return new RecordLimits(recordBytes, bytes, items);
    }
}
