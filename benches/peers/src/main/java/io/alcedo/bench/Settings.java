package io.alcedo.bench;

import java.util.LinkedHashMap;
import java.util.Map;

/** What a contender is started with: words of the form {@code name=value}. */
public final class Settings {
    private final Map<String, String> words = new LinkedHashMap<>();

    /** Reads the words from this place on. */
    static Settings parse(String[] args, int from) {
        Settings settings = new Settings();
        for (int i = from; i < args.length; i++) {
            int cut = args[i].indexOf('=');
            if (cut < 1) {
                throw new IllegalArgumentException(args[i] + ": a setting is written name=value");
            }
            settings.words.put(args[i].substring(0, cut), args[i].substring(cut + 1));
        }
        return settings;
    }

    /** A setting that has to be there. */
    public String text(String name) {
        String value = words.get(name);
        if (value == null) {
            throw new IllegalArgumentException("the setting " + name + " is missing: " + name + "=VALUE");
        }
        return value;
    }

    /** A setting, or what holds without it. */
    public String text(String name, String otherwise) {
        return words.getOrDefault(name, otherwise);
    }

    /** A number. */
    public long number(String name, long otherwise) {
        return words.containsKey(name) ? Long.parseLong(words.get(name)) : otherwise;
    }
}
