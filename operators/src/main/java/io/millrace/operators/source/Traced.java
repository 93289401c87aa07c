package io.millrace.operators.source;

import java.util.Map;

import org.apache.avro.specific.SpecificRecordBase;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.formats.avro.typeutils.AvroTypeInfo;
import org.apiguardian.api.API;

/**
 * A record and where it was read. Fields are public for Flink's serializer.
 *
 * @param <T> type of the record
 */
@API(status = API.Status.MAINTAINED, since = "0.1")
public final class Traced<T extends SpecificRecordBase> {

    /** The record. */
    public T record;
    /** Where it was read; null if that is not known. */
    public Origin origin;

    public Traced() {}

    public Traced(T record, Origin origin) {
        this.record = record;
        this.origin = origin;
    }

    /** Flink's type of records of a class with their origins. */
    @SuppressWarnings("unchecked") // a class literal carries no type argument
    public static <T extends SpecificRecordBase> TypeInformation<Traced<T>> of(Class<T> type) {
        return Types.POJO(
                (Class<Traced<T>>) (Class<?>) Traced.class,
                Map.of("record", new AvroTypeInfo<>(type), "origin", OriginTypeInfo.INSTANCE));
    }
}
