package io.alcedo.admin.audience;

import io.alcedo.admin.audience.ParquetRows.RefusedException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import java.util.function.Consumer;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.PrimitiveConverter;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DateLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DecimalLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.EnumLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.IntLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.StringLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimestampLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.UUIDLogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import tools.jackson.databind.JsonNode;

/**
 * One value of a Parquet column as JSON: texts, numbers, true and false as they are; a day and a moment as ISO 8601
 * writes them, as they stand in a CSV file. A column of another type is refused before a row is read.
 */
final class Cell extends PrimitiveConverter {
    private final LogicalTypeAnnotation meaning;
    private final String column;
    private final Consumer<JsonNode> take;

    Cell(PrimitiveType type, String column, Consumer<JsonNode> take) {
        this.meaning = type.getLogicalTypeAnnotation();
        this.column = column;
        this.take = take;
        if (!known(type.getPrimitiveTypeName())) {
            throw new RefusedException("the column \"" + column + "\" is " + type.getPrimitiveTypeName()
                    + (meaning == null ? "" : " (" + meaning + ")")
                    + ": write it as a text, a number, a boolean, a date or a timestamp");
        }
    }

    private boolean known(PrimitiveTypeName type) {
        return switch (type) {
            case BOOLEAN, FLOAT, DOUBLE -> meaning == null;
            case INT32, INT64 ->
                meaning == null
                        || meaning instanceof IntLogicalTypeAnnotation
                        || meaning instanceof DecimalLogicalTypeAnnotation
                        || meaning instanceof DateLogicalTypeAnnotation
                        || meaning instanceof TimestampLogicalTypeAnnotation;
            case BINARY ->
                meaning instanceof StringLogicalTypeAnnotation
                        || meaning instanceof EnumLogicalTypeAnnotation
                        || meaning instanceof DecimalLogicalTypeAnnotation;
            case FIXED_LEN_BYTE_ARRAY ->
                meaning instanceof DecimalLogicalTypeAnnotation || meaning instanceof UUIDLogicalTypeAnnotation;
            case INT96 -> false;
        };
    }

    @Override
    public void addBoolean(boolean value) {
        take.accept(ParquetRows.nodes().booleanNode(value));
    }

    @Override
    public void addInt(int value) {
        boolean unsigned = meaning instanceof IntLogicalTypeAnnotation whole && !whole.isSigned();
        addLong(unsigned ? Integer.toUnsignedLong(value) : value);
    }

    @Override
    public void addLong(long value) {
        if (meaning instanceof DecimalLogicalTypeAnnotation decimal) {
            number(BigDecimal.valueOf(value, decimal.getScale()));
        } else if (meaning instanceof DateLogicalTypeAnnotation) {
            text(LocalDate.ofEpochDay(value).toString());
        } else if (meaning instanceof TimestampLogicalTypeAnnotation moment) {
            text(moment(value, moment));
        } else if (value < 0 && meaning instanceof IntLogicalTypeAnnotation whole && !whole.isSigned()) {
            number(new BigDecimal(Long.toUnsignedString(value)));
        } else {
            take.accept(ParquetRows.nodes().numberNode(value));
        }
    }

    @Override
    public void addFloat(float value) {
        finite(value);
        take.accept(ParquetRows.nodes().numberNode(value));
    }

    @Override
    public void addDouble(double value) {
        finite(value);
        take.accept(ParquetRows.nodes().numberNode(value));
    }

    @Override
    public void addBinary(Binary value) {
        if (meaning instanceof DecimalLogicalTypeAnnotation decimal) {
            number(new BigDecimal(new BigInteger(value.getBytesUnsafe()), decimal.getScale()));
        } else if (meaning instanceof UUIDLogicalTypeAnnotation) {
            ByteBuffer bytes = value.toByteBuffer();
            text(new UUID(bytes.getLong(), bytes.getLong()).toString());
        } else {
            text(decoded(value));
        }
    }

    private void text(String text) {
        take.accept(ParquetRows.nodes().stringNode(text));
    }

    /** Numbers of a column of one scale differ in their last zeros only by their column: they mean nothing. */
    private void number(BigDecimal number) {
        BigDecimal plain = number.stripTrailingZeros();
        take.accept(ParquetRows.nodes().numberNode(plain.scale() < 0 ? plain.setScale(0) : plain));
    }

    private void finite(double value) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            throw new RefusedException("the column \"" + column + "\" holds " + value + ", which no tag can be");
        }
    }

    private String decoded(Binary value) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(value.toByteBuffer())
                    .toString();
        } catch (CharacterCodingException e) {
            throw new RefusedException("the column \"" + column + "\" holds a text that is no UTF-8");
        }
    }

    private static String moment(long value, TimestampLogicalTypeAnnotation moment) {
        ChronoUnit unit =
                switch (moment.getUnit()) {
                    case MILLIS -> ChronoUnit.MILLIS;
                    case MICROS -> ChronoUnit.MICROS;
                    case NANOS -> ChronoUnit.NANOS;
                };
        Instant at = Instant.EPOCH.plus(value, unit);
        return moment.isAdjustedToUTC()
                ? at.toString()
                : LocalDateTime.ofInstant(at, ZoneOffset.UTC).toString();
    }
}
