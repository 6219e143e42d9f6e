package kernelbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What cells may call. */
public final class Display {
    static Frames frames;

    private Display() {
    }

    /** Shows a value as the last one of a cell is shown. */
    public static void display(Object value) {
        show(Values.bundle(value));
    }

    /** The same, by the name that it has in other languages. */
    public static void kb_display(Object value) {
        display(value);
    }

    /** Shows HTML. */
    public static void kb_html(String html) {
        show("text/html", html);
    }

    /** Shows Markdown. */
    public static void kb_markdown(String markdown) {
        show("text/markdown", markdown);
    }

    /** Shows LaTeX. */
    public static void kb_latex(String latex) {
        show("text/latex", latex);
    }

    /** Shows an SVG picture. */
    public static void kb_svg(String svg) {
        show("image/svg+xml", svg);
    }

    /** Shows a value as JSON. */
    public static void kb_json(Object value) {
        show("application/json", Json.of(value));
    }

    /** Shows a PNG picture: its bytes, the path of a file, or an image of AWT. */
    public static void kb_png(Object picture) throws IOException {
        show("image/png", Values.isImage(picture) ? Values.png(picture) : bytes(picture));
    }

    /** Shows a JPEG picture: its bytes, or the path of a file. */
    public static void kb_jpeg(Object picture) throws IOException {
        show("image/jpeg", bytes(picture));
    }

    private static byte[] bytes(Object picture) throws IOException {
        return picture instanceof byte[] bytes ? bytes : Files.readAllBytes(Path.of(picture.toString()));
    }

    /** In its place among what is printed. */
    private static void show(Object... bundle) {
        Object[] fields = new Object[bundle.length + 1];
        fields[0] = "";
        System.arraycopy(bundle, 0, fields, 1, bundle.length);
        frames.emit("display", fields);
        frames.sync();
    }
}
