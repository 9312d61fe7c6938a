package io.alcedo.admin.audience;

import io.alcedo.admin.audience.ParquetRows.RefusedException;
import java.util.function.Consumer;
import org.apache.parquet.io.api.Converter;
import org.apache.parquet.io.api.GroupConverter;
import org.apache.parquet.io.api.RecordMaterializer;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.LogicalTypeAnnotation.ListLogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Type.Repetition;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Makes a JSON object of each row: a column is a member, a list of values an array; other nesting is refused by name. */
final class RowBuilder extends RecordMaterializer<ObjectNode> {
    private final Group root;
    private final int longest;
    private ObjectNode row;
    private long characters;

    RowBuilder(MessageType schema, int longest) {
        this.longest = longest;
        Converter[] fields = new Converter[schema.getFieldCount()];
        for (int i = 0; i < fields.length; i++) {
            fields[i] = column(schema.getType(i));
        }
        root = new Group(fields) {
            @Override
            public void start() {
                row = ParquetRows.nodes().objectNode();
                characters = 0;
            }
        };
    }

    @Override
    public ObjectNode getCurrentRecord() {
        return row;
    }

    @Override
    public GroupConverter getRootConverter() {
        return root;
    }

    private Converter column(Type type) {
        String name = type.getName();
        if (type.isRepetition(Repetition.REPEATED)) {
            // Written before lists had a form of their own: each value by itself.
            return cell(type, name, value -> row.withArray("/" + escaped(name)).add(value));
        }
        if (type.isPrimitive()) {
            return cell(type, name, value -> row.set(name, value));
        }
        GroupType group = type.asGroupType();
        if (!(group.getLogicalTypeAnnotation() instanceof ListLogicalTypeAnnotation) || group.getFieldCount() != 1) {
            throw nested(name);
        }
        return list(name, group.getType(0));
    }

    private Converter list(String name, Type repeated) {
        ArrayNode[] values = new ArrayNode[1];
        Consumer<JsonNode> add = value -> values[0].add(value);
        Converter element;
        if (repeated.isPrimitive()) {
            element = cell(repeated, name, add);
        } else if (repeated.asGroupType().getFieldCount() == 1) {
            element = element(name, repeated.asGroupType().getType(0), values);
        } else {
            throw nested(name);
        }
        return new Group(new Converter[] {element}) {
            @Override
            public void start() {
                values[0] = ParquetRows.nodes().arrayNode();
            }

            @Override
            public void end() {
                row.set(name, values[0]);
            }
        };
    }

    /** An element that may be null: then nobody tells its value between its begin and its end. */
    private Converter element(String name, Type type, ArrayNode[] values) {
        int[] before = new int[1];
        return new Group(new Converter[] {cell(type, name, value -> values[0].add(value))}) {
            @Override
            public void start() {
                before[0] = values[0].size();
            }

            @Override
            public void end() {
                if (values[0].size() == before[0]) {
                    count(4);
                    values[0].addNull();
                }
            }
        };
    }

    private Converter cell(Type type, String column, Consumer<JsonNode> take) {
        if (!type.isPrimitive()) {
            throw nested(column);
        }
        return new Cell(type.asPrimitiveType(), column, value -> {
            count(value.isString() ? value.stringValue().length() : 8);
            take.accept(value);
        });
    }

    private void count(int more) {
        characters += more;
        if (characters > longest) {
            throw new RefusedException("a user's tags are at most " + longest + " characters, these are more");
        }
    }

    private static String escaped(String name) {
        return name.replace("~", "~0").replace("/", "~1");
    }

    private static RefusedException nested(String name) {
        return new RefusedException("the column \"" + name
                + "\" holds structures: a tag is a text, a number, true or false, or a list of them");
    }

    private static class Group extends GroupConverter {
        private final Converter[] fields;

        Group(Converter[] fields) {
            this.fields = fields;
        }

        @Override
        public Converter getConverter(int at) {
            return fields[at];
        }

        @Override
        public void start() {
            // nothing begins
        }

        @Override
        public void end() {
            // nothing ends
        }
    }
}
