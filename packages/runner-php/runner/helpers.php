<?php

// What cells may call.

/** Shows HTML. */
function kb_html(string $html): void
{
    \Kernelbox\Runner::$current->display('text/html', $html);
}

/** Shows Markdown. */
function kb_markdown(string $markdown): void
{
    \Kernelbox\Runner::$current->display('text/markdown', $markdown);
}

/** Shows an SVG picture. */
function kb_svg(string $svg): void
{
    \Kernelbox\Runner::$current->display('image/svg+xml', $svg);
}

/** Shows a PNG picture: its bytes, the path of a file, or a picture of GD. */
function kb_png(string|GdImage $png): void
{
    $bytes = match (true) {
        $png instanceof GdImage => \Kernelbox\Values::png($png),
        str_starts_with($png, "\x89PNG") => $png,
        default => @file_get_contents($png) ?: throw new RuntimeException("there is no picture in $png"),
    };
    \Kernelbox\Runner::$current->display('image/png', $bytes);
}

/** Shows a JPEG picture: its bytes, or the path of a file. */
function kb_jpeg(string $jpeg): void
{
    $bytes = str_starts_with($jpeg, "\xff\xd8") ? $jpeg : @file_get_contents($jpeg);
    \Kernelbox\Runner::$current->display('image/jpeg', $bytes ?: throw new RuntimeException("there is no picture in $jpeg"));
}

/** Shows a value as JSON. */
function kb_json(mixed $value): void
{
    $json = json_encode($value, JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES | JSON_THROW_ON_ERROR);
    \Kernelbox\Runner::$current->display('application/json', $json);
}

/** Shows a value as the last one of a cell is shown. */
function kb_display(mixed $value): void
{
    \Kernelbox\Runner::$current->display(...\Kernelbox\Values::bundle($value));
}

/** `exit` and `die` in a cell. */
function kb_exit(string|int $status = 0): never
{
    \Kernelbox\Runner::$current->leave($status);
    exit($status);
}

/** `pcntl_wait` in a cell. */
function kb_pcntl_wait(&$status, int $flags = 0, &$resources = []): int
{
    return kb_pcntl_waitpid(-1, $status, $flags, $resources);
}

/** `pcntl_waitpid` in a cell. */
function kb_pcntl_waitpid(int $process, &$status, int $flags = 0, &$resources = []): int
{
    if ($process <= 0) {
        \Kernelbox\Runner::$current->dropSnapshot();
    }
    return pcntl_waitpid($process, $status, $flags, $resources);
}

/** `fclose` in a cell: whoever reads the other end of a pipe waits for its last holder. */
function kb_fclose($stream): bool
{
    $kind = is_resource($stream) ? (@fstat($stream)['mode'] ?? 0) & 0170000 : 0;
    // Those of the process are no pipes of the user's.
    $isOurs = in_array($stream, [STDIN, STDOUT, STDERR], true);
    if (!$isOurs && ($kind === 0010000 || $kind === 0140000)) {
        \Kernelbox\Runner::$current->dropSnapshot();
    }
    return fclose($stream);
}

/** `pclose` in a cell. */
function kb_pclose($process): int
{
    \Kernelbox\Runner::$current->dropSnapshot();
    return pclose($process);
}

/** `proc_close` in a cell. */
function kb_proc_close($process): int
{
    \Kernelbox\Runner::$current->dropSnapshot();
    return proc_close($process);
}

/** `readline` in a cell: without a terminal it shows no question. */
function kb_readline(?string $prompt = null): string|false
{
    return \Kernelbox\Runner::$current->ask($prompt ?? '', readline(...));
}
