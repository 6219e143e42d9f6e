package kernelbox;

import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.HashMap;
import java.util.Map;

/** The environment of one run. Java has a copy of the process's own that it never changes; that copy is changed here. */
final class Environment {
    private final Map<Object, Object> entries;
    private final Method toName;
    private final Method toValue;
    private final Map<Object, Object> replaced = new HashMap<>();

    Environment() throws ReflectiveOperationException {
        Class<?> owner = Class.forName("java.lang.ProcessEnvironment");
        Field field = owner.getDeclaredField("theEnvironment");
        field.setAccessible(true);
        @SuppressWarnings("unchecked")
        Map<Object, Object> map = (Map<Object, Object>) field.get(null);
        entries = map;
        toName = Class.forName("java.lang.ProcessEnvironment$Variable").getDeclaredMethod("valueOf", String.class);
        toValue = Class.forName("java.lang.ProcessEnvironment$Value").getDeclaredMethod("valueOf", String.class);
        toName.setAccessible(true);
        toValue.setAccessible(true);
    }

    void set(String name, String value) throws ReflectiveOperationException {
        Object key = toName.invoke(null, name);
        if (!replaced.containsKey(key)) {
            replaced.put(key, entries.get(key));
        }
        entries.put(key, toValue.invoke(null, value));
    }

    void remove(String name) throws ReflectiveOperationException {
        entries.remove(toName.invoke(null, name));
    }

    void restore() {
        replaced.forEach((key, value) -> {
            if (value == null) {
                entries.remove(key);
            } else {
                entries.put(key, value);
            }
        });
        replaced.clear();
    }
}
