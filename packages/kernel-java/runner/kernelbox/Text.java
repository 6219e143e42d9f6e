package kernelbox;

import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** Values as they say themselves, but for arrays, also those in collections, maps and records: these are shown as lists. */
final class Text {
    private static final int DEEPEST = 8;
    private static final int MOST_LOOKED_AT = 1000;

    private Text() {
    }

    static String of(Object value) {
        return hasArray(value, 0) ? write(value, 0) : Errors.withoutShell(String.valueOf(value));
    }

    private static boolean hasArray(Object value, int depth) {
        if (value == null || depth > DEEPEST) {
            return false;
        }
        if (value.getClass().isArray()) {
            return true;
        }
        Collection<?> parts = partsOf(value);
        return parts != null && parts.stream().limit(MOST_LOOKED_AT).anyMatch(part -> hasArray(part, depth + 1));
    }

    /** What is in a value whose form is known. */
    private static Collection<?> partsOf(Object value) {
        if (value instanceof Record components) {
            return Json.components(components).values();
        }
        if (!value.getClass().getName().startsWith("java.util.")) {
            return null;
        }
        if (value instanceof Map<?, ?> map) {
            return map.values();
        }
        if (value instanceof Optional<?> optional) {
            return optional.stream().toList();
        }
        return value instanceof Collection<?> elements ? elements : null;
    }

    private static String write(Object value, int depth) {
        if (!hasArray(value, depth)) {
            return Errors.withoutShell(String.valueOf(value));
        }
        if (value instanceof Object[] elements && Arrays.stream(elements).limit(MOST_LOOKED_AT).anyMatch(part -> hasArray(part, depth + 1))
            && depth <= DEEPEST) {
            return Arrays.stream(elements).map(part -> write(part, depth + 1)).collect(Collectors.joining(", ", "[", "]"));
        }
        if (value.getClass().isArray()) {
            String wrapped = Arrays.deepToString(new Object[] {value});
            return Errors.withoutShell(wrapped.substring(1, wrapped.length() - 1));
        }
        if (value instanceof Record components) {
            return isOwnText(components) ? components.toString() : value.getClass().getSimpleName() + "["
                + Json.components(components).entrySet().stream().map(part -> part.getKey() + "=" + write(part.getValue(), depth + 1))
                    .collect(Collectors.joining(", ")) + "]";
        }
        if (value instanceof Map<?, ?> map) {
            return map.entrySet().stream().map(part -> write(part.getKey(), depth + 1) + "=" + write(part.getValue(), depth + 1))
                .collect(Collectors.joining(", ", "{", "}"));
        }
        if (value instanceof Optional<?> optional) {
            return "Optional[" + write(optional.orElse(null), depth + 1) + "]";
        }
        return StreamSupport.stream(((Collection<?>) value).spliterator(), false).map(part -> write(part, depth + 1))
            .collect(Collectors.joining(", ", "[", "]"));
    }

    /** Whether the record has a `toString` of its own. */
    private static boolean isOwnText(Record value) {
        String usual = Json.components(value).entrySet().stream().map(part -> part.getKey() + "=" + part.getValue())
            .collect(Collectors.joining(", ", value.getClass().getSimpleName() + "[", "]"));
        return !usual.equals(value.toString());
    }
}
