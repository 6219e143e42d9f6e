package kernelbox;

import java.lang.reflect.Array;
import java.lang.reflect.RecordComponent;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Values as JSON: maps, records, collections, arrays, numbers, text; all others as their text. */
final class Json {
    private static final int DEEPEST = 32;

    private Json() {
    }

    static String of(Object value) {
        StringBuilder json = new StringBuilder();
        write(json, value, 0);
        return json.toString();
    }

    /** Whether it is made of parts that JSON has a form for. */
    static boolean isStructured(Object value) {
        return value instanceof Map || value instanceof Iterable || value instanceof Record || (value != null && value.getClass().isArray());
    }

    /** The components of a record, by name. */
    static Map<String, Object> components(Record value) {
        Map<String, Object> components = new LinkedHashMap<>();
        for (RecordComponent component : value.getClass().getRecordComponents()) {
            try {
                component.getAccessor().setAccessible(true);
                components.put(component.getName(), component.getAccessor().invoke(value));
            } catch (ReflectiveOperationException | RuntimeException error) {
                components.put(component.getName(), null);
            }
        }
        return components;
    }

    private static void write(StringBuilder json, Object value, int depth) {
        if (depth > DEEPEST) {
            throw new IllegalArgumentException("the value is nested too deeply, or contains itself");
        }
        if (value == null || value instanceof Double number && !Double.isFinite(number) || value instanceof Float part && !Float.isFinite(part)) {
            json.append("null");
        } else if (value instanceof Number || value instanceof Boolean) {
            json.append(value);
        } else if (value instanceof Optional<?> optional) {
            write(json, optional.orElse(null), depth + 1);
        } else if (value instanceof Record components) {
            writeObject(json, components(components), depth);
        } else if (value instanceof Map<?, ?> map) {
            writeObject(json, map, depth);
        } else if (value instanceof Iterable<?> elements && !(value instanceof java.nio.file.Path)) {
            writeArray(json, elements.iterator(), depth);
        } else if (value.getClass().isArray()) {
            writeArray(json, elementsOf(value), depth);
        } else {
            writeText(json, String.valueOf(value));
        }
    }

    private static Iterator<Object> elementsOf(Object array) {
        return new Iterator<>() {
            private int next;

            @Override
            public boolean hasNext() {
                return next < Array.getLength(array);
            }

            @Override
            public Object next() {
                return Array.get(array, next++);
            }
        };
    }

    private static void writeObject(StringBuilder json, Map<?, ?> map, int depth) {
        json.append('{');
        String separator = "";
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            json.append(separator);
            writeText(json, String.valueOf(entry.getKey()));
            json.append(':');
            write(json, entry.getValue(), depth + 1);
            separator = ",";
        }
        json.append('}');
    }

    private static void writeArray(StringBuilder json, Iterator<?> elements, int depth) {
        json.append('[');
        String separator = "";
        while (elements.hasNext()) {
            json.append(separator);
            write(json, elements.next(), depth + 1);
            separator = ",";
        }
        json.append(']');
    }

    private static void writeText(StringBuilder json, String text) {
        json.append('"');
        for (int index = 0; index < text.length(); index++) {
            char next = text.charAt(index);
            switch (next) {
                case '"' -> json.append("\\\"");
                case '\\' -> json.append("\\\\");
                case '\n' -> json.append("\\n");
                case '\r' -> json.append("\\r");
                case '\t' -> json.append("\\t");
                default -> {
                    if (next < ' ') {
                        json.append(String.format("\\u%04x", (int) next));
                    } else {
                        json.append(next);
                    }
                }
            }
        }
        json.append('"');
    }
}
