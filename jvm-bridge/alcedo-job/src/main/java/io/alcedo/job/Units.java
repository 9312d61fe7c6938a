package io.alcedo.job;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** How durations, sizes and moments are written on the command line. */
final class Units {
    private static final Map<String, Long> MILLIS =
            Map.of("ms", 1L, "s", 1000L, "m", 60_000L, "h", 3_600_000L, "d", 86_400_000L, "w", 604_800_000L);
    private static final Map<String, Long> BYTES = Map.of("", 1L, "k", 1L << 10, "m", 1L << 20, "g", 1L << 30);
    private static final Pattern QUANTITY = Pattern.compile("([0-9]{1,15})([a-z]*)");

    private Units() {}

    /** Bytes. */
    static final class Size {
        final long bytes;

        Size(long bytes) {
            this.bytes = bytes;
        }

        @Override
        public String toString() {
            return bytes % (1 << 20) == 0 ? (bytes >> 20) + "m" : Long.toString(bytes);
        }
    }

    /** Unix milliseconds. */
    static final class Moment {
        final long millis;

        Moment(long millis) {
            this.millis = millis;
        }
    }

    /** {@code 15m}: as in rules. */
    static final class Durations implements ITypeConverter<Duration> {
        @Override
        public Duration convert(String text) {
            return Duration.ofMillis(quantity(text, MILLIS, "an integer and ms, s, m, h, d or w, as in 15m"));
        }
    }

    /** {@code 64m}. */
    static final class Sizes implements ITypeConverter<Size> {
        @Override
        public Size convert(String text) {
            return new Size(quantity(text, BYTES, "bytes, or an integer and k, m or g, as in 64m"));
        }
    }

    /** RFC 3339 with offset, or Unix milliseconds. */
    static final class Moments implements ITypeConverter<Moment> {
        @Override
        public Moment convert(String text) {
            try {
                return new Moment(
                        text.matches("[0-9]{1,15}")
                                ? Long.parseLong(text)
                                : OffsetDateTime.parse(text).toInstant().toEpochMilli());
            } catch (DateTimeException e) {
                throw new TypeConversionException("\"" + text
                        + "\" is no moment: write it with its offset (2022-08-10T00:00:00+08:00) or as Unix ms");
            }
        }
    }

    private static long quantity(String text, Map<String, Long> units, String cure) {
        Matcher parts = QUANTITY.matcher(text);
        Long unit = parts.matches() ? units.get(parts.group(2)) : null;
        try {
            if (unit != null) {
                return Math.multiplyExact(Long.parseLong(parts.group(1)), unit);
            }
        } catch (ArithmeticException e) {
            throw new TypeConversionException("\"" + text + "\" is too large");
        }
        throw new TypeConversionException("\"" + text + "\" cannot be read: write " + cure);
    }
}
