package kernelbox;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;

/** The two pipes to the host. Any thread may send; one of ours receives. */
final class Frames {
    /** A request: its name, and its fields. */
    record Frame(String name, List<byte[]> fields) {
        String text(int index) {
            return new String(fields.get(index), StandardCharsets.UTF_8);
        }
    }

    private static final Frame END = new Frame("", List.of());
    private final OutputStream events;
    private final BlockingQueue<Frame> requests = new LinkedBlockingQueue<>();
    private final ConcurrentMap<String, CountDownLatch> waiting = new ConcurrentHashMap<>();
    private final AtomicLong tokens = new AtomicLong();
    private volatile boolean hasEnded;

    Frames() throws IOException {
        events = new FileOutputStream("/dev/fd/4");
        DataInputStream input = new DataInputStream(new BufferedInputStream(new FileInputStream("/dev/fd/3")));
        Thread reader = new Thread(() -> read(input), "kernelbox-requests");
        reader.setDaemon(true);
        reader.start();
    }

    /** Sends one frame; fields are strings or bytes. */
    void emit(String name, Object... fields) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        StringBuilder line = new StringBuilder(name);
        for (Object field : fields) {
            byte[] bytes = field instanceof byte[] raw ? raw : field.toString().getBytes(StandardCharsets.UTF_8);
            line.append(' ').append(bytes.length);
            body.writeBytes(bytes);
        }
        byte[] head = line.append('\n').toString().getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream whole = new ByteArrayOutputStream(head.length + body.size());
        whole.writeBytes(head);
        whole.writeBytes(body.toByteArray());
        try {
            synchronized (events) {
                events.write(whole.toByteArray());
            }
        } catch (IOException error) {
            throw new UncheckedIOException("the host has gone", error);
        }
    }

    /** Waits for a request; null when the host has gone. */
    Frame receive() throws InterruptedException {
        Frame frame = requests.take();
        return frame == END ? null : frame;
    }

    /** Waits until the host has taken all that was sent and printed. Interrupts wait as long. */
    void sync() {
        String token = Long.toString(tokens.incrementAndGet());
        CountDownLatch synced = new CountDownLatch(1);
        waiting.put(token, synced);
        emit("sync", token);
        boolean wasInterrupted = false;
        while (!hasEnded) {
            try {
                synced.await();
                break;
            } catch (InterruptedException interrupt) {
                wasInterrupted = true;
            }
        }
        if (wasInterrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void read(DataInputStream input) {
        try {
            while (true) {
                Frame frame = readFrame(input);
                if (frame.name().equals("synced")) {
                    CountDownLatch latch = waiting.remove(frame.text(0));
                    if (latch != null) {
                        latch.countDown();
                    }
                } else {
                    requests.add(frame);
                }
            }
        } catch (IOException error) {
            hasEnded = true;
            waiting.values().forEach(CountDownLatch::countDown);
            requests.add(END);
        }
    }

    private static Frame readFrame(DataInputStream input) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = input.read(); next != '\n'; next = input.read()) {
            if (next < 0) {
                throw new EOFException();
            }
            line.append((char) next);
        }
        String[] words = line.toString().split(" ");
        List<byte[]> fields = new ArrayList<>();
        for (int index = 1; index < words.length; index++) {
            byte[] field = new byte[Integer.parseInt(words[index])];
            input.readFully(field);
            fields.add(field);
        }
        return new Frame(words[0], fields);
    }
}
