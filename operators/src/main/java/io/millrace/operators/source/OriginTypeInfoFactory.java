package io.millrace.operators.source;

import java.lang.reflect.Type;
import java.util.Map;

import org.apache.flink.api.common.typeinfo.TypeInfoFactory;
import org.apache.flink.api.common.typeinfo.TypeInformation;

/** Tells Flink how to serialise an origin. */
public final class OriginTypeInfoFactory extends TypeInfoFactory<Origin> {
    @Override
    public TypeInformation<Origin> createTypeInfo(Type type, Map<String, TypeInformation<?>> parameters) {
        return OriginTypeInfo.INSTANCE;
    }
}
