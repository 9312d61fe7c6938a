package io.alcedo.flink;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Rejected records as lines of JSON, with the fields that the stand-alone program gives them. */
public final class RecordLines {
    /** Bytes of a bad record that are kept. */
    private static final int KEPT = 4 << 10;

    private RecordLines() {}

    /** {@code {"partition":0,"position":12,"reason":"not_json","raw":"..."}}, the record cut at 4 KiB. */
    public static String bad(Ingest record) {
        StringBuilder line = place(record).append(",\"reason\":");
        Json.text(line, record.reason());
        return raw(line, Arrays.copyOf(record.raw(), Math.min(KEPT, record.raw().length)));
    }

    /** {@code {"partition":0,"position":12,"user":"u1","time":1660000000000,"raw":"..."}}. */
    public static String late(Ingest record) {
        StringBuilder line = place(record).append(",\"user\":");
        Json.text(line, record.user());
        line.append(",\"time\":").append(record.time());
        return raw(line, record.raw());
    }

    /** A line of the audit: {@code {"at":..,"partition":..,"position":..,"result":"refused","reason":".."}}. */
    static String unreadableCommand(Ingest record, long now) {
        String place = place(record).substring(1);
        StringBuilder line = new StringBuilder("{\"at\":")
                .append(now)
                .append(',')
                .append(place)
                .append(",\"result\":\"refused\",\"reason\":");
        Json.text(line, record.reason());
        return line.append('}').toString();
    }

    private static StringBuilder place(Ingest record) {
        return new StringBuilder("{\"partition\":")
                .append(record.partition())
                .append(",\"position\":")
                .append(record.position());
    }

    private static String raw(StringBuilder line, byte[] raw) {
        line.append(",\"raw\":");
        Json.text(line, new String(raw, StandardCharsets.UTF_8));
        return line.append('}').toString();
    }
}
