package io.millrace.operators.inference.internal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

import io.millrace.operators.inference.CacheTransition;
import io.millrace.operators.inference.ModelReference;
import io.millrace.operators.inference.RolloutCommand;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Writes a {@link ServingSnapshot}, its format first. Of a generation and of an order comes a kind, so that later formats
 * can add shadows and canaries. Format 1 is the only one so far; a later one gets a number of its own and reads the earlier
 * ones.
 */
public final class ServingSnapshotSerializer extends FormatSerializer<ServingSnapshot> {

    public static final ServingSnapshotSerializer INSTANCE = new ServingSnapshotSerializer();

    private static final long serialVersionUID = 1;
    private static final int FORMAT = 1;
    private static final byte SERVES = 0;
    private static final byte NONE = 0;
    private static final byte ROLL_OUT = 1;

    @Override
    public ServingSnapshot createInstance() {
        return new ServingSnapshot(new ModelReference("none", "0", "", ""), List.of(), null, 0, List.of(), 0);
    }

    @Override
    public void serialize(ServingSnapshot snapshot, DataOutputView target) throws IOException {
        target.writeByte(FORMAT);
        write(snapshot.configured(), target);
        target.writeInt(snapshot.generations().size());
        for (ServingSnapshot.Generation generation : snapshot.generations()) {
            target.writeByte(SERVES);
            target.writeLong(generation.number());
            write(generation.model(), target);
            target.writeUTF(generation.layout());
            target.writeUTF(generation.cause().name());
            target.writeUTF(generation.orderId());
            target.writeLong(generation.deadline());
            target.writeInt(generation.accepted().size());
            for (long accepted : generation.accepted()) {
                target.writeLong(accepted);
            }
            target.writeBoolean(generation.before() != null);
            if (generation.before() != null) {
                write(generation.before(), target);
            }
        }
        RolloutCommand order = snapshot.order();
        target.writeByte(order == null ? NONE : ROLL_OUT);
        if (order != null) {
            target.writeUTF(order.releaseId());
            write(order.model(), target);
            target.writeUTF(order.cachePolicy().name());
        }
        target.writeInt(snapshot.attempts());
        target.writeInt(snapshot.known().size());
        for (String known : snapshot.known()) {
            target.writeUTF(known);
        }
        target.writeInt(snapshot.taskAttempt());
    }

    private static void write(ModelReference model, DataOutputView target) throws IOException {
        target.writeUTF(model.name());
        target.writeUTF(model.version());
        target.writeUTF(model.location());
        target.writeUTF(model.sha256());
    }

    private static ModelReference readModel(DataInputView source) throws IOException {
        return new ModelReference(source.readUTF(), source.readUTF(), source.readUTF(), source.readUTF());
    }

    @Override
    public ServingSnapshot deserialize(DataInputView source) throws IOException {
        expect(FORMAT, source.readByte(), "list of serving models");
        ModelReference configured = readModel(source);
        int count = source.readInt();
        List<ServingSnapshot.Generation> generations = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            expectKind(SERVES, source.readByte());
            long number = source.readLong();
            ModelReference model = readModel(source);
            String layout = source.readUTF();
            ServingSnapshot.Cause cause = ServingSnapshot.Cause.valueOf(source.readUTF());
            String orderId = source.readUTF();
            long deadline = source.readLong();
            int acceptedCount = source.readInt();
            List<Long> accepted = new ArrayList<>(acceptedCount);
            for (int a = 0; a < acceptedCount; a++) {
                accepted.add(source.readLong());
            }
            ModelReference before = source.readBoolean() ? readModel(source) : null;
            generations.add(
                    new ServingSnapshot.Generation(number, model, layout, cause, orderId, deadline, accepted, before));
        }
        RolloutCommand order = null;
        byte kind = source.readByte();
        if (kind != NONE) {
            expectKind(ROLL_OUT, kind);
            order = new RolloutCommand(source.readUTF(), readModel(source), CacheTransition.valueOf(source.readUTF()));
        }
        int attempts = source.readInt();
        int knownCount = source.readInt();
        List<String> known = new ArrayList<>(knownCount);
        for (int i = 0; i < knownCount; i++) {
            known.add(source.readUTF());
        }
        return new ServingSnapshot(configured, generations, order, attempts, known, source.readInt());
    }

    private static void expectKind(byte expected, byte found) throws IOException {
        if (found != expected) {
            throw new IOException(
                    "a model serves in a way (" + found + ") that this version of Millrace does not know");
        }
    }

    @Override
    public TypeSerializerSnapshot<ServingSnapshot> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Says which formats there are. */
    public static final class Snapshot extends FormatSerializer.Snapshot<ServingSnapshot> {
        public Snapshot() {
            super(FORMAT, () -> INSTANCE);
        }
    }
}
