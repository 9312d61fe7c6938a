package io.alcedo.flink;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/** A small made-up log, the same at every call, and two rules: a count and an absence. */
final class Shop {
    static final long MINUTE = 60_000;
    static final long BEGIN = 1_660_000_000_000L;

    static final String THIRD_VIEW = thirdView(1, 3);
    static final String UNPAID =
            "{\"id\": \"unpaid\", \"revision\": 1, \"measures\": {\"unpaid\": {\"absence\": {\"after\":"
                    + " {\"event\": \"order\"}, \"no\": {\"event\": \"pay\"}, \"within\": \"15m\"}, \"by\": [\"order\"]}},"
                    + " \"trigger\": {\"rise\": \"unpaid\"}}";

    private Shop() {}

    /** Fires at the n-th view within an hour. */
    static String thirdView(int revision, int views) {
        return "{\"id\": \"views\", \"revision\": " + revision
                + ", \"measures\": {\"views\": {\"count\": {\"event\": \"view\"},"
                + " \"window\": {\"last\": \"1h\"}}}, \"when\": {\"ge\": [{\"measure\": \"views\"}, " + views + "]}}";
    }

    /** Records by time; positions are their places in the list. */
    static List<Ingest> log(int users, int events) {
        Random random = new Random(42);
        List<Ingest> log = new ArrayList<>();
        for (int i = 0; i < events; i++) {
            long time = BEGIN + random.nextInt(6 * 60) * MINUTE + random.nextInt(60_000);
            String user = "u" + random.nextInt(users);
            int order = random.nextInt(3);
            String type = List.of("view", "view", "order", "pay").get(random.nextInt(4));
            log.add(event(user, type, order, time, 0));
        }
        log.sort(Comparator.comparingLong(Ingest::time));
        for (int i = 0; i < log.size(); i++) {
            log.get(i).f4 = (long) i;
        }
        return log;
    }

    static Ingest event(String user, String type, int order, long time, long position) {
        String json =
                "{\"user\":\"" + user + "\",\"type\":\"" + type + "\",\"time\":" + time + ",\"order\":" + order + "}";
        return Ingest.event(user, time, 0, position, json.getBytes(StandardCharsets.UTF_8));
    }
}
