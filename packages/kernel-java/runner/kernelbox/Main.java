package kernelbox;

/** The program that runs cells: see docs/runners.md for what goes over descriptors 3 and 4. */
public final class Main {
    private Main() {
    }

    public static void main(String[] arguments) throws Exception {
        Frames frames = new Frames();
        try (Runner runner = new Runner(frames)) {
            runner.greet();
            runner.serve();
        }
        // Threads of the user's do not keep it.
        Runtime.getRuntime().halt(0);
    }
}
