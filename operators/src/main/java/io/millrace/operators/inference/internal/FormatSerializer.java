package io.millrace.operators.inference.internal;

import java.io.IOException;
import java.util.function.Supplier;

import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSchemaCompatibility;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.base.TypeSerializerSingleton;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * A serializer of an immutable type of ours, whose bytes say their format, so that one serializer reads every format there
 * has been.
 *
 * @param <T> type
 */
abstract class FormatSerializer<T> extends TypeSerializerSingleton<T> {

    private static final long serialVersionUID = 1;

    /**
     * Checks the format of what is read.
     *
     * @throws IOException if a later version of this program wrote it
     */
    static void expect(int newest, int found, String what) throws IOException {
        if (found < 1 || found > newest) {
            throw new IOException("a " + what + " of format " + found + " cannot be read here, formats 1 to " + newest
                    + " can: a later version of Millrace wrote it");
        }
    }

    @Override
    public final boolean isImmutableType() {
        return true;
    }

    @Override
    public final T copy(T from) {
        return from;
    }

    @Override
    public final T copy(T from, T reuse) {
        return from;
    }

    @Override
    public int getLength() {
        return -1;
    }

    @Override
    public final T deserialize(T reuse, DataInputView source) throws IOException {
        return deserialize(source);
    }

    @Override
    public final void copy(DataInputView source, DataOutputView target) throws IOException {
        serialize(deserialize(source), target);
    }

    /** Lets a savepoint restore if its format is no newer than ours. */
    abstract static class Snapshot<T> implements TypeSerializerSnapshot<T> {
        private final int newest;
        private final Supplier<TypeSerializer<T>> serializer;
        private int written;

        Snapshot(int newest, Supplier<TypeSerializer<T>> serializer) {
            this.newest = newest;
            this.serializer = serializer;
            this.written = newest;
        }

        @Override
        public final int getCurrentVersion() {
            return newest;
        }

        @Override
        public final void writeSnapshot(DataOutputView out) {
            // The version says it all.
        }

        @Override
        public final void readSnapshot(int readVersion, DataInputView in, ClassLoader classLoader) {
            written = readVersion;
        }

        @Override
        public final TypeSerializer<T> restoreSerializer() {
            return serializer.get();
        }

        @Override
        public final TypeSerializerSchemaCompatibility<T> resolveSchemaCompatibility(
                TypeSerializerSnapshot<T> oldSerializerSnapshot) {
            return oldSerializerSnapshot instanceof Snapshot<T> old && old.written <= newest
                    ? TypeSerializerSchemaCompatibility.compatibleAsIs()
                    : TypeSerializerSchemaCompatibility.incompatible();
        }
    }
}
