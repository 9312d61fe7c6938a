package io.alcedo.bench.handwritten;

import java.io.IOException;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.base.TypeSerializerSingleton;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Writes a user's state with as few bytes as is simple: numbers and longs, no names. */
final class UserStateSerializer extends TypeSerializerSingleton<UserState> {
    private static final long serialVersionUID = 1;

    static final UserStateSerializer INSTANCE = new UserStateSerializer();

    @Override
    public void serialize(UserState state, DataOutputView out) throws IOException {
        out.writeLong(state.armed);
        out.writeShort(state.size);
        for (int i = 0; i < state.size; i++) {
            out.writeShort(state.rules[i]);
            out.writeByte(state.slots[i].length);
            for (long value : state.slots[i]) {
                out.writeLong(value);
            }
        }
    }

    @Override
    public UserState deserialize(DataInputView in) throws IOException {
        UserState state = new UserState();
        state.armed = in.readLong();
        int size = in.readUnsignedShort();
        state.rules = new int[Math.max(4, size)];
        state.slots = new long[Math.max(4, size)][];
        state.size = size;
        for (int i = 0; i < size; i++) {
            state.rules[i] = in.readUnsignedShort();
            state.slots[i] = new long[in.readUnsignedByte()];
            for (int j = 0; j < state.slots[i].length; j++) {
                state.slots[i][j] = in.readLong();
            }
        }
        return state;
    }

    @Override
    public UserState deserialize(UserState reuse, DataInputView in) throws IOException {
        return deserialize(in);
    }

    @Override
    public void copy(DataInputView in, DataOutputView out) throws IOException {
        serialize(deserialize(in), out);
    }

    @Override
    public UserState copy(UserState from) {
        return from.copy();
    }

    @Override
    public UserState copy(UserState from, UserState reuse) {
        return from.copy();
    }

    @Override
    public UserState createInstance() {
        return new UserState();
    }

    @Override
    public boolean isImmutableType() {
        return false;
    }

    @Override
    public int getLength() {
        return -1;
    }

    @Override
    public TypeSerializerSnapshot<UserState> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Names the serializer in a checkpoint. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<UserState> {
        /** For Flink. */
        public Snapshot() {
            super(() -> INSTANCE);
        }
    }
}
