package kernelbox;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The standard streams of the code. */
final class Streams {
    private static OutputStream target;
    private static OutputStream errTarget;
    private static PrintStream out;
    private static PrintStream err;

    private Streams() {
    }

    static void install(Frames frames) {
        // Each piece leaves at once.
        target = new Whole(new FileOutputStream(FileDescriptor.out));
        errTarget = new Whole(new OrderedErr(frames));
        System.setOut(out = printing(target));
        System.setErr(err = printing(errTarget));
        // Nothing is read ahead here, so that nothing has to be forgotten; and it does not end when the code closes it.
        System.setIn(new Unclosed(new FileInputStream(FileDescriptor.in)));
    }

    /** A program closes its output at its end; the next cell has it all the same. */
    static void reopen() {
        if (System.out == out && isClosed(out)) {
            System.setOut(out = printing(target));
        }
        if (System.err == err && isClosed(err)) {
            System.setErr(err = printing(errTarget));
        }
    }

    private static boolean isClosed(PrintStream stream) {
        // Only what is done to a closed one is an error.
        stream.flush();
        return stream.checkError();
    }

    private static PrintStream printing(OutputStream stream) {
        return new PrintStream(stream, true, StandardCharsets.UTF_8);
    }

    /** Passes on what is printed in one piece as one piece. */
    private static final class Whole extends OutputStream {
        private final OutputStream target;

        Whole(OutputStream target) {
            this.target = target;
        }

        @Override
        public void write(int value) throws IOException {
            target.write(new byte[] {(byte) value});
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            target.write(bytes, from, length);
        }
    }

    /** What goes to System.err keeps its place among what goes to System.out. */
    private static final class OrderedErr extends OutputStream {
        private final Frames frames;

        OrderedErr(Frames frames) {
            this.frames = frames;
        }

        @Override
        public void write(int value) {
            write(new byte[] {(byte) value}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int length) {
            frames.emit("stream", "stderr", Arrays.copyOfRange(bytes, from, from + length));
            frames.sync();
        }
    }

    private static final class Unclosed extends InputStream {
        private final InputStream source;

        Unclosed(InputStream source) {
            this.source = source;
        }

        @Override
        public int read() throws IOException {
            return source.read();
        }

        @Override
        public int read(byte[] bytes, int from, int length) throws IOException {
            return source.read(bytes, from, length);
        }

        @Override
        public int available() throws IOException {
            return source.available();
        }
    }
}
