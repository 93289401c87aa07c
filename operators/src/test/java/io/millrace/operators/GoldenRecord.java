package io.millrace.operators;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSchemaCompatibility;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputViewStreamWrapper;
import org.apache.flink.core.memory.DataOutputViewStreamWrapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A record as a savepoint keeps it, in bytes that lie beside the tests and have to be read for ever, with every field of
 * it in words. {@code -Dmillrace.golden.write=true} writes those that are missing.
 */
public final class GoldenRecord {

    private static final Path FOLDER = Path.of("src", "test", "resources", "golden", "format-1", "records");

    private GoldenRecord() {}

    /** Checks that the bytes of the record are read, by today's type, as what was written, field by field. */
    public static <T> void check(TypeInformation<T> type, T sample) throws Exception {
        String name = sample.getClass().getSimpleName();
        Path bytes = FOLDER.resolve(name + ".bin");
        Path words = FOLDER.resolve(name + ".txt");
        TypeSerializer<T> today = type.createSerializer(new SerializerConfigImpl());
        boolean writes = Boolean.getBoolean("millrace.golden.write");
        if (writes && !Files.exists(bytes)) {
            Files.createDirectories(FOLDER);
            Files.write(bytes, written(today, sample));
        }
        if (writes && !Files.exists(words)) {
            Files.write(words, described(sample));
        }
        assertThat(described(read(bytes, today)))
                .as(name + ", field by field; a field that is new may come beside them")
                .containsAll(Files.readAllLines(words));
    }

    private static <T> byte[] written(TypeSerializer<T> serializer, T value) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputViewStreamWrapper out = new DataOutputViewStreamWrapper(bytes);
        TypeSerializerSnapshot.writeVersionedSnapshot(out, serializer.snapshotConfiguration());
        serializer.serialize(value, out);
        return bytes.toByteArray();
    }

    /** Reads as Flink restores a state: by the serializer of then, of now, or of now told of then. */
    private static <T> T read(Path file, TypeSerializer<T> today) throws IOException {
        DataInputViewStreamWrapper in =
                new DataInputViewStreamWrapper(new ByteArrayInputStream(Files.readAllBytes(file)));
        TypeSerializerSnapshot<T> then =
                TypeSerializerSnapshot.readVersionedSnapshot(in, GoldenRecord.class.getClassLoader());
        TypeSerializerSchemaCompatibility<T> compatibility =
                today.snapshotConfiguration().resolveSchemaCompatibility(then);
        assertThat(compatibility.isIncompatible()).as(file + " can be read").isFalse();
        if (compatibility.isCompatibleAfterMigration()) {
            return then.restoreSerializer().deserialize(in);
        }
        TypeSerializer<T> reader = compatibility.isCompatibleWithReconfiguredSerializer()
                ? compatibility.getReconfiguredSerializer()
                : today;
        return reader.deserialize(in);
    }

    private static List<String> described(Object value) throws ReflectiveOperationException {
        List<String> lines = described("", value);
        lines.sort(Comparator.naturalOrder());
        return lines;
    }

    /** Every field of a record on a line of its own, nested ones by their path: a field more is a line more. */
    static List<String> described(String path, Object value) throws ReflectiveOperationException {
        List<String> lines = new ArrayList<>();
        describe(path, value, lines);
        return lines;
    }

    private static void describe(String path, Object value, List<String> lines) throws ReflectiveOperationException {
        if (value == null) {
            lines.add(path + " = null");
        } else if (value.getClass().isArray()) {
            lines.add(path + " has " + Array.getLength(value));
            for (int i = 0; i < Array.getLength(value); i++) {
                describe(path + "[" + i + "]", Array.get(value, i), lines);
            }
        } else if (value instanceof List<?> list) {
            describe(path, list.toArray(), lines);
        } else if (value instanceof Map<?, ?> map) {
            lines.add(path + " has " + map.size());
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                describe(path + "{" + entry.getKey() + "}", entry.getValue(), lines);
            }
        } else if (value instanceof IndexedRecord record) {
            for (Schema.Field field : record.getSchema().getFields()) {
                describe(path + "." + field.name(), record.get(field.pos()), lines);
            }
        } else if (value instanceof Record) {
            for (RecordComponent component : value.getClass().getRecordComponents()) {
                describe(
                        path + "." + component.getName(),
                        component.getAccessor().invoke(value),
                        lines);
            }
        } else {
            List<Field> fields = new ArrayList<>();
            for (Field field : value.getClass().getFields()) {
                if (!Modifier.isStatic(field.getModifiers())
                        && field.getDeclaringClass().getName().startsWith("io.millrace.operators")) {
                    fields.add(field);
                }
            }
            if (fields.isEmpty()) {
                lines.add(path + " = " + value);
            }
            for (Field field : fields) {
                describe(path + "." + field.getName(), field.get(value), lines);
            }
        }
    }
}
