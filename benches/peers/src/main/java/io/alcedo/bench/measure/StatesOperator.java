package io.alcedo.bench.measure;

import io.alcedo.flink.Ingest;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.streaming.api.operators.InternalTimer;
import org.apache.flink.streaming.api.operators.InternalTimerService;
import org.apache.flink.streaming.api.operators.Triggerable;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/** Keeps 200 bytes a user in Flink's state, read and written at each event, and a timer at the end of each hour. */
final class StatesOperator extends BundlesOperator implements Triggerable<String, VoidNamespace> {
    private static final long serialVersionUID = 1;
    private static final int STATE_BYTES = 200;
    private static final long HOUR = 3_600_000;

    private transient ValueState<byte[]> states;
    private transient InternalTimerService<VoidNamespace> timers;

    StatesOperator(long size) {
        super(size);
    }

    @Override
    public void initializeState(StateInitializationContext context) throws Exception {
        super.initializeState(context);
        states = context.getKeyedStateStore()
                .getState(new ValueStateDescriptor<>("user", PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO));
    }

    @Override
    public void open() throws Exception {
        super.open();
        timers = getInternalTimerService("hour", VoidNamespaceSerializer.INSTANCE, this);
    }

    @Override
    public void processElement(StreamRecord<Ingest> element) throws Exception {
        byte[] before = states.value();
        byte[] state = new byte[STATE_BYTES];
        if (before != null) {
            System.arraycopy(before, 0, state, 0, STATE_BYTES);
        }
        state[0]++;
        states.update(state);
        timers.registerEventTimeTimer(
                VoidNamespace.INSTANCE, (element.getValue().time() / HOUR + 1) * HOUR);
        super.processElement(element);
    }

    @Override
    public void onEventTime(InternalTimer<String, VoidNamespace> timer) {
        // firing is what costs
    }

    @Override
    public void onProcessingTime(InternalTimer<String, VoidNamespace> timer) {
        // none is registered
    }
}
