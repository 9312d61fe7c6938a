package io.alcedo.flink;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.java.typeutils.runtime.TupleSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;

/** Records cross Flink by its own tuple serializer and come out whole, as the class they were. */
class TypesTest {
    private static final byte[] RAW = "{\"user\":\"雀巢\"}".getBytes(StandardCharsets.UTF_8);

    @Test
    void anEvent() throws Exception {
        Ingest event = Ingest.event("雀巢", 7, 3, 1L << 40, RAW);
        Ingest back = cross(event, Ingest.TYPE);
        assertEquals("雀巢", back.user());
        assertEquals(7, back.time());
        assertEquals(3, back.partition());
        assertEquals(1L << 40, back.position());
        assertArrayEquals(RAW, back.raw());
        assertTrue(back.isEvent());
        assertSame(
                Ingest.class,
                Ingest.TYPE
                        .createSerializer(new SerializerConfigImpl())
                        .copy(event)
                        .getClass());
    }

    @Test
    void aBadRecord() throws Exception {
        Ingest back = cross(Ingest.bad("not_json", 0, 9, RAW), Ingest.TYPE);
        assertEquals("not_json", back.reason());
        assertEquals("", back.user());
    }

    @Test
    void aMatch() throws Exception {
        MatchRecord back = cross(new MatchRecord("id", "rule", "user", 5, RAW), MatchRecord.TYPE);
        assertEquals("id rule user 5", back.matchId() + ' ' + back.rule() + ' ' + back.user() + ' ' + back.time());
        assertArrayEquals(RAW, back.json());
    }

    @Test
    void anUpdateOfRules() throws Exception {
        RulesUpdate back =
                cross(new RulesUpdate(true, List.of("a.json", "b.json"), List.of("{}", "[]")), RulesUpdate.TYPE);
        assertTrue(back.complete());
        assertEquals(2, back.size());
        assertEquals("b.json []", back.source(1) + ' ' + back.text(1));
    }

    private static <T> T cross(T record, TypeInformation<T> type) throws Exception {
        TypeSerializer<T> serializer = type.createSerializer(new SerializerConfigImpl());
        assertSame(TupleSerializer.class, serializer.getClass());
        DataOutputSerializer out = new DataOutputSerializer(64);
        serializer.serialize(record, out);
        T back = serializer.deserialize(new DataInputDeserializer(out.getCopyOfBuffer()));
        assertSame(record.getClass(), back.getClass());
        return back;
    }
}
