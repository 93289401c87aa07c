package io.millrace.operators.source;

import java.util.Objects;

import org.apache.flink.api.common.typeinfo.TypeInfo;
import org.apiguardian.api.API;

/**
 * Where a record was read, so that a dead letter that is written long after decoding still names it.
 *
 * @param topic topic
 * @param partition partition
 * @param offset offset
 * @param timestamp the record's timestamp in the topic, milliseconds since the epoch; -1 if it has none
 */
@API(status = API.Status.MAINTAINED, since = "0.1")
@TypeInfo(OriginTypeInfoFactory.class)
public record Origin(String topic, int partition, long offset, long timestamp) {

    public Origin {
        Objects.requireNonNull(topic, "topic");
    }

    @Override
    public String toString() {
        return topic + "-" + partition + "@" + offset;
    }
}
