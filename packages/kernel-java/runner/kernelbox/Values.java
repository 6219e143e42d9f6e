package kernelbox;

import java.awt.image.RenderedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What is shown of values. */
final class Values {
    private static final int LONGEST_JSON = 1 << 20;
    private static final int MOST_ROWS = 1000;

    private Values() {
    }

    /** A value in the formats that it has: MIME types and content, in turn. */
    static Object[] bundle(Object value) {
        List<Object> formats = new ArrayList<>();
        formats.add("text/plain");
        formats.add(text(value));
        if (value instanceof CharSequence characters) {
            formats.add("application/vnd.kernelbox.string");
            formats.add(characters.toString());
        } else if (isImage(value)) {
            formats.add("image/png");
            formats.add(png(value));
        } else if (Json.isStructured(value)) {
            addJson(formats, value);
        }
        return formats.toArray();
    }

    /** A value as code would write it, where there is a usual way, and else as it says itself. */
    static String text(Object value) {
        if (value instanceof String string) {
            return quoted(string);
        }
        if (value instanceof Character character) {
            return "'" + character + "'";
        }
        return Text.of(value);
    }

    /** The bytes of a picture. */
    static byte[] png(Object image) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            javax.imageio.ImageIO.write((RenderedImage) image, "png", bytes);
        } catch (IOException error) {
            throw new IllegalArgumentException("the picture cannot be written", error);
        }
        return bytes.toByteArray();
    }

    static boolean isImage(Object value) {
        // A run time without java.desktop has no such class.
        return value != null && ModuleLayer.boot().findModule("java.desktop").isPresent() && value instanceof RenderedImage;
    }

    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (char next : text.toCharArray()) {
            quoted.append(switch (next) {
                case '"' -> "\\\"";
                case '\\' -> "\\\\";
                case '\n' -> "\\n";
                case '\r' -> "\\r";
                case '\t' -> "\\t";
                default -> String.valueOf(next);
            });
        }
        return quoted.append('"').toString();
    }

    private static void addJson(List<Object> formats, Object value) {
        try {
            String json = Json.of(value);
            if (json.length() <= LONGEST_JSON) {
                formats.add("application/json");
                formats.add(json);
            }
            String table = value instanceof Collection<?> rows ? table(rows) : null;
            if (table != null && table.length() <= LONGEST_JSON) {
                formats.add("application/vnd.dataresource+json");
                formats.add(table);
            }
        } catch (IllegalArgumentException error) {
            // It contains itself: the text is all there is.
            return;
        }
    }

    /** Records, or maps, with the same keys. */
    private static String table(Collection<?> rows) {
        List<Map<?, ?>> records = new ArrayList<>();
        Set<?> keys = null;
        for (Object row : rows) {
            Map<?, ?> record = row instanceof Record components ? Json.components(components) : row instanceof Map<?, ?> map ? map : null;
            if (record == null || keys != null && !keys.equals(record.keySet()) || record.isEmpty()) {
                return null;
            }
            keys = record.keySet();
            records.add(record);
        }
        if (records.isEmpty()) {
            return null;
        }
        List<Object> fields = new ArrayList<>();
        for (Object key : records.get(0).keySet()) {
            fields.add(Map.of("name", String.valueOf(key), "type", type(records.get(0).get(key))));
        }
        Map<String, Object> table = new LinkedHashMap<>();
        table.put("schema", Map.of("fields", fields));
        table.put("data", records.subList(0, Math.min(records.size(), MOST_ROWS)));
        if (records.size() > MOST_ROWS) {
            table.put("truncated", true);
            table.put("totalRows", records.size());
        }
        return Json.of(table);
    }

    private static String type(Object value) {
        if (value instanceof Integer || value instanceof Long || value instanceof Short || value instanceof Byte) {
            return "integer";
        }
        return value instanceof Number ? "number" : value instanceof Boolean ? "boolean" : Json.isStructured(value) ? "any" : "string";
    }
}
