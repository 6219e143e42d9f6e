<?php

namespace Kernelbox;

/** Errors as the host wants them. */
final class Errors
{
    /**
     * Name, message, line of the cell, and traceback.
     *
     * @param list<string> $directories of cells
     * @return list<string>
     */
    public static function fields(\Throwable $error, string $file, array $directories, ?int $line = null): array
    {
        $name = self::name($error);
        $message = self::clean($error->getMessage(), $directories);
        $line ??= self::lineIn($error, $file);
        $traceback = [];
        for ($cause = $error; $cause !== null; $cause = $cause->getPrevious()) {
            $traceback[] = ($traceback === [] ? '' : 'Caused by ') . self::describe($cause, $directories);
        }
        return [$name, $message, $line === null ? '' : (string) $line, implode("\n", $traceback)];
    }

    /**
     * Without the cells' directories.
     *
     * @param list<string> $directories
     */
    public static function clean(string $text, array $directories): string
    {
        return str_replace(array_map(fn(string $directory) => "$directory/", $directories), '', $text);
    }

    /** @param list<string> $directories */
    private static function describe(\Throwable $error, array $directories): string
    {
        $lines = [self::name($error) . ": {$error->getMessage()}"];
        // A cell that was not run has no file yet.
        if ($error->getFile() !== '' && !str_starts_with($error->getFile(), __DIR__)) {
            $lines[] = "  at {$error->getFile()}:{$error->getLine()}";
        }
        foreach ($error->getTrace() as $frame) {
            $at = $frame['file'] ?? '';
            // What runs cells is not the user's.
            if ($at === '' || str_starts_with($at, __DIR__)) {
                continue;
            }
            $caller = ($frame['class'] ?? '') . ($frame['type'] ?? '') . $frame['function'];
            $lines[] = "  $caller() called at $at:{$frame['line']}";
        }
        return self::clean(implode("\n", $lines), $directories);
    }

    private static function name(\Throwable $error): string
    {
        return $error instanceof CannotReplace ? 'Error' : get_class($error);
    }

    private static function lineIn(\Throwable $error, string $file): ?int
    {
        if ($error->getFile() === $file) {
            return $error->getLine();
        }
        if (preg_match('/^' . preg_quote($file, '/') . "\\((\\d+)\\) : eval\\(\\)'d code$/", $error->getFile(), $found)) {
            return (int) $found[1];
        }
        foreach ($error->getTrace() as $frame) {
            if (($frame['file'] ?? '') === $file) {
                return $frame['line'] ?? null;
            }
        }
        return null;
    }
}
