package kernelbox;

import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Map;
import jdk.jshell.execution.LocalExecutionControl;
import jdk.jshell.spi.ExecutionControl;
import jdk.jshell.spi.ExecutionControlProvider;
import jdk.jshell.spi.ExecutionEnv;

/**
 * Runs code in this process, on threads of its own, and gives out values as they are rather than as text. An endless loop can be
 * stopped: JShell puts a look at a flag into loops (since Java 20), or stops the thread (before).
 */
final class Control extends LocalExecutionControl {
    private static final long LONGEST_LOOK_NANOS = 2_000_000_000L;
    private static final Method START;
    private static Control current;
    private Object value;
    private String lastClass;
    private Method pending;
    private Thread caller;
    /** Set when the cell was interrupted: what is only compiled by then does not begin. */
    volatile boolean isStopped;

    static {
        try {
            START = Control.class.getDeclaredMethod("start");
            START.setAccessible(true);
        } catch (NoSuchMethodException error) {
            throw new AssertionError(error);
        }
    }

    static ExecutionControlProvider provider(Control control) {
        return new ExecutionControlProvider() {
            @Override
            public String name() {
                return "kernelbox";
            }

            @Override
            public ExecutionControl generate(ExecutionEnv env, Map<String, String> parameters) {
                return control;
            }
        };
    }

    /** The value that was asked for last, by {@link #varValue}. */
    Object lastValue() {
        Object last = value;
        value = null;
        return last;
    }

    /** The class that was loaded last. */
    String lastClass() {
        return lastClass;
    }

    @Override
    public void load(ClassBytecodes[] classes) throws ClassInstallException, NotImplementedException, EngineTerminationException {
        super.load(classes);
        lastClass = classes.length == 0 ? lastClass : classes[0].name();
    }

    @Override
    public String varValue(String className, String name) throws RunException, EngineTerminationException, InternalException {
        try {
            Field field = findClass(className).getDeclaredField(name);
            field.setAccessible(true);
            value = field.get(null);
            return "";
        } catch (ReflectiveOperationException error) {
            throw new InternalException(error.toString());
        }
    }

    /** Sets a variable of the code. */
    void set(String className, String name, Object newValue) {
        try {
            Field field = findClass(className).getDeclaredField(name);
            field.setAccessible(true);
            field.set(null, newValue);
        } catch (ReflectiveOperationException | ClassCastException | IllegalArgumentException error) {
            // The code has a variable of another type by that name: that one is its own.
            value = null;
        }
    }

    /**
     * JShell waits for all threads that there are when it looks, just after it has started the code's own. So the code begins when it
     * has looked: threads that it starts may go on after the cell.
     */
    @Override
    protected String invoke(Method method) throws Exception {
        pending = method;
        caller = Thread.currentThread();
        current = this;
        try {
            return super.invoke(START);
        } finally {
            resume();
        }
    }

    /** Called by JShell on a thread of its own. */
    public static Object start() throws Throwable {
        return current.runPending();
    }

    private Object runPending() throws Throwable {
        long deadline = System.nanoTime() + LONGEST_LOOK_NANOS;
        while (caller.getState() != Thread.State.WAITING && System.nanoTime() < deadline) {
            Thread.sleep(0, 50_000);
        }
        if (isStopped) {
            throw new InterruptedException();
        }
        Method method = pending;
        Object[] result = new Object[1];
        Throwable[] failure = new Throwable[1];
        Thread thread = new Thread(new CellThreads(), () -> {
            try {
                result[0] = method.invoke(null);
            } catch (InvocationTargetException error) {
                failure[0] = error.getCause();
            } catch (IllegalAccessException error) {
                failure[0] = error;
            }
        }, "main");
        thread.start();
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException error) {
                // It was meant for the code, which has it, too.
                continue;
            }
        }
        if (failure[0] != null) {
            throw failure[0];
        }
        return result[0];
    }

    /** After a stop loops may run again, in threads of earlier cells, too. */
    private void resume() {
        try {
            Field flag = findClass("REPL.$Cancel$").getDeclaredField("allStop");
            flag.setAccessible(true);
            flag.set(null, false);
        } catch (ReflectiveOperationException error) {
            // Older ones stop threads, and have no flag.
            return;
        }
    }

    /** The threads of a cell. What they do not catch is told. */
    private static final class CellThreads extends ThreadGroup {
        CellThreads() {
            super("cell");
        }

        @Override
        @SuppressWarnings("removal")
        public void uncaughtException(Thread thread, Throwable error) {
            if (!(error instanceof ThreadDeath)) {
                System.err.print("Exception in thread \"" + thread.getName() + "\" ");
                error.printStackTrace();
            }
        }
    }
}
